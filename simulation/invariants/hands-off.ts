import type { IntentEntry } from "../../src/model/ledger.ts";
import type { Operation, Store } from "../../src/sandbox/store.ts";
import { SYNCED } from "../worlds/identity-provider.ts";
import type { Invariant } from "./invariant.ts";
import { findIntents } from "./which-intent.ts";

/** Nothing that no manifest speaks of, that is ignored, or that is protected was touched by axcess. */
export const handsOff: Invariant = {
  name: "hands-off",
  claim: "nothing unmanaged, ignored or protected is touched",
  watch: (tell) => {
    const spared = new Set<string>();
    let synced: ReadonlySet<string> = new Set();
    return {
      see: (happening, { store, open, request }) => {
        if (happening.type === "stage" && spared.size === 0) {
          synced = new Set(listSynced(store.tables));
          for (const id of [...listSpared(store.tables), ...synced]) spared.add(id);
        }
        if (happening.type !== "commit" || typeof happening.by !== "number") return;
        const { method = "?", target = "?" } = request(happening.by) ?? {};
        const isTold = findIntents(open, target).some(takesSynced);
        const hit = happening.operations.find(
          (operation) => touches(operation, spared) && !(isTold && isRemovalOf(operation, synced)),
        );
        if (hit === undefined) return;
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
  const kept = listMemberships(tables, (email) => email.startsWith("pia@"));
  return [...organizations, ...spaces, ...projects, ...strangers, ...roles.map(({ id }) => id), ...kept];
}

/** The ids of memberships that an identity provider syncs. */
function listSynced(tables: Store["tables"]): readonly string[] {
  return listMemberships(tables, (email) => email.endsWith(`@${SYNCED}`));
}

function listMemberships(tables: Store["tables"], isTheirs: (email: string) => boolean): readonly string[] {
  const owners = [...tables.users.all()].filter(({ email }) => isTheirs(email));
  const kept = owners.flatMap(({ id }) => [
    ...tables.org_members.find("user", id),
    ...tables.space_members.find("user", id),
  ]);
  return kept.map(({ id }) => id);
}

/** A place that is deleted takes what is synced in it along, and whoever approved that was told. */
function takesSynced({ op, cascade = [] }: IntentEntry): boolean {
  return op === "delete" && cascade.some((address) => address.endsWith(`@${SYNCED}`));
}

function isRemovalOf([verb, , row]: Operation, ids: ReadonlySet<string>): boolean {
  return verb === "drop" && ids.has(row as string);
}

/** That a key was used is written down too; who made a key, and which role a grant gives, touches nobody. */
function touches([, table, row]: Operation, spared: ReadonlySet<string>): boolean {
  if (typeof row === "string") return spared.has(row);
  if (table === "api_keys") return "space_ids" in row && row.space_ids.some((id) => spared.has(id));
  const owners = ["id", "organization_id", "space_id", "resource_id", "user_id"];
  return Object.entries(row).some(([name, value]) => owners.includes(name) && spared.has(String(value)));
}
