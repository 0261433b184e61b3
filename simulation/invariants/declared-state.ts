import type { OrganizationRow, ProjectRow, SpaceRow } from "../../src/sandbox/rows.ts";
import type { Store } from "../../src/sandbox/store.ts";
import type { Company, Scenario } from "../story/scenario.ts";

type Named = Readonly<Record<string, Company>>;
type Grants = Readonly<Record<string, string>>;

/** How an account differs from a company, by a comparison that knows nothing of axcess. */
export function listDeviations(store: Store, company: Company, switches: Scenario["switches"]): readonly string[] {
  const { tables } = store;
  const out: string[] = [];
  for (const [name, role] of Object.entries((company["roles"] ?? {}) as Named)) {
    const found = tables.roles
      .find("name", name.toLowerCase())
      .find(({ level, deleted }) => level === "custom" && !deleted);
    const wanted = [...(role["permissions"] as readonly string[])].sort().join();
    if ([...(found?.permissions ?? [])].sort().join() !== wanted)
      out.push(`role ${name} has ${found?.permissions.join()}`);
  }
  for (const [name, organization] of Object.entries((company["organizations"] ?? {}) as Named)) {
    const row = tables.organizations.one("name", name.toLowerCase());
    if (row === undefined) out.push(`organization ${name} is missing`);
    else out.push(...compareOrganization(store, row, organization, switches));
  }
  return out;
}

function compareOrganization(
  store: Store,
  row: OrganizationRow,
  organization: Company,
  switches: Scenario["switches"],
): readonly string[] {
  const { tables } = store;
  const members = tables.org_members.find("organization", row.id);
  const held = new Map(members.map(({ user_id, role }) => [nameOf(store, user_id), word(role)]));
  const spaces = (organization["spaces"] ?? {}) as Named;
  const live = tables.spaces.find("organization", row.id);
  // An admin right hides an entry of one's own in a space: what cannot be seen is left, and told.
  const hides = switches.adminsHideExplicitMembership !== false;
  const hidden = new Set([...held].flatMap(([email, role]) => (hides && role === "admin" ? [email] : [])));
  return [
    ...compareGrants(`organization ${row.name}`, held, organization["members"] as Grants),
    ...live
      .filter(({ name }) => !Object.hasOwn(spaces, name))
      .map(({ name }) => `space ${row.name}/${name} is still there`),
    ...Object.entries(spaces).flatMap(([name, space]) => {
      const found = live.find((one) => one.name === name);
      return found === undefined ? [`space ${row.name}/${name} is missing`] : compareSpace(store, found, space, hidden);
    }),
  ];
}

function compareSpace(store: Store, row: SpaceRow, space: Company, hidden: ReadonlySet<string>): readonly string[] {
  const { tables } = store;
  const held = new Map<string, string>();
  const add = (user: string, role: string): void => {
    const name = nameOf(store, user);
    held.set(name, held.has(name) ? `${held.get(name)} and ${role}` : role);
  };
  for (const { user_id, role } of tables.space_members.find("space", row.id)) add(user_id, word(role));
  for (const { user_id, role_id } of tables.role_bindings.find("resource", row.id))
    add(user_id, roleName(store, role_id));
  const projects = (space["projects"] ?? {}) as Named;
  const live = tables.projects.find("space", row.id);
  const keys = Object.keys((space["service_keys"] ?? {}) as Named);
  return [
    ...(row.is_private === space["private"] ? [] : [`space ${row.name} is ${row.is_private ? "private" : "open"}`]),
    ...compareGrants(`space ${row.name}`, held, space["members"] as Grants, hidden),
    ...live
      .filter(({ name }) => !Object.hasOwn(projects, name))
      .map(({ name }) => `project ${row.name}/${name} is still there`),
    ...Object.entries(projects).flatMap(([name, project]) => {
      const found = live.find((one) => one.name === name);
      return found === undefined ? [`project ${row.name}/${name} is missing`] : compareProject(store, found, project);
    }),
    ...keys.filter((key) => !hasKey(store, row, key)).map((key) => `key ${row.name}/${key} is missing`),
  ];
}

function compareProject(store: Store, row: ProjectRow, project: Company): readonly string[] {
  const { tables } = store;
  const bindings = tables.role_bindings.find("resource", row.id);
  const held = new Map(bindings.map(({ user_id, role_id }) => [nameOf(store, user_id), roleName(store, role_id)]));
  const isRestricted = tables.restrictions.get(row.id) !== undefined;
  return [
    ...(isRestricted === (project["restricted"] ?? false)
      ? []
      : [`project ${row.name} is ${isRestricted ? "" : "not "}restricted`]),
    ...compareGrants(`project ${row.name}`, held, project["bindings"] as Grants),
  ];
}

/** Bots, and people whom every manifest ignores, count for nothing. */
function compareGrants(
  where: string,
  held: ReadonlyMap<string, string>,
  wanted: Grants,
  hidden: ReadonlySet<string> = new Set(),
): readonly string[] {
  const isMeant = (email: string): boolean =>
    !hidden.has(email) && !email.startsWith("ira@") && !email.includes("@bots.");
  const emails = [...new Set([...held.keys(), ...Object.keys(wanted)])].filter(isMeant);
  return emails
    .filter((email) => held.get(email) !== wanted[email])
    .map((email) => `${where}: ${email} is ${held.get(email)} instead of ${wanted[email]}`);
}

function hasKey({ tables }: Store, space: SpaceRow, name: string): boolean {
  return tables.api_keys.find("space", space.id).some((key) => key.name === name && key.status === "ACTIVE");
}

function nameOf({ tables }: Store, user: string): string {
  return tables.users.get(user)?.email ?? user;
}

function roleName({ tables }: Store, role: string): string {
  return tables.roles.get(role)?.name ?? role;
}

function word(role: string): string {
  return role.toLowerCase().replaceAll("_", "-");
}
