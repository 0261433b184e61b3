import { type Address, addressIn, classKey, type KindName, pathOf, pathPart } from "../model/address.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { compareText, type Json, type JsonObject, spellJson } from "../model/json.ts";
import type { DoubtContext, KindReading, LookContext, ReadContext } from "../model/kind.ts";
import type { Coverage } from "../model/plan.ts";
import type { ListRequest, PlatformReader, Row } from "../model/platform.ts";
import type { RemoteRef, Resource } from "../model/resource.ts";
import { decodeBot, ROLE_FIELDS } from "./key-bot.ts";
import { listContent } from "./list-content.ts";
import { type LivePlace, livePlaces } from "./live-places.ts";
import { spaceOf } from "./space.ts";
import { listWithin, optionalTextIn, textIn } from "./wire.ts";

/** The collection of keys. */
export const KEYS_PATH = "/v2/api-keys";

/** How far the clocks of the platform and of this machine may be apart. */
const SKEW_MILLISECONDS = 10 * 60 * 1000;

/** Reads the live keys of the wanted spaces. Of several keys of one name in a space, the ledger says which is meant. */
export async function readKeys(context: ReadContext): Promise<KindReading> {
  const listings = await Promise.all(
    livePlaces(context).map(async (place) => ({
      place,
      ...(await listContent(context.reader, place.address, requestFor(place.id))),
    })),
  );
  const places = new Map<string, number>();
  for (const row of listings.flatMap(({ rows }) => rows ?? [])) {
    const id = textIn(row, "id", "service-key");
    places.set(id, (places.get(id) ?? 0) + 1);
  }
  const isShared = (row: Row): boolean => (places.get(spellJson(row["id"])) ?? 0) > 1;
  const coverage = new Map<string, Coverage>();
  const resources: Resource[] = [];
  const notes: Diagnostic[] = [];
  for (const listing of listings) {
    const { place, rows } = listing;
    const found = readPlace(place, rows ?? [], { context, isShared });
    for (const resource of found.resources) resources.push(resource);
    for (const note of [...listing.notes, ...found.notes]) notes.push(note);
    const known = found.isAmbiguous ? "partial" : "complete";
    coverage.set(classKey("service-key", place.address), rows === undefined ? "unreadable" : known);
  }
  return { resources, coverage: coverage as KindReading["coverage"], notes };
}

interface PlaceReading {
  readonly resources: readonly Resource[];
  readonly notes: readonly Diagnostic[];
  readonly isAmbiguous: boolean;
}

function readPlace(
  place: LivePlace,
  rows: readonly Row[],
  { context, isShared }: { readonly context: ReadContext; readonly isShared: (row: Row) => boolean },
): PlaceReading {
  const decode = (row: Row, address: Address): Resource => decodeKey(row, { address, place, byId: context.byId });
  if (context.onlyToTell === true) return { resources: tellApart(place, rows, decode), notes: [], isAmbiguous: false };
  const { own, others } = separateOwn(place, rows, context);
  const asOther = (row: Row): Resource => ({ ...decode(row, standUnderId(place, row)), builtin: true });
  const isLater = (row: Row): boolean =>
    others.some(({ id, name }) => name === row["name"] && compareText(spellJson(id), spellJson(row["id"])) < 0);
  const resources = [...own].map(([address, row]) => decode(row, address));
  const notes: Diagnostic[] = [];
  for (const row of others) {
    const address = addressOf(place, row);
    const namesake = own.get(address);
    const isOther = namesake !== undefined;
    resources.push(isOther ? asOther(row) : decode(row, address));
    // Of two that nobody can tell apart the one with the lower id takes the name: the other stands under its id as well, not to be lost.
    if (!isOther && isLater(row)) resources.push(asOther(row));
    if (isOther && !isReplaced(row, namesake)) notes.push(describeNamesake(address, row));
  }
  const shared = others.filter(isShared);
  if (shared.length > 0) notes.push(describeShared(place.address, shared));
  return { resources, notes, isAmbiguous: shared.length > 0 };
}

/** Of several keys of one name the last one made has it; names of keys need not be unique, and a rotation leaves two for a while. */
function tellApart(
  place: LivePlace,
  rows: readonly Row[],
  decode: (row: Row, address: Address) => Resource,
): readonly Resource[] {
  const inOrder = rows.toSorted(
    (a, b) => createdAt(a) - createdAt(b) || compareText(spellJson(a["id"]), spellJson(b["id"])),
  );
  const named = new Map(inOrder.map((row) => [addressOf(place, row), row]));
  return inOrder.map((row) => {
    const address = addressOf(place, row);
    return named.get(address) === row
      ? decode(row, address)
      : { ...decode(row, standUnderId(place, row)), builtin: true };
  });
}

/** The keys that the ledger knows under this space, and those it does not know. Those it knows elsewhere stand there. */
function separateOwn(
  place: LivePlace,
  rows: readonly Row[],
  { rememberedAs, world }: ReadContext,
): { readonly own: ReadonlyMap<Address, Row>; readonly others: readonly Row[] } {
  const own = new Map<Address, Row>();
  const others: Row[] = [];
  const take = (row: Row): void => {
    const address = addressOf(place, row);
    const namesake = own.get(address);
    // A rotation leaves two for a while: the one before it is what the ledger has under the name of the space before a rename.
    const isLast = namesake === undefined || isReplaced(namesake, row);
    if (namesake !== undefined) others.push(isLast ? namesake : row);
    if (isLast) own.set(address, row);
  };
  for (const row of rows) {
    const home = rememberedAs?.("service-key", spellJson(row["id"]));
    const isHere = home !== undefined && (home === addressOf(place, row) || isUnderOtherName(home, row));
    if (isHere) take(row);
    else if (home === undefined || !world.has(spaceOf(home))) others.push(row);
  }
  return { own, others };

  /** The space is to be renamed and is not yet, or was renamed by hand. */
  function isUnderOtherName(home: Address, row: Row): boolean {
    return pathPart(home, 2) === row["name"] && !world.has(spaceOf(home));
  }
}

/** One key as it is now: under the id it is believed to have, else by its name. */
export async function lookAtKey(context: LookContext): Promise<Resource | undefined> {
  const { reader, address, believed, idOf, addressOf: byId } = context;
  const space = believed?.["space"] ?? idOf(spaceOf(address));
  const rows = await listWithin(reader, requestFor(space));
  const id = believed?.["id"];
  const row = rows.find((each) => (id === undefined ? each["name"] === pathPart(address, 2) : each["id"] === id));
  const place = { address: byId("space", space) ?? spaceOf(address), id: space };
  return row === undefined ? undefined : decodeKey(row, { address: addressOf(place, row), place, byId });
}

/** The ids of all live keys of a space. */
export async function listKeyIds(reader: PlatformReader, space: string): Promise<ReadonlySet<unknown>> {
  return new Set((await listWithin(reader, requestFor(space))).map((row) => row["id"]));
}

/** A live key of a name that was not there before. */
export async function findNewKey(
  reader: PlatformReader,
  wanted: { readonly space: string; readonly name: string; readonly known: ReadonlySet<unknown> },
): Promise<Row | undefined> {
  const rows = await listWithin(reader, requestFor(wanted.space));
  return rows.find(({ id, name }) => name === wanted.name && !wanted.known.has(id));
}

/** Keys that an intent in doubt may have made, and whose secret nobody has. */
export async function findUndeliveredKeys(context: DoubtContext): Promise<readonly RemoteRef[]> {
  const { reader, intent, at, isKnown } = context;
  if (intent.op === "delete") return [];
  const space = intent.remote?.["space"] ?? (await findSpaceId(reader, spaceOf(intent.address)));
  if (space === undefined) return [];
  const rows = await listWithin(reader, requestFor(space));
  // A key of the same name that somebody made later by hand has users: only what came about with the intent is ours to revoke.
  const isThen = (row: Row): boolean => Math.abs(createdAt(row) - Date.parse(at)) <= SKEW_MILLISECONDS;
  return rows
    .filter((row) => row["name"] === pathPart(intent.address, 2) && !isKnown(spellJson(row["id"])))
    .filter(isThen)
    .map((row) => ({ id: textIn(row, "id", "service-key"), space }));
}

async function findSpaceId(reader: PlatformReader, space: Address): Promise<string | undefined> {
  const [organization = "", name = ""] = pathOf(space);
  const find = async (path: string, collection: string, query: Readonly<Record<string, string>>) =>
    (await listWithin(reader, { path, query, collection })).find((row) => row["name"] === query["name"]);
  const parent = await find("/v2/organizations", "organizations", { name: organization });
  if (parent === undefined) return undefined;
  const found = await find("/v2/spaces", "spaces", { org_id: textIn(parent, "id", "organization"), name });
  return found === undefined ? undefined : textIn(found, "id", "space");
}

function requestFor(space: string): ListRequest {
  return { path: KEYS_PATH, query: { space_id: space, key_type: "SERVICE", status: "ACTIVE" }, collection: "api_keys" };
}

function createdAt(row: Row): number {
  return Date.parse(optionalTextIn(row, "created_at"));
}

function addressOf(place: LivePlace, row: Row): Address {
  return addressIn("service-key", place.address, textIn(row, "name", "service-key"));
}

/** A control character keeps an id from ever being taken for a name. */
function standUnderId(place: LivePlace, row: Row): Address {
  return addressIn("service-key", place.address, `\u0000${spellJson(row["id"])}`);
}

/** True for a key that came before its namesake and ends before it, as what a rotation leaves behind does. */
function isReplaced(row: Row, namesake: Row): boolean {
  const [end, other] = [row, namesake].map((each) => Date.parse(optionalTextIn(each, "expires_at")));
  return createdAt(row) <= createdAt(namesake) && end !== undefined && other !== undefined && end <= other;
}

function decodeKey(
  row: Row,
  names: {
    readonly address: Address;
    readonly place: LivePlace;
    readonly byId: (kind: KindName, id: string) => Address | undefined;
  },
): Resource {
  const bot = row["bot_user"];
  const isShown = bot !== null && typeof bot === "object" && !Array.isArray(bot);
  const used = optionalTextIn(row, "last_used_at");
  return {
    kind: "service-key",
    address: names.address,
    spec: {
      description: optionalTextIn(row, "description"),
      expires: decodeEnd(row["expires_at"]),
      ...(isShown ? decodeBot(bot as JsonObject, names.place.id, names.byId) : {}),
    },
    unknown: ["rotation", "secret", ...(isShown ? [] : ROLE_FIELDS)],
    facts: {
      last_used: used === "" ? null : used,
      bot: isShown ? optionalTextIn(bot as JsonObject, "id") : null,
      name: optionalTextIn(row, "name"),
      creator: optionalTextIn(row, "created_by_user_id"),
      redacted: optionalTextIn(row, "redacted_key"),
    },
    origin: { from: "platform", remote: { id: textIn(row, "id", "service-key"), space: names.place.id } },
  };
}

/** An instant as manifests are read; null where the key has no end. */
function decodeEnd(value: Json | undefined): string | null {
  const end = typeof value === "string" ? new Date(value) : undefined;
  return end === undefined || Number.isNaN(end.getTime()) ? null : end.toISOString().replace(/\.000Z$/u, "Z");
}

function describeNamesake(address: Address, row: Row): Diagnostic {
  const end = optionalTextIn(row, "expires_at");
  return {
    code: "AX312",
    severity: "note",
    summary: "Another live key has the same name",
    detail: `Beside ${address}, which the ledger knows by its id, the space has a key of that name with the id ${spellJson(row["id"])}, ${end === "" ? "without an end" : `which ends at ${end}`}.`,
    fix: "It is left alone. Revoke it in the web interface if nobody uses it.",
  };
}

function describeShared(place: Address, rows: readonly Row[]): Diagnostic {
  return {
    code: "AX313",
    severity: "warning",
    summary: "A key works in several spaces",
    detail: `${rows.map(({ name }) => JSON.stringify(name)).join(", ")} in ${place} also stands in another space, and the ledger does not say in which the manifest wrote it; no key is removed there.`,
    fix: "Revoke it in the web interface if it is to go.",
  };
}
