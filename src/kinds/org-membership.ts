// Membership of an organization. Read from GraphQL `accountOrganizationUsers`, written by REST v2
// `/v2/organizations/{id}/users`, baseline of August 2026. Public descriptions of the GraphQL type show no role: where the server
// has none, the role is write-only. Removing somebody also removes them from every space of the organization.
import { type Address, addressIn, type ClassKey, classKey, pathText } from "../model/address.ts";
import { type ResourceClass, resourcesHeldSingly } from "../model/classed-world.ts";
import type {
  Cascade,
  DraftChange,
  Kind,
  ManagedClass,
  ReadContext,
  UnreadPlace,
  WriteContext,
  Written,
} from "../model/kind.ts";
import type { ManageMode } from "../model/manifest.ts";
import type { Coverage } from "../model/plan.ts";
import type { OrganizationMemberRow } from "../model/platform.ts";
import { type Resource, remoteOf, type Spec, type World } from "../model/resource.ts";
import { classOfSection } from "./class-of-section.ts";
import { closingsIn } from "./closings.ts";
import { declareSections } from "./declare-grant.ts";
import { findMember } from "./find-member.ts";
import { gatherGrants, makeNames, type NameOf } from "./gather-grants.ts";
import { judgeGrant } from "./grant-hazards.ts";
import { grantsOf } from "./grants-of.ts";
import { itemPath } from "./item-path.ts";
import { listKeyBots, markBots } from "./known-bots.ts";
import { type LivePlace, livePlaces } from "./live-places.ts";
import { chooseReading, nameStrangers } from "./name-strangers.ts";
import { keepFocused, namedIn } from "./named-in.ts";
import { listDeclaredOrganizations, organizationAddress, organizationOf } from "./organization.ts";
import { botFacts, identifyPerson } from "./person-of-row.ts";
import { remotePart } from "./remote-part.ts";
import { encodeRole } from "./role-ref.ts";
import { tellUnreadMembers } from "./unreadable-members.ts";
import { isAccountAdmin, personOf } from "./user.ts";

/** The address of a person's membership of an organization. */
export function organizationMemberAddress(organization: Address, email: string): Address<"org-member"> {
  return addressIn("org-member", organization, email.toLowerCase());
}

/** Tells whether the roster of a place's organization has shown somebody as a bot, or as nobody in the list of people: role bindings alone do not tell. */
export function findForeignMembers(world: World): (place: Address, email: string) => boolean {
  const foreign = new Set<Address>();
  for (const { kind, address, builtin } of resourcesHeldSingly(world)) {
    if (kind === "org-member" && builtin === true) foreign.add(address);
  }
  if (foreign.size === 0) return () => false;
  return (place, email) => foreign.has(organizationMemberAddress(organizationOf(place), email));
}

/** The class of an organization's members, to be read where somebody may be removed: the roster tells who is a bot. */
export function rosterFor(
  organization: string,
  section: { readonly mode: ManageMode } | undefined,
): readonly ManagedClass[] {
  const isNeeded = section?.mode === "authoritative";
  return classOfSection("org-member", organizationAddress(organization), isNeeded ? { mode: "additive" } : undefined);
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
  ...declareSections("org-member", (manifest) =>
    listDeclaredOrganizations(manifest).map(({ name, members }) => ({
      place: organizationAddress(name),
      section: members,
    })),
  ),
  managedClasses: (manifest) =>
    listDeclaredOrganizations(manifest).flatMap(({ name, members }) =>
      classOfSection("org-member", organizationAddress(name), members),
    ),
  needs: ({ address }) => [organizationOf(address), personOf(address)],
  // An organization admin's entries in spaces are hidden, and rest on the admin right: they are set while they can be seen, and
  // before that right goes.
  follows: ({ op, address, before, after }, { planned }) =>
    op === "update" && [before, after].some((member) => member?.spec["role"] === "admin")
      ? grantsInside("space-member", address, planned)
      : [],
  prefers: ({ op, address }, worlds) => (op === "create" ? closingsIn(organizationOf(address), worlds) : []),
  isUtmost: ({ spec }) => spec["role"] === "admin",
  whyNotCreatable: ({ spec }) => (spec["role"] === undefined ? "Which role it was is not known." : undefined),
  hazardsOf: judgeGrant,
  cascadeOf,
  notesOn: noteUnreadableRole,

  readAfter: ["organization", "user", "service-key"],
  readEarly: (context) => context.reader.readOrganizationMembers(livePlaces(context).map(({ id }) => id)),
  read: async (context) => {
    const { reader, world, byId } = context;
    const { organizations, taken } = setApartTrusted(context);
    const [rosters, hasRoles] = await Promise.all([
      reader
        .readOrganizationMembers(
          organizations.map(({ id }) => id),
          chooseReading(context),
        )
        .then((read) => nameStrangers(read, "organization", context)),
      organizations.length === 0 ? true : reader.readsOrganizationRoles(),
    ]);
    const resources: Resource[] = taken.flatMap(({ members }) => members);
    const covered: Address[] = [];
    const loose = taken.map(({ place }) => classKey("org-member", place.address));
    const coverage = new Map<ClassKey, Coverage>(loose.map((key) => [key, "complete"]));
    const assumed = resources.map(({ address }) => address);
    const unread: UnreadPlace[] = [];
    const bots = listKeyBots(world);
    const classes: ResourceClass[] = [];
    const nameOf = makeNames((id) => byId("user", id));
    const isAdmin = (person: Address): boolean => world.get(person)?.spec["role"] === "admin";
    for (const place of organizations) {
      const roster = rosters.get(place.id);
      coverage.set(classKey("org-member", place.address), roster?.state === "complete" ? "complete" : "unreadable");
      unread.push(...tellUnreadMembers(place.address, roster));
      if (roster?.state !== "complete") continue;
      const make = (row: OrganizationMemberRow) =>
        decode({ row, place, hasRoles, isAdmin, byId: (id) => byId("user", id) });
      const found = readRoster(keepFocused(markBots(roster.rows, bots), context), make, nameOf);
      for (const row of found.covered) covered.push(organizationMemberAddress(place.address, emailOf(row, byId)));
      const scene = {
        kind: "org-member",
        place: place.address,
        make: (row: OrganizationMemberRow) => make(row) as Resource,
        specOf: roleOfRow,
      } as const;
      const gathered = gatherGrants(scene, found.ordinary, found.others);
      for (const resource of gathered.resources) resources.push(resource);
      classes.push(...gathered.classes);
    }
    return { resources, classes, covered, coverage, unread, loose, assumed, notes: [] };
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
    return writer.remove(itemPath(members, remotePart(remote, "user")));
  },
};

interface RosterFound {
  readonly ordinary: readonly (readonly [string, OrganizationMemberRow])[];
  readonly others: readonly Resource[];
  /** Those of whom an inherited right hides whether they are members. */
  readonly covered: readonly OrganizationMemberRow[];
}

function readRoster(
  rows: readonly OrganizationMemberRow[],
  make: (row: OrganizationMemberRow) => Resource | "covered" | undefined,
  nameOf: NameOf,
): RosterFound {
  const ordinary: (readonly [string, OrganizationMemberRow])[] = [];
  const others: Resource[] = [];
  const covered: OrganizationMemberRow[] = [];
  for (const row of rows) {
    const name = nameOf(row.userId);
    if (name !== undefined && row.userType !== "bot" && !mayBeInherited(row)) {
      ordinary.push([name, row]);
      continue;
    }
    const resource = make(row);
    if (resource === "covered") covered.push(row);
    else if (resource !== undefined) others.push(resource);
  }
  return { ordinary, others, covered };
}

/** An organization of which only what the ledger remembers is taken: its whole roster is a query for each hundred members. */
interface TakenPlace {
  readonly place: LivePlace;
  readonly members: readonly Resource[];
}

/** Sets apart the organizations in which every membership that is looked for is the very one that the ledger says is as it is wanted. */
function setApartTrusted(context: ReadContext): {
  readonly organizations: readonly LivePlace[];
  readonly taken: readonly TakenPlace[];
} {
  const places = livePlaces(context);
  const named = namedIn(context.focus, "org-member");
  const taken = places.flatMap((place) => {
    const sought = named?.filter((address) => organizationOf(address) === place.address) ?? [];
    const members = sought.flatMap((address) => takeTrusted(address, place, context) ?? []);
    return sought.length > 0 && members.length === sought.length ? [{ place, members }] : [];
  });
  return { organizations: places.filter((place) => !taken.some((each) => each.place === place)), taken };
}

/** A membership as the ledger has it, where its ids are those of who and what is there now. Its role was not looked at. */
function takeTrusted(address: Address, place: LivePlace, { focus, world }: ReadContext): Resource | undefined {
  const remote = focus?.trusted?.get(address);
  const isSame =
    remote?.["organization"] === place.id && remote["user"] === remoteOf(world.get(personOf(address)))?.["id"];
  if (!isSame) return undefined;
  const origin = { from: "platform", remote: { organization: place.id, user: remote["user"] as string } } as const;
  return { kind: "org-member", address, spec: {}, unknown: ["role"], origin };
}

function cascadeOf(address: Address, live: World): Cascade {
  return { certain: grantsInside("space-member", address, live), possible: grantsInside("binding", address, live) };
}

/** What the person holds within the same organization, of one kind. */
function grantsInside(kind: string, address: Address, world: World): readonly Address[] {
  const beginning = `${kind}:${pathText(organizationOf(address))}/`;
  return grantsOf(address, world).filter((grant) => grant.startsWith(beginning));
}

function noteUnreadableRole({ op, before }: DraftChange): readonly string[] {
  return op === "update" && before?.unknown?.includes("role") === true
    ? ["The server does not show organization roles; the role before is the one axcess wrote last, if any."]
    : [];
}

/** A membership as a resource; `covered` where the roster may show an account admin who was never added. */
function decode(options: {
  readonly row: OrganizationMemberRow;
  readonly place: LivePlace;
  readonly hasRoles: boolean;
  readonly isAdmin: (person: Address) => boolean;
  readonly byId: (id: string) => Address | undefined;
}): Resource | "covered" | undefined {
  const { row, place, hasRoles, isAdmin, byId } = options;
  const person = identifyPerson(row, byId);
  const isHidden = (row.role === undefined && hasRoles) || (mayBeInherited(row) && isAdmin(person.address));
  if (isHidden) return person.isOurs ? "covered" : undefined;
  const found: Resource = {
    kind: "org-member",
    address: organizationMemberAddress(place.address, person.email),
    spec: roleOfRow(row),
    origin: { from: "platform", remote: { organization: place.id, user: row.userId } },
  };
  // Nearly all are whole and of people: nothing is copied for these.
  if (row.role !== undefined && person.isOurs && row.userType !== "bot") return found;
  return {
    ...found,
    ...(row.role === undefined ? { unknown: ["role"] } : {}),
    ...(person.isOurs ? {} : { builtin: true }),
    ...botFacts(row),
  };
}

function roleOfRow({ role }: OrganizationMemberRow): Spec {
  return role === undefined ? {} : { role };
}

/** True for an entry that a server may show of an account admin who was never added: without a role, or as an admin. */
function mayBeInherited({ role }: OrganizationMemberRow): boolean {
  return role === undefined || role === "admin";
}

function emailOf(row: OrganizationMemberRow, byId: (kind: "user", id: string) => Address | undefined): string {
  return identifyPerson(row, (id) => byId("user", id)).email;
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
  return `${itemPath("/v2/organizations", organization)}/users`;
}
