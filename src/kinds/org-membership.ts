// Membership of an organization. Read from GraphQL `accountOrganizationUsers`, written by REST v2
// `/v2/organizations/{id}/users`, baseline of August 2026. Public descriptions of the GraphQL type show no role: where the server
// has none, the role is write-only. Removing somebody also removes them from every space of the organization.
import { type Address, formatAddress, pathOf } from "../model/address.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { DraftChange, Kind, ManagedClass, WriteContext, Written } from "../model/kind.ts";
import type { Grant, ManageMode } from "../model/manifest.ts";
import type { Coverage } from "../model/plan.ts";
import type { OrganizationMemberRow } from "../model/platform.ts";
import { type Resource, remoteOf, type World } from "../model/resource.ts";
import { findMember } from "./find-member.ts";
import { judgeGrant } from "./grant-hazards.ts";
import { grantsOf } from "./grants-of.ts";
import { organizationAddress } from "./organization.ts";
import { pathPart } from "./path-part.ts";
import { identifyPerson } from "./person-of-row.ts";
import { remotePart } from "./remote-part.ts";
import { encodeRole } from "./role-ref.ts";
import { isAccountAdmin, userAddress } from "./user.ts";

/** The address of a person's membership of an organization. */
export function organizationMemberAddress(organization: Address, email: string): Address<"org-member"> {
  return formatAddress("org-member", [...pathOf(organization), email.toLowerCase()]);
}

/** True where the roster has shown somebody as a bot, or as nobody in the list of people: role bindings alone do not tell. */
export function isForeignMember(organization: string, email: string, world: World): boolean {
  return world.get(organizationMemberAddress(organizationAddress(organization), email))?.builtin === true;
}

/** The class of an organization's members, to be read where somebody may be removed: the roster tells who is a bot. */
export function rosterFor(
  organization: string,
  section: { readonly mode: ManageMode } | undefined,
): readonly ManagedClass[] {
  if (section?.mode !== "authoritative") return [];
  return [{ key: `org-member@${organizationAddress(organization)}`, mode: "additive" }];
}

/** What the manifest says of one person in one place, as a resource. */
export function declareGrant(
  kind: "org-member" | "space-member" | "binding",
  address: Address,
  grant: Grant,
): Resource {
  return {
    kind,
    address,
    spec: kind === "space-member" ? { role: grant.role, also: null } : { role: grant.role },
    origin: {
      from: "manifest",
      at: grant.at,
      group: grant.group,
      ...(grant.reason === undefined ? {} : { reason: grant.reason }),
    },
  };
}

export const orgMembership: Kind = {
  name: "org-member",
  title: "organization member",
  parentKind: "organization",
  parentOf: organizationOf,
  attachedTo: (address) => [organizationOf(address), personOf(address)],
  isHeldAnywhere: false,
  refersTo: [],
  fixed: [],
  declare: (manifest) =>
    [...(manifest.organizations?.entries.values() ?? [])].flatMap(({ name, members }) =>
      [...(members?.entries.values() ?? [])].map((grant) => ({
        resource: declareGrant("org-member", organizationMemberAddress(organizationAddress(name), grant.person), grant),
        present: true,
        expires: grant.expires,
      })),
    ),
  managedClasses: (manifest) =>
    [...(manifest.organizations?.entries.values() ?? [])].flatMap(({ name, members }) =>
      members === undefined ? [] : [{ key: `org-member@${organizationAddress(name)}`, mode: members.mode }],
    ),
  needs: ({ address }) => [organizationOf(address), personOf(address)],
  follows: () => [],
  isUtmost: ({ spec }) => spec["role"] === "admin",
  whyNotCreatable: () => undefined,
  hazardsOf: judgeGrant,
  cascadeOf,
  notesOn: noteUnreadableRole,

  readAfter: ["organization", "user"],
  read: async ({ reader, world, parents, byId }) => {
    const organizations = parents.flatMap((parent) => {
      const live = parent === undefined ? undefined : world.get(parent);
      const id = remoteOf(live)?.["id"];
      return live === undefined || id === undefined ? [] : [{ address: live.address, id }];
    });
    const [rosters, hasRoles] = await Promise.all([
      reader.readOrganizationMembers(organizations.map(({ id }) => id)),
      organizations.length === 0 ? true : reader.readsOrganizationRoles(),
    ]);
    const resources: Resource[] = [];
    const covered: Address[] = [];
    const coverage = new Map<`org-member@${Address}`, Coverage>();
    const notes: Diagnostic[] = [];
    for (const place of organizations) {
      const roster = rosters.get(place.id);
      coverage.set(`org-member@${place.address}`, roster?.state === "complete" ? "complete" : "unreadable");
      if (roster?.state !== "complete") {
        notes.push(describeUnreadable(place.address, roster?.because ?? "It was not answered."));
        continue;
      }
      for (const row of roster.rows) {
        const isAdmin = (person: Address): boolean => world.get(person)?.spec["role"] === "admin";
        const found = decode({ row, place, hasRoles, isAdmin, byId: (id) => byId("user", id) });
        if (found === "covered") covered.push(organizationMemberAddress(place.address, emailOf(row, byId)));
        else if (found !== undefined) resources.push(found);
      }
    }
    return { resources, covered, coverage, notes };
  },
  look: async ({ reader, address, believed, mayBeBlind, idOf, addressOf }) => {
    const organization = believed?.["organization"] ?? idOf(organizationOf(address));
    const person = believed?.["user"] ?? idOf(personOf(address));
    const [rosters, hasRoles] = await Promise.all([
      reader.readOrganizationMembers([organization]),
      reader.readsOrganizationRoles(),
    ]);
    const row = findMember(rosters.get(organization), person, mayBeBlind);
    if (row === undefined) return undefined;
    const place = { address: addressOf("organization", organization) ?? organizationOf(address), id: organization };
    const isAdmin = mayBeInherited(row) && (await isAccountAdmin(reader, person));
    const found = decode({ row, place, hasRoles, isAdmin: () => isAdmin, byId: () => personOf(address) });
    return found === "covered" ? undefined : found;
  },

  create: put,
  update: put,
  remove: ({ writer, remote }) => {
    const members = membersPath(remotePart(remote, "organization"));
    return writer.remove(`${members}/${encodeURIComponent(remotePart(remote, "user"))}`);
  },
};

function organizationOf(address: Address): Address<"organization"> {
  return organizationAddress(pathPart(address, 0));
}

function personOf(address: Address): Address<"user"> {
  return userAddress(pathPart(address, -1));
}

function cascadeOf(
  address: Address,
  live: World,
): { readonly certain: readonly Address[]; readonly possible: readonly Address[] } {
  const path = address.slice(address.indexOf(":") + 1, address.lastIndexOf("/") + 1);
  const inside = (kind: string): readonly Address[] =>
    grantsOf(address, live).filter((grant) => grant.startsWith(`${kind}:${path}`));
  return { certain: inside("space-member"), possible: inside("binding") };
}

function noteUnreadableRole({ op, before }: DraftChange): readonly string[] {
  return op === "update" && before?.unknown?.includes("role") === true
    ? ["The server does not show organization roles; the role before is the one axcess wrote last, if any."]
    : [];
}

/** A membership as a resource; `covered` where the roster may show an account admin who was never added. */
function decode(options: {
  readonly row: OrganizationMemberRow;
  readonly place: { readonly address: Address; readonly id: string };
  readonly hasRoles: boolean;
  readonly isAdmin: (person: Address) => boolean;
  readonly byId: (id: string) => Address | undefined;
}): Resource | "covered" | undefined {
  const { row, place, hasRoles, isAdmin, byId } = options;
  const person = identifyPerson(row, byId);
  const isHidden = (row.role === undefined && hasRoles) || (mayBeInherited(row) && isAdmin(person.address));
  if (isHidden) return person.isOurs ? "covered" : undefined;
  return {
    kind: "org-member",
    address: organizationMemberAddress(place.address, person.email),
    spec: row.role === undefined ? {} : { role: row.role },
    ...(row.role === undefined ? { unknown: ["role"] } : {}),
    ...(person.isOurs ? {} : { builtin: true }),
    origin: { from: "platform", remote: { organization: place.id, user: row.userId } },
  };
}

/** True for an entry that a server may show of an account admin who was never added: without a role, or as an admin. */
function mayBeInherited({ role }: OrganizationMemberRow): boolean {
  return role === undefined || role === "admin";
}

function emailOf(row: OrganizationMemberRow, byId: (kind: "user", id: string) => Address | undefined): string {
  return identifyPerson(row, (id) => byId("user", id)).email;
}

function describeUnreadable(place: Address, because: string): Diagnostic {
  return {
    code: "AX302",
    severity: "warning",
    summary: "Members could not be read",
    detail: `The members of ${place} are not known. ${because}`,
    fix: "Nobody is removed there; who is missing is added.",
  };
}

async function put({ writer, address, to, idOf }: WriteContext): Promise<Written> {
  const organization = idOf(organizationOf(address));
  const person = idOf(personOf(address));
  await writer.write({
    method: "POST",
    path: membersPath(organization),
    body: { user_id: person, role: encodeRole(String(to?.["role"]), idOf) },
    settle: "repeat",
  });
  return { remote: { organization, user: person }, notes: [] };
}

function membersPath(organization: string): string {
  return `/v2/organizations/${encodeURIComponent(organization)}/users`;
}
