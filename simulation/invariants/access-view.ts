import { evaluateAccess } from "../../src/access/effective-access.ts";
import type { Address } from "../../src/model/address.ts";
import type { Resource, Spec, World } from "../../src/model/resource.ts";
import type { OrgMemberRow, Row } from "../../src/sandbox/rows.ts";
import type { Store } from "../../src/sandbox/store.ts";

/** What a person may do in a place: permissions, or `*` for everything. */
export type Held = ReadonlySet<string>;

/** Everybody's access at one moment. Places and people go by numbers, so that a new name is no new place. */
export interface AccessView {
  /** `user place`, such as `user:3 space:1/2`, to what is held there; nothing is held where there is no entry. */
  readonly cells: ReadonlyMap<string, Held>;
  readonly places: ReadonlySet<string>;
  /** The people who are bots of service keys. */
  readonly bots: ReadonlySet<string>;
  /** How many people administer a place by its own built-in role. */
  readonly admins: ReadonlyMap<string, number>;
}

/** Reads who may do what from the rows of an account, by the evaluator that plans are weighed with. */
export function viewAccess(store: Store): AccessView {
  const { world, places, people } = buildWorld(store);
  const cells = new Map<string, Held>();
  for (const person of people) {
    for (const place of places) {
      const { permissions, paths } = evaluateAccess(world, person as Address, place as Address);
      const unknown = paths
        .filter((path) => path.permissions === "unknown")
        .map(({ role, reason }) => `${role} by ${reason}`);
      const held = permissions === "all" ? new Set(["*"]) : new Set([...permissions, ...unknown]);
      if (held.size > 0) cells.set(`${person} ${place}`, held);
    }
  }
  const bots = [...store.tables.users.all()].filter(({ kind }) => kind === "bot").map(({ n }) => `user:${n}`);
  return { cells, places: new Set(places), bots: new Set(bots), admins: countAdmins(world) };
}

function countAdmins(world: World): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { address, kind, spec } of world.values()) {
    if (!["user", "org-member", "space-member"].includes(kind) || spec["role"] !== "admin") continue;
    const path = address.slice(address.indexOf(":") + 1);
    const place =
      kind === "user"
        ? "account"
        : `${kind === "org-member" ? "organization" : "space"}:${path.slice(0, path.lastIndexOf("/"))}`;
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return counts;
}

interface Numbered {
  readonly world: World;
  readonly places: readonly string[];
  readonly people: readonly string[];
}

function buildWorld({ tables }: Store): Numbered {
  const world = new Map<Address, Resource>();
  const put = (kind: string, path: string, spec: Spec): string => {
    const address = `${kind}:${path}` as Address;
    world.set(address, { kind: kind as Resource["kind"], address, spec, origin: { from: "platform", remote: {} } });
    return address;
  };
  const paths = new Map<string, string>();
  const places: string[] = [];
  const place = (kind: string, row: Row, parent: string | undefined, spec: Spec): void => {
    const path = parent === undefined ? `${row.n}` : `${paths.get(parent)}/${row.n}`;
    paths.set(row.id, path);
    places.push(put(kind, path, spec));
  };
  const roles = new Map<string, string>();
  for (const { id, n, permissions, deleted } of tables.roles.all()) {
    if (!deleted)
      roles.set(id, put("role", `${n}`, { permissions: Object.fromEntries(permissions.map((one) => [one, true])) }));
  }
  for (const row of tables.organizations.all()) place("organization", row, undefined, {});
  for (const row of tables.spaces.all()) place("space", row, row.organization_id, { private: row.is_private });
  for (const row of tables.projects.all()) place("project", row, row.space_id, {});
  for (const { id } of tables.restrictions.all()) put("restriction", paths.get(id) ?? "?", {});
  const people = new Map<string, string>();
  for (const { id, n, role, status } of tables.users.all()) {
    if (status !== "INACTIVE") people.set(id, put("user", `${n}`, { role: word(role) }));
  }
  const number = (user: string): string => people.get(user)?.slice("user:".length) ?? "?";
  for (const row of tables.org_members.all())
    put("org-member", `${paths.get(row.organization_id)}/${number(row.user_id)}`, { role: word(row.role) });
  for (const row of tables.space_members.all())
    put("space-member", `${paths.get(row.space_id)}/${number(row.user_id)}`, { role: word(row.role) });
  for (const row of tables.role_bindings.all()) {
    const path = `${paths.get(row.resource_id)}/${number(row.user_id)}`;
    const role = roles.get(row.role_id) ?? `role:gone-${row.role_id}`;
    if (row.resource_type === "PROJECT") put("binding", path, { role });
    else put("space-member", path, joinRoles(world.get(`space-member:${path}`), role));
  }
  return { world, places, people: [...people.values()] };
}

/** Somebody may have a predefined and a custom role in a space; their rights add up. */
function joinRoles(row: Resource | undefined, role: string): Spec {
  return row === undefined ? { role } : { ...row.spec, also: role };
}

function word(role: OrgMemberRow["role"]): string {
  return role.toLowerCase().replaceAll("_", "-");
}
