import { evaluateAccess } from "../../src/access/effective-access.ts";
import type { Address } from "../../src/model/address.ts";
import type { Resource, Spec, World } from "../../src/model/resource.ts";
import type { OrgMemberRow, Row } from "../../src/sandbox/rows.ts";
import type { Store } from "../../src/sandbox/store.ts";
import type { Happening } from "../story/evidence.ts";

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

const VIEWS = new WeakMap<Happening, AccessView>();

/** The access right after a happening. Positions share what goes before their fault: that is looked at once. */
export function viewAccessAfter(happening: Happening, store: Store): AccessView {
  const view = VIEWS.get(happening) ?? viewAccess(store);
  VIEWS.set(happening, view);
  return view;
}

/** Reads who may do what from the rows of an account, by the evaluator that plans are weighed with. */
function viewAccess(store: Store): AccessView {
  const { world, places, people, reach } = buildWorld(store);
  const cells = new Map<string, Held>();
  for (const person of people) {
    for (const place of places) {
      if (!reach.has(`${person} ${organizationOf(place)}`)) continue;
      const { permissions, paths } = evaluateAccess(world, person as Address, place as Address);
      const unknown = paths
        .filter((path) => path.permissions === "unknown")
        .map(({ role, reason }) => `${role} by ${reason}`);
      const held = permissions === "all" ? new Set(["*"]) : new Set([...permissions, ...unknown]);
      if (held.size > 0) cells.set(`${person} ${place}`, held);
    }
  }
  const bots = new Set([...store.tables.users.all()].filter(({ kind }) => kind === "bot").map(({ n }) => `user:${n}`));
  return { cells, places: new Set(places), bots, admins: countAdmins(world, bots) };
}

/** People who are admins of each place: a bot looks after nothing. */
function countAdmins(world: World, bots: ReadonlySet<string>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { address, kind, spec } of world.values()) {
    if (!["user", "org-member", "space-member"].includes(kind) || spec["role"] !== "admin") continue;
    const path = address.slice(address.indexOf(":") + 1);
    if (bots.has(`user:${path.slice(path.lastIndexOf("/") + 1)}`)) continue;
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
  /** Who has any grant in which organization, as `user:3 1`: whoever has none has nothing there, and is not asked about. */
  readonly reach: ReadonlySet<string>;
}

function organizationOf(address: string): string {
  return address.slice(address.indexOf(":") + 1).split("/", 1)[0] ?? "";
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
  const reach = new Set<string>();
  const grant = (kind: string, place: string, user: string, spec: Spec): void => {
    const path = `${paths.get(place)}/${number(user)}`;
    reach.add(`${people.get(user)} ${organizationOf(path)}`);
    put(kind, path, spec);
  };
  for (const row of tables.org_members.all())
    grant("org-member", row.organization_id, row.user_id, { role: word(row.role) });
  for (const row of tables.space_members.all())
    grant("space-member", row.space_id, row.user_id, { role: word(row.role) });
  for (const row of tables.role_bindings.all()) {
    const { resource_id: at, user_id: user } = row;
    const role = roles.get(row.role_id) ?? `role:gone-${row.role_id}`;
    const beside = world.get(`space-member:${paths.get(at)}/${number(user)}`);
    if (row.resource_type === "PROJECT") grant("binding", at, user, { role });
    else grant("space-member", at, user, joinRoles(beside, role));
  }
  // Whoever administers the account has all of it.
  for (const { id, role } of tables.users.all()) {
    if (role === "ADMIN") for (const { n } of tables.organizations.all()) reach.add(`${people.get(id)} ${n}`);
  }
  return { world, places, people: [...people.values()], reach };
}

/** Somebody may have a predefined and a custom role in a space; their rights add up. */
function joinRoles(row: Resource | undefined, role: string): Spec {
  return row === undefined ? { role } : { ...row.spec, also: role };
}

function word(role: OrgMemberRow["role"]): string {
  return role.toLowerCase().replaceAll("_", "-");
}
