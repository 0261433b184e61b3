import * as ax from "@arizeai/ax-client";
import type { TestAccount } from "./sandbox-account.ts";

/** A connection of the vendor's own client. */
export type VendorClient = ReturnType<typeof ax.createClient>;

/** What the vendor's client lists of an account, told in names: places as `Org`, `Org/space` and `Org/space/project`. */
export interface Books {
  /** By e-mail; bots of service keys are left out. */
  readonly people: Readonly<Record<string, Listed>>;
  /** Custom roles, with their permissions sorted. */
  readonly roles: Readonly<Record<string, readonly string[]>>;
  readonly organizations: Readonly<Record<string, string>>;
  readonly spaces: Readonly<Record<string, "private" | "public">>;
  readonly projects: readonly string[];
  /** Role bindings by place and e-mail: custom roles on spaces, every role on projects. */
  readonly bindings: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly restricted: readonly string[];
  /** Live service keys by space. */
  readonly keys: Readonly<Record<string, readonly string[]>>;
  /** The platform's id of a place, a custom role, or a person by e-mail. Throws for what is not there. */
  readonly idOf: (name: string) => string;
}

interface Listed {
  readonly name: string;
  readonly role: string;
  readonly status: string;
  readonly isDeveloper: boolean;
}

const BOTS = "@bots.sandbox.example";

/** Connects the vendor's client to a simulated account. */
export function connectVendor(url: string, apiKey: string): VendorClient {
  process.env["DISABLE_PRERELEASE_WARNING"] = "true";
  return ax.createClient({ apiKey, baseUrl: url });
}

/** Lists the whole account with the vendor's client. */
export async function readBooks(client: VendorClient): Promise<Books> {
  const ids = new Map<string, string>();
  const places = await listPlaces(client, ids);
  const { people, roles } = await listSubjects(client, ids);
  const names = new Map([...ids].map(([name, id]) => [id, name]));
  const nameOf = (id: string): string => names.get(id) ?? id;
  const builtIn = (await ax.listRoles({ client, isPredefined: true, limit: 100 })).data;
  for (const { id, name } of builtIn) names.set(id, name);
  const bindings: Record<string, Record<string, string>> = {};
  for (const resourceType of ["SPACE", "PROJECT"] as const) {
    for (const row of (await ax.listRoleBindings({ client, resourceType, limit: 100 })).data) {
      if (nameOf(row.userId).endsWith(BOTS)) continue;
      const place = nameOf(row.resourceId);
      bindings[place] = { ...bindings[place], [nameOf(row.userId)]: nameOf(row.roleId) };
    }
  }
  const restrictions = await ax.listResourceRestrictions({ client, resourceType: "PROJECT", limit: 100 });
  return {
    ...places,
    people,
    roles,
    bindings,
    restricted: restrictions.data.map(({ resourceId }) => nameOf(resourceId)).sort(),
    idOf: (name) => {
      const id = ids.get(name);
      if (id === undefined) throw new Error(`the vendor's client lists no ${name}`);
      return id;
    },
  };
}

/** The members of an organization or a space by e-mail, as the web interface reads them: the role, or why somebody inherits one. */
export async function readMembers(account: TestAccount, id: string): Promise<Readonly<Record<string, string>>> {
  const { body } = await account.graphql(MEMBERS, { id });
  const { node } = body.data;
  const { edges } = node.spaceUsers ?? node.accountOrganizationUsers;
  const members = edges.map(({ node: each }: { readonly node: MemberRow }) => [each.user.email, nameRole(each)]);
  return Object.fromEntries(members.filter(([email]: readonly [string]) => !email.endsWith(BOTS)));
}

const MEMBERS = `query Members($id: ID!) { node(id: $id) {
  ... on Space { spaceUsers(first: 50) { edges { node { role membership customRole { name } user { email } } } } }
  ... on AccountOrganization { accountOrganizationUsers(first: 50) { edges { node { role user { email } } } } }
} }`;

interface MemberRow {
  readonly role: string | null;
  readonly membership?: string;
  readonly customRole?: { readonly name: string } | null;
  readonly user: { readonly email: string };
}

function nameRole({ role, membership = "EXPLICIT_MEMBERSHIP", customRole }: MemberRow): string {
  return membership === "EXPLICIT_MEMBERSHIP" ? (customRole?.name ?? role ?? "") : membership;
}

type Places = Pick<Books, "organizations" | "spaces" | "projects" | "keys">;

async function listPlaces(client: VendorClient, ids: Map<string, string>): Promise<Places> {
  const organizations: Record<string, string> = {};
  const spaces: Record<string, "private" | "public"> = {};
  const projects: string[] = [];
  const keys: Record<string, readonly string[]> = {};
  for (const organization of (await ax.listOrganizations({ client, limit: 100 })).data) {
    ids.set(organization.name, organization.id);
    organizations[organization.name] = organization.description;
    for (const space of (await ax.listSpaces({ client, organizationId: organization.id, limit: 100 })).data) {
      const place = `${organization.name}/${space.name}`;
      ids.set(place, space.id);
      spaces[place] = space.isPrivate === true ? "private" : "public";
      const listed = await ax.listApiKeys({ client, spaceId: space.id, limit: 100 });
      if (listed.data.length > 0) keys[place] = listed.data.map(({ name }) => name).sort();
      for (const project of (await ax.listProjects({ client, space: space.id, limit: 100 })).data) {
        ids.set(`${place}/${project.name}`, project.id);
        projects.push(`${place}/${project.name}`);
      }
    }
  }
  return { organizations, spaces, projects: projects.sort(), keys };
}

async function listSubjects(client: VendorClient, ids: Map<string, string>): Promise<Pick<Books, "people" | "roles">> {
  const people: Record<string, Listed> = {};
  for (const { id, email, name, role, status, isDeveloper } of (await ax.listUsers({ client, limit: 100 })).data) {
    ids.set(email, id);
    if (!email.endsWith(BOTS)) people[email] = { name, role: role.name ?? "", status, isDeveloper };
  }
  const roles: Record<string, readonly string[]> = {};
  for (const { id, name, permissions } of (await ax.listRoles({ client, isPredefined: false, limit: 100 })).data) {
    ids.set(name, id);
    roles[name] = [...permissions].sort();
  }
  return { people, roles };
}
