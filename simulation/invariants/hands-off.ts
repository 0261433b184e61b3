import type { Operation, Store } from "../../src/sandbox/store.ts";
import { SYNCED } from "../worlds/identity-provider.ts";
import type { Invariant } from "./invariant.ts";

/** Nothing that no manifest speaks of, that is ignored, or that is protected was touched by axcess. */
export const handsOff: Invariant = {
  name: "hands-off",
  claim: "nothing unmanaged, ignored or protected is touched",
  watch: (tell) => {
    const spared = new Set<string>();
    return {
      see: (happening, { store, request }) => {
        if (happening.type === "stage" && spared.size === 0) for (const id of listSpared(store.tables)) spared.add(id);
        if (happening.type !== "commit" || typeof happening.by !== "number") return;
        const hit = happening.operations.find((operation) => touches(operation, spared));
        if (hit === undefined) return;
        const { method = "?", target = "?" } = request(happening.by) ?? {};
        tell(`${method} ${target} touched ${hit[1]} ${JSON.stringify(hit[2])}`);
      },
    };
  },
};

/** The ids of rows that axcess has no business with, and the memberships that are protected. */
function listSpared(tables: Store["tables"]): readonly string[] {
  const organizations = [...tables.organizations.all()].filter(({ name }) => name === "Reserve").map(({ id }) => id);
  const spaces = [...tables.spaces.all()]
    .filter((space) => organizations.includes(space.organization_id))
    .map(({ id }) => id);
  const projects = [...tables.projects.all()]
    .filter((project) => spaces.includes(project.space_id))
    .map(({ id }) => id);
  const roles = [...tables.roles.all()].filter(({ name, level }) => name === "Reserve role" || level !== "custom");
  const people = [...tables.users.all()];
  const strangers = people
    .filter(({ email }) => !email.startsWith("pia@") && !email.endsWith(`@${SYNCED}`))
    .map(({ id }) => id);
  // Of one the memberships are protected, of the other an identity provider syncs them.
  const owners = people.filter(({ email }) => email.startsWith("pia@") || email.endsWith(`@${SYNCED}`));
  const kept = owners.flatMap(({ id }) => [
    ...tables.org_members.find("user", id),
    ...tables.space_members.find("user", id),
  ]);
  return [...organizations, ...spaces, ...projects, ...strangers, ...[...roles, ...kept].map(({ id }) => id)];
}

/** That a key was used is written down too; who made a key, and which role a grant gives, touches nobody. */
function touches([, table, row]: Operation, spared: ReadonlySet<string>): boolean {
  if (typeof row === "string") return spared.has(row);
  if (table === "api_keys") return "space_ids" in row && row.space_ids.some((id) => spared.has(id));
  const owners = ["id", "organization_id", "space_id", "resource_id", "user_id"];
  return Object.entries(row).some(([name, value]) => owners.includes(name) && spared.has(String(value)));
}
