import { evaluateAccess } from "../access/effective-access.ts";
import { listBots } from "../access/list-bots.ts";
import { listPeople, listPlaces } from "../access/questions.ts";
import type { AccessPath, AccessSettings } from "../model/access.ts";
import {
  type Address,
  compareAddresses,
  compileAddressPattern,
  formatAddress,
  kindOf,
  pathOf,
  pathPart,
} from "../model/address.ts";
import { formatPosition } from "../model/diagnostic.ts";
import type { RunRecord } from "../model/history.ts";
import { compareText } from "../model/json.ts";
import type { Ownership } from "../model/manifest.ts";
import type { Resource, World } from "../model/resource.ts";
import { type GrantRecord, indexGrants, recallGrant } from "./recall-grants.ts";

/** What one owner answers for: who has access to it. */
export interface ReviewPacket {
  /** E-mail; undefined for what nobody owns. */
  readonly owner: string | undefined;
  readonly places: readonly PlaceReview[];
}

/** Who has access to a place. Of a project that is not restricted only what it gives beside its space. */
export interface PlaceReview {
  readonly place: Address;
  readonly isRestricted: boolean;
  /** Sorted by holder, then by grant. */
  readonly holdings: readonly Holding[];
  readonly keys: readonly KeyReview[];
}

/** One way in which somebody has access. */
export interface Holding extends Pick<AccessPath, "reason" | "grant" | "role"> {
  /** E-mail, or what the account calls a bot. */
  readonly holder: string;
  /** `invited` is whoever has not come yet. */
  readonly state: "person" | "invited" | "bot";
  /** What the ledger tells of the grant as it is now; undefined where it tells nothing. */
  readonly record: GrantRecord | undefined;
  /** What the manifest writes of it; undefined where it does not. */
  readonly written:
    | {
        readonly source: string;
        readonly group: string | undefined;
        readonly reason: string | undefined;
        readonly expires: string | undefined;
      }
    | undefined;
}

/** A live service key of a space. Undefined is what the account does not show. */
export interface KeyReview {
  readonly name: string;
  readonly redacted: string | undefined;
  readonly role: string | undefined;
  /** E-mail, or the platform's id where nobody has it any more. */
  readonly creator: string | undefined;
  /** Where it works, this space first. */
  readonly spaces: readonly Address[];
  /** RFC 3339 instants. */
  readonly used: string | undefined;
  readonly expires: string | undefined;
  readonly record: GrantRecord | undefined;
}

export interface ReviewInput {
  readonly live: World;
  /** With all that the manifest writes, also what has run out. */
  readonly declared: World;
  readonly owners: readonly Ownership[];
  readonly runs: readonly RunRecord[];
  readonly settings: AccessSettings;
}

/** Sorts who has access to what by who answers for it, what nobody owns last. Pure: the same state gives the same packets. */
export function makePackets(input: ReviewInput): readonly ReviewPacket[] {
  const scene: Scene = {
    ...input,
    records: indexGrants(input.runs),
    people: listPeople(input.live),
    bots: listBots(input.live),
    names: nameIds(input.live),
    keys: [...input.live.values()].filter(({ kind }) => kind === "service-key"),
  };
  const patterns = input.owners.map(({ on, people }) => ({ fits: compileAddressPattern(on), people }));
  const packets = new Map<string | undefined, PlaceReview[]>();
  for (const place of listPlaces(input.live)) {
    const review = reviewPlace(place, scene);
    const owners = findOwners(place, patterns);
    for (const owner of owners.length === 0 ? [undefined] : owners) {
      packets.set(owner, [...(packets.get(owner) ?? []), review]);
    }
  }
  return [...packets]
    .map(([owner, places]) => ({ owner, places: places.sort((a, b) => compareText(treeOrder(a), treeOrder(b))) }))
    .sort(compareOwners);
}

function compareOwners({ owner: a }: ReviewPacket, { owner: b }: ReviewPacket): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
  return compareText(a, b);
}

/** A place comes right before what is in it. */
function treeOrder({ place }: PlaceReview): string {
  return pathOf(place).join("\u0000");
}

interface Pattern {
  readonly fits: (address: Address) => boolean;
  readonly people: readonly string[];
}

/** Who owns a place: all whose patterns fit it, else those of what it is in. A pattern with nobody says that nobody does. */
function findOwners(place: Address, patterns: readonly Pattern[]): readonly string[] {
  const fitting = patterns.filter(({ fits }) => fits(place));
  if (fitting.length > 0) return [...new Set(fitting.flatMap(({ people }) => people))];
  const [kind, path] = [kindOf(place), pathOf(place).slice(0, -1)];
  if (kind === "project") return findOwners(formatAddress("space", path), patterns);
  return kind === "space" ? findOwners(formatAddress("organization", path), patterns) : [];
}

interface Scene extends ReviewInput {
  readonly records: ReadonlyMap<Address, GrantRecord>;
  readonly people: readonly Address[];
  readonly bots: ReadonlySet<Address>;
  /** E-mail by the platform's id. */
  readonly names: ReadonlyMap<string, string>;
  readonly keys: readonly Resource[];
}

function nameIds(live: World): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { kind, address, origin } of live.values()) {
    if (kind === "user" && origin.from === "platform") names.set(origin.remote["id"] ?? "", pathPart(address, 0));
  }
  return names;
}

function reviewPlace(place: Address, scene: Scene): PlaceReview {
  const isProject = kindOf(place) === "project";
  const isRestricted = isProject && scene.live.has(formatAddress("restriction", pathOf(place)));
  const holdings = scene.people.flatMap((person) => {
    const { paths, isPending } = evaluateAccess(scene.live, person, place, scene.settings);
    const counting = isProject && !isRestricted ? paths.filter(({ reason }) => reason === "project-binding") : paths;
    const state = scene.bots.has(person) ? "bot" : isPending ? "invited" : "person";
    return counting.map((path) => describeHolding(path, { person, state }, scene));
  });
  const keys = kindOf(place) === "space" ? scene.keys.filter(({ address }) => spaceOf(address) === place) : [];
  return {
    place,
    isRestricted,
    holdings: holdings.sort((a, b) => compareText(a.holder, b.holder) || compareAddresses(a.grant, b.grant)),
    keys: keys.map((key) => describeKey(key, scene)).sort(compareKeys),
  };
}

function compareKeys(a: KeyReview, b: KeyReview): number {
  return compareText(a.name, b.name) || compareText(a.redacted ?? "", b.redacted ?? "");
}

function describeHolding(
  { reason, grant, role }: AccessPath,
  { person, state }: { readonly person: Address; readonly state: Holding["state"] },
  { live, declared, records }: Scene,
): Holding {
  const origin = declared.get(grant)?.origin;
  return {
    ...{ holder: pathPart(person, 0), state, reason, grant, role },
    record: recallGrant(live.get(grant), records),
    written:
      origin?.from === "manifest"
        ? { source: formatPosition(origin.at), group: origin.group, reason: origin.reason, expires: origin.expires }
        : undefined,
  };
}

function describeKey(key: Resource, { keys, names, live, records }: Scene): KeyReview {
  const { address, spec, facts = {}, origin } = key;
  const id = origin.from === "platform" ? origin.remote["id"] : undefined;
  const same = keys.filter((other) => other.origin.from === "platform" && other.origin.remote["id"] === id);
  const others = same.map((other) => spaceOf(other.address)).filter((space) => space !== spaceOf(address));
  const creator = textOf(facts["creator"]);
  return {
    name: textOf(facts["name"]) ?? pathPart(address, 2),
    redacted: textOf(facts["redacted"]),
    role: textOf(spec["role"]),
    creator: creator && (names.get(creator) ?? creator),
    spaces: [spaceOf(address), ...new Set(others.sort(compareAddresses))],
    used: textOf(facts["last_used"]),
    expires: textOf(spec["expires"]),
    record: recallGrant(live.get(address), records),
  };
}

function spaceOf(key: Address): Address {
  return formatAddress("space", pathOf(key).slice(0, 2));
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
