import type { OrganizationRow, ProjectRow, SpaceRow } from "../../src/sandbox/rows.ts";
import type { Store } from "../../src/sandbox/store.ts";
import type { Company, Scenario } from "../story/scenario.ts";
import { SYNCED } from "../worlds/identity-provider.ts";
import { listLiveGrants } from "./ended-grants.ts";

type Named = Readonly<Record<string, Company>>;
type Grants = Readonly<Record<string, string>>;

/** What a comparison depends on beside both sides. */
interface Circumstances {
  readonly switches: Scenario["switches"];
  readonly now: Date;
  /** The ids of memberships of organizations that a person wrote last. */
  readonly byHand: ReadonlySet<string>;
}

/** How an account differs from a company, by a comparison that knows nothing of axcess. */
export function listDeviations(store: Store, company: Company, circumstances: Circumstances): readonly string[] {
  const { tables } = store;
  const out: string[] = [...compareMappings(store, company), ...listRemains(store, company)];
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
    else out.push(...compareOrganization(store, row, organization, circumstances));
  }
  return out;
}

function compareOrganization(
  store: Store,
  row: OrganizationRow,
  organization: Company,
  circumstances: Circumstances,
): readonly string[] {
  const { tables } = store;
  const { switches, now, byHand } = circumstances;
  const members = tables.org_members.find("organization", row.id);
  const held = new Map(members.map(({ user_id, role }) => [nameOf(store, user_id), word(role)]));
  const wanted = listLiveGrants(organization["members"], now);
  // Where the server tells no role, what somebody gave instead of what axcess wrote last shows nowhere.
  const unseen = members.filter(({ id }) => switches.orgUserRole === false && byHand.has(id));
  const shown = new Map(held);
  for (const { user_id } of unseen) {
    const email = nameOf(store, user_id);
    shown.set(email, wanted[email] ?? "somebody");
  }
  const spaces = (organization["spaces"] ?? {}) as Named;
  const live = tables.spaces.find("organization", row.id);
  const admins = [...held].flatMap(([email, role]) => (role === "admin" ? [email] : []));
  return [
    ...compareGrants(`organization ${row.name}`, shown, wanted),
    ...live
      .filter(({ name }) => !Object.hasOwn(spaces, name))
      .map(({ name }) => `space ${row.name}/${name} is still there`),
    ...Object.entries(spaces).flatMap(([name, space]) => {
      const found = live.find((one) => one.name === name);
      return found === undefined
        ? [`space ${row.name}/${name} is missing`]
        : compareSpace(store, found, space, { ...circumstances, admins });
    }),
  ];
}

function compareSpace(
  store: Store,
  row: SpaceRow,
  space: Company,
  { switches, admins, now }: Circumstances & { readonly admins: readonly string[] },
): readonly string[] {
  const { tables } = store;
  const held = new Map<string, string>();
  const add = (user: string, role: string): void => {
    const name = nameOf(store, user);
    held.set(name, held.has(name) ? `${held.get(name)} and ${role}` : role);
  };
  for (const { user_id, role } of tables.space_members.find("space", row.id)) add(user_id, word(role));
  for (const { user_id, role_id } of tables.role_bindings.find("resource", row.id))
    add(user_id, roleName(store, role_id));
  // An admin right hides an entry of one's own in a space, or may as well where none is shown: what cannot be seen is left, and told.
  const hides = switches.adminsHideExplicitMembership !== false;
  const hidden = new Set(admins.filter((email) => hides || !held.has(email)));
  const projects = (space["projects"] ?? {}) as Named;
  const live = tables.projects.find("space", row.id);
  const keys = Object.keys((space["service_keys"] ?? {}) as Named);
  return [
    ...(row.is_private === space["private"] ? [] : [`space ${row.name} is ${row.is_private ? "private" : "open"}`]),
    ...compareGrants(`space ${row.name}`, held, listLiveGrants(space["members"], now), hidden),
    ...live
      .filter(({ name }) => !Object.hasOwn(projects, name))
      .map(({ name }) => `project ${row.name}/${name} is still there`),
    ...Object.entries(projects).flatMap(([name, project]) => {
      const found = live.find((one) => one.name === name);
      return found === undefined
        ? [`project ${row.name}/${name} is missing`]
        : compareProject(store, found, project, now);
    }),
    ...keys.filter((key) => !hasKey(store, row, key)).map((key) => `key ${row.name}/${key} is missing`),
  ];
}

function compareProject(store: Store, row: ProjectRow, project: Company, now: Date): readonly string[] {
  const { tables } = store;
  const bindings = tables.role_bindings.find("resource", row.id);
  const held = new Map(bindings.map(({ user_id, role_id }) => [nameOf(store, user_id), roleName(store, role_id)]));
  const isRestricted = tables.restrictions.get(row.id) !== undefined;
  return [
    ...(isRestricted === (project["restricted"] ?? false)
      ? []
      : [`project ${row.name} is ${isRestricted ? "" : "not "}restricted`]),
    ...compareGrants(`project ${row.name}`, held, listLiveGrants(project["bindings"], now)),
  ];
}

/** Bots, people whom every manifest ignores, and those whose roles an identity provider syncs, count for nothing. */
function compareGrants(
  where: string,
  held: ReadonlyMap<string, string>,
  wanted: Grants,
  hidden: ReadonlySet<string> = new Set(),
): readonly string[] {
  const isMeant = (email: string): boolean =>
    !hidden.has(email) && !email.startsWith("ira@") && !email.includes("@bots.") && !email.endsWith(`@${SYNCED}`);
  const emails = [...new Set([...held.keys(), ...Object.keys(wanted)])].filter(isMeant);
  return emails
    .filter((email) => held.get(email) !== wanted[email])
    .map((email) => `${where}: ${email} is ${held.get(email)} instead of ${wanted[email]}`);
}

/** What is left of somebody who is to be gone with all that is theirs. */
function listRemains({ tables }: Store, company: Company): readonly string[] {
  const gone = new Set((company["offboard"] ?? []) as readonly string[]);
  return [...tables.users.all()]
    .filter(({ email }) => gone.has(email))
    .flatMap(({ id, email, status }) => [
      ...(status === "INACTIVE" ? [] : [`${email} is still there`]),
      ...tables.org_members.find("user", id).map(() => `${email} is still in an organization`),
      ...tables.space_members.find("user", id).map(() => `${email} is still in a space`),
      ...tables.role_bindings.find("user", id).map(() => `${email} still has a role`),
      ...tables.api_keys
        .find("actor", id)
        .filter((key) => key.status === "ACTIVE")
        .map(({ name }) => `the key ${name} of ${email} still lives`),
    ]);
}

/** The role mappings of the identity provider that a company manages. */
function compareMappings({ tables }: Store, company: Company): readonly string[] {
  const written = (company["saml"] as Named | undefined)?.[SYNCED]?.["mappings"] as
    | readonly WrittenMapping[]
    | undefined;
  const row = [...tables.saml_idps.all()].find(({ domains }) => domains.some(({ domain }) => domain === SYNCED));
  if (written === undefined || row === undefined) return [];
  const organization = (id: string): string => tables.organizations.get(id)?.name ?? id;
  const live = row.mappings.map(({ attributes, org_role: role }) =>
    JSON.stringify([
      Object.fromEntries(attributes),
      role && organization(role.organization_id),
      role && word(role.role),
    ]),
  );
  const wanted = written.map(({ when, organization: at }) => JSON.stringify([when, at.name, at.role]));
  return live.sort().join() === wanted.sort().join()
    ? []
    : [`the role mappings are ${live.join()} instead of ${wanted.join()}`];
}

interface WrittenMapping {
  readonly when: Readonly<Record<string, string>>;
  readonly organization: { readonly name: string; readonly role: string };
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
