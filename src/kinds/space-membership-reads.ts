import { type Address, classKey } from "../model/address.ts";
import type { ResourceClass } from "../model/classed-world.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { KindReading, LookContext, ReadContext, UnreadPlace } from "../model/kind.ts";
import type { Coverage } from "../model/plan.ts";
import type { ListRequest, MemberReading, Row, SpaceMemberRow } from "../model/platform.ts";
import type { Resource, Spec } from "../model/resource.ts";
import { findMember } from "./find-member.ts";
import { emailOfName, gatherGrants, isOrdinary, makeNames, type NameOf } from "./gather-grants.ts";
import { listKeyBots, markBots } from "./known-bots.ts";
import { type LivePlace, livePlaces } from "./live-places.ts";
import { chooseReading, nameStrangers } from "./name-strangers.ts";
import { findStrays, keepFocused, listBindings } from "./named-in.ts";
import { findForeignMembers } from "./org-membership.ts";
import { botFacts, identifyPerson } from "./person-of-row.ts";
import { unlistedRole } from "./role-ref.ts";
import { spaceOf } from "./space.ts";
import { spaceMemberAddress } from "./space-member-address.ts";
import { tellUnreadMembers } from "./unreadable-members.ts";
import { personOf } from "./user.ts";
import { BINDING_FIELDS, listWithin, textIn } from "./wire.ts";

/** The role bindings of all spaces. */
export const ROLE_BINDINGS: ListRequest = {
  path: "/v2/role-bindings",
  query: { resource_type: "SPACE" },
  collection: "role_bindings",
  fields: BINDING_FIELDS,
};

/** A row of the list of role bindings, known to have these. */
interface SpaceBinding {
  readonly id: string;
  readonly resource_id: string;
  readonly user_id: string;
  readonly role_id: string;
}

interface Entry {
  readonly row: SpaceMemberRow | undefined;
  readonly binding: SpaceBinding | undefined;
}

/** What of an entry is kept: without a binding the row alone, which many places share. */
type Held = Entry | SpaceMemberRow | undefined;

function entryOf(held: Held): Entry {
  return held !== undefined && "row" in held ? held : { row: held, binding: undefined };
}

interface Place {
  readonly place: LivePlace;
  readonly personOf: (id: string) => Address | undefined;
  readonly roleOf: (id: string) => Address | undefined;
  /** Whether something else than the entry says that a person is not ours to remove. */
  readonly isForeign: (email: string) => boolean;
}

/** One membership as both stores show it now; undefined where there is none, or where an inherited admin right hides whether there is. */
export async function lookAtSpaceMember(context: LookContext): Promise<Resource | undefined> {
  const { reader, address, believed, mayBeBlind, idOf, addressOf } = context;
  const parent = spaceOf(address);
  const holder = personOf(address);
  const space = believed?.["space"] ?? idOf(parent);
  const person = believed?.["user"] ?? idOf(holder);
  const [members, bindings] = await Promise.all([
    reader.readSpaceMembers([space]),
    listWithin(reader, {
      ...{ ...ROLE_BINDINGS, query: { ...ROLE_BINDINGS.query, user_id: person } },
      narrowing: ["user_id"],
    }),
  ]);
  const row = findMember(members.get(space), person, mayBeBlind);
  const entry = {
    row,
    binding: bindings.map(readBinding).find((found) => found.resource_id === space && found.user_id === person),
  };
  const found = decode(entry, {
    place: { address: addressOf("space", space) ?? parent, id: space },
    personOf: () => holder,
    roleOf: (id) => addressOf("role", id),
    isForeign: () => false,
  });
  return found === "covered" ? undefined : found;
}

/** Reads the members of the wanted spaces from both stores, and tells where they disagree. */
export async function readSpaceMemberships(context: ReadContext): Promise<KindReading> {
  const { reader, focus } = context;
  const spaces = livePlaces(context);
  const [members, bindings] = await Promise.all([
    reader
      .readSpaceMembers(
        spaces.map(({ id }) => id),
        focus?.named === undefined ? chooseReading(context) : "few",
      )
      .then((read) => nameStrangers(read, "space", context)),
    spaces.length === 0 ? [] : listBindings(context, ROLE_BINDINGS),
  ]);
  const bindingsBySpace = new Map<string, SpaceBinding[]>();
  for (const row of bindings) {
    const binding = readBinding(row);
    const inSpace = bindingsBySpace.get(binding.resource_id);
    if (inSpace === undefined) bindingsBySpace.set(binding.resource_id, [binding]);
    else inSpace.push(binding);
  }
  // Asked of the whole world once, and not for each space.
  const bots = listKeyBots(context.world);
  const people: People = {
    nameOf: makeNames((id) => context.byId("user", id)),
    isForeign: findForeignMembers(context.world),
  };
  const readings = spaces.map((place) =>
    readPlace(
      {
        reading: narrow(markKnown(members.get(place.id), bots), context),
        bindings: bindingsBySpace.get(place.id) ?? [],
      },
      { ...context, ...people },
      place,
    ),
  );
  return {
    resources: readings.flatMap(({ resources }) => resources),
    classes: readings.flatMap(({ classes }) => classes),
    covered: readings.flatMap(({ covered }) => covered),
    ...findStrays(context, "space", bindings),
    coverage: new Map(readings.map(({ place, coverage }) => [classKey("space-member", place), coverage])),
    unread: readings.flatMap(({ unread }) => unread),
    notes: readings.flatMap(({ notes }) => notes),
  };
}

function markKnown(
  reading: MemberReading<SpaceMemberRow> | undefined,
  bots: ReadonlySet<unknown>,
): MemberReading<SpaceMemberRow> | undefined {
  return reading?.state === "complete" ? { ...reading, rows: markBots(reading.rows, bots) } : reading;
}

function narrow(
  reading: MemberReading<SpaceMemberRow> | undefined,
  context: ReadContext,
): MemberReading<SpaceMemberRow> | undefined {
  return reading?.state === "complete" ? { ...reading, rows: keepFocused(reading.rows, context) } : reading;
}

/** What is known of people wherever they are. */
interface People {
  readonly nameOf: NameOf;
  readonly isForeign: (place: Address, email: string) => boolean;
}

interface PlaceReading {
  readonly place: Address;
  readonly coverage: Coverage;
  readonly resources: readonly Resource[];
  readonly classes: readonly ResourceClass[];
  readonly covered: readonly Address[];
  readonly unread: readonly UnreadPlace[];
  readonly notes: readonly Diagnostic[];
}

function readPlace(
  stores: { readonly reading: MemberReading<SpaceMemberRow> | undefined; readonly bindings: readonly SpaceBinding[] },
  { byId, nameOf, isForeign }: ReadContext & People,
  place: LivePlace,
): PlaceReading {
  const { reading, bindings } = stores;
  const others: Resource[] = [];
  const covered: Address[] = [];
  const notes: Diagnostic[] = [];
  const context: Place = {
    place,
    personOf: (id) => byId("user", id),
    roleOf: (id) => byId("role", id),
    isForeign: (email) => isForeign(place.address, email),
  };
  const { ordinary, rest } = takePlain(joinEntries(reading, bindings), nameOf, context);
  for (const entry of rest) {
    const { row, binding } = entry;
    const name = nameOf(holderOf(entry));
    const resource = decode(entry, context);
    if (resource === "covered") {
      covered.push(spaceMemberAddress(place.address, identifyPerson({ userId: "", ...row }, context.personOf).email));
    } else if (resource !== undefined) {
      if (name !== undefined && isOrdinary(resource)) ordinary.push([name, binding === undefined ? row : entry]);
      else others.push(resource);
      notes.push(...describeDisagreement(entry, reading, resource));
    }
  }
  const make = (held: Held): Resource => decode(entryOf(held), context) as Resource;
  const specOf = (held: Held): Spec => decodeRoles(entryOf(held), context.roleOf);
  return {
    place: place.address,
    ...gatherGrants({ kind: "space-member", place: place.address, make, specOf }, ordinary, others),
    coverage: reading?.state === "complete" ? "complete" : "unreadable",
    covered,
    unread: tellUnreadMembers(place.address, reading),
    notes,
  };
}

/** Takes out what both stores tell alike of somebody known, with nothing special about it, as nearly all entries are. */
function takePlain(entries: readonly Entry[], nameOf: NameOf, { isForeign }: Place) {
  const ordinary: (readonly [name: string, held: Held])[] = [];
  const rest = entries.filter((entry) => {
    const name = isPlain(entry) ? nameOf(holderOf(entry)) : undefined;
    if (name === undefined || isForeign(emailOfName(name))) return true;
    ordinary.push([name, entry.row]);
    return false;
  });
  return { ordinary, rest };
}

function isPlain({ row, binding }: Entry): boolean {
  if (row === undefined || binding !== undefined || row.customRoleId !== undefined) return false;
  return row.membership === "EXPLICIT_MEMBERSHIP" && row.role !== undefined && row.userType !== "bot";
}

/** Each person of a space once, with what each of the two stores says. */
function joinEntries(
  reading: MemberReading<SpaceMemberRow> | undefined,
  bindings: readonly SpaceBinding[],
): readonly Entry[] {
  const byPerson = new Map(bindings.map((binding) => [binding.user_id, binding]));
  const rows = reading?.state === "complete" ? reading.rows : [];
  const seen = new Set(rows.map(({ userId }) => userId));
  return [
    ...rows.map((row) => ({ row, binding: byPerson.get(row.userId) })),
    ...bindings.filter(({ user_id }) => !seen.has(user_id)).map((binding) => ({ row: undefined, binding })),
  ];
}

/** What a person has in a space by an entry of their own; `covered` where an inherited admin right hides it; undefined for none. */
function decode(entry: Entry, { place, personOf, roleOf, isForeign }: Place): Resource | "covered" | undefined {
  const { row, binding } = entry;
  if (!mayBeExplicit(row) && binding === undefined) return isAdminByInheritance(row) ? "covered" : undefined;
  const userId = holderOf(entry);
  const person = identifyPerson(row ?? { userId }, personOf);
  const spec = decodeRoles(entry, roleOf);
  const space = place.id;
  const remote = binding === undefined ? { space, user: userId } : { space, user: userId, binding: binding.id };
  const found: Resource = {
    kind: "space-member",
    address: spaceMemberAddress(place.address, person.email),
    spec,
    origin: { from: "platform", remote },
  };
  // A reason nobody has heard of yet is shown, but nothing is removed on its account.
  const isOurs = person.isOurs && row?.membership !== "UNKNOWN" && !isForeign(person.email);
  // Nearly all are whole and of people: nothing is copied for these.
  if (spec["role"] !== undefined && isOurs && row?.userType !== "bot") return found;
  return {
    ...found,
    ...(spec["role"] === undefined ? { unknown: ["role"] } : {}),
    ...(isOurs ? {} : { builtin: true }),
    ...botFacts(row),
  };
}

/** The platform's id of the person of an entry. */
function holderOf({ row, binding }: Entry): string {
  return row?.userId ?? binding?.user_id ?? "";
}

function mayBeExplicit(row: SpaceMemberRow | undefined): row is SpaceMemberRow {
  return row?.membership === "EXPLICIT_MEMBERSHIP" || row?.membership === "UNKNOWN";
}

function isAdminByInheritance(row: SpaceMemberRow | undefined): boolean {
  return row?.membership === "ACCOUNT_ADMIN" || row?.membership === "ORGANIZATION_ADMIN";
}

/** The role by the first store that has one, and beside it, as `also`, the custom role of the second. */
function decodeRoles({ row, binding }: Entry, roleOf: Place["roleOf"]): Spec {
  const customId = binding?.role_id ?? row?.customRoleId;
  const custom = customId === undefined ? undefined : (roleOf(customId) ?? unlistedRole(customId));
  const predefined = mayBeExplicit(row) ? row.role : undefined;
  const role = predefined ?? custom;
  const also = predefined !== undefined && custom !== undefined ? custom : null;
  return role === undefined ? { also } : { role, also };
}

function describeDisagreement(
  { row, binding }: Entry,
  reading: MemberReading<SpaceMemberRow> | undefined,
  found: Resource,
): readonly Diagnostic[] {
  const isSeenTwice = reading?.state === "complete" && (row === undefined || row.membership === "EXPLICIT_MEMBERSHIP");
  const isExpected =
    row?.customRoleId === binding?.role_id || (row?.customRoleId === undefined && row?.role !== undefined);
  if (!isSeenTwice || isExpected) return [];
  return [
    {
      code: "AX303",
      severity: "warning",
      summary: "Two lists of the platform disagree",
      detail: `The member list and the role bindings do not tell the same custom role for ${found.address}; the role binding is believed.`,
      fix: "Plan again; if it stays, look at the member in the web interface.",
    },
  ];
}

function readBinding(row: Row): SpaceBinding {
  for (const field of BINDING_FIELDS) textIn(row, field, "binding");
  return row as unknown as SpaceBinding;
}
