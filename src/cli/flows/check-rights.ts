import { type CallerStanding, readStanding, type StandingPlaces } from "../../engine/caller-standing.ts";
import { judgeRight, placeOf, placesOf, type Right, type WritePlace } from "../../engine/judge-right.ts";
import { WRITE_NEEDS } from "../../engine/write-needs.ts";
import { KINDS } from "../../kinds/registry.ts";
import { loadManifest } from "../../manifest/load-manifest.ts";
import { type Address, formatAddress } from "../../model/address.ts";
import type { ChangeOp } from "../../model/change.ts";
import type { Kind } from "../../model/kind.ts";
import type { Caller, PlatformReader } from "../../model/platform.ts";
import type { Check } from "../render/checks-text.ts";
import type { Session } from "../session.ts";

/**
 * What the key may do, told without writing: what a plan needs, and what an apply needs of each kind that the manifest manages,
 * or of every kind where there is no manifest.
 */
export async function checkRights(session: Session, reader: PlatformReader, caller: Caller): Promise<readonly Check[]> {
  const kinds = await listManaged(session);
  const addresses = kinds.flatMap(({ addresses }) => addresses);
  const ids = caller.accountAdmin === "yes" ? NOWHERE : await findIds(reader, addresses);
  const standing = await readStanding(reader, caller, listPlaces(ids));
  return [...describePlanning(caller), ...kinds.map((managed) => describeKind(managed, standing, ids))];
}

interface Managed {
  readonly kind: Kind;
  readonly addresses: readonly Address[];
}

async function listManaged({ files, globals }: Session): Promise<readonly Managed[]> {
  const { manifest } = await loadManifest({ files, paths: globals.files });
  if (manifest === undefined) return KINDS.map((kind) => ({ kind, addresses: [] }));
  const all = KINDS.map((kind) => ({
    kind,
    addresses: kind.declare(manifest).map(({ resource }) => resource.address),
  }));
  return all.filter(({ addresses }) => addresses.length > 0);
}

/** Ids of organizations and spaces by their address; undefined for a name that is there twice. */
type Ids = ReadonlyMap<Address, string | undefined>;

const NOWHERE: Ids = new Map();

async function findIds(reader: PlatformReader, addresses: readonly Address[]): Promise<Ids> {
  const wanted = new Set(addresses.map(placesOf).flatMap(({ organization, space }) => [organization, space]));
  const ids = new Map<Address, string | undefined>();
  const note = (path: readonly string[], id: unknown): void => {
    const address = formatAddress(path.length === 1 ? "organization" : "space", path);
    if (wanted.has(address)) ids.set(address, ids.has(address) ? undefined : String(id));
  };
  const organizations = await reader.list({ path: "/v2/organizations", query: {}, collection: "organizations" });
  for (const { name, id } of organizations) note([String(name)], id);
  for (const { name: organization, id: org_id } of organizations) {
    if (!ids.has(formatAddress("organization", [String(organization)]))) continue;
    const query = { org_id: String(org_id) };
    const spaces = await reader.list({ path: "/v2/spaces", query, collection: "spaces" });
    for (const { name, id } of spaces) note([String(organization), String(name)], id);
  }
  return ids;
}

function listPlaces(ids: Ids): StandingPlaces {
  const of = (kind: string): readonly string[] =>
    [...ids].flatMap(([address, id]) => (id !== undefined && address.startsWith(`${kind}:`) ? [id] : []));
  return { organizations: of("organization"), spaces: of("space") };
}

function describePlanning({ accountAdmin, graphql }: Caller): readonly Check[] {
  const whole: Right = accountAdmin === "yes" ? "has" : accountAdmin === "no" ? "lacks" : "unknown";
  return [
    makeCheck("plan, whole lists", whole, "an account admin's key; without it no removal is planned"),
    makeCheck("plan, members", graphql === "available" ? "has" : "lacks", "GraphQL; without it no member is removed"),
  ];
}

const OPS: readonly (readonly [ChangeOp, string])[] = [
  ["create", "make"],
  ["update", "change"],
  ["delete", "remove"],
];

function describeKind({ kind, addresses }: Managed, standing: CallerStanding, ids: Ids): Check {
  const places =
    addresses.length === 0 ? [NO_PLACE] : addresses.map((address) => placeOf(address, (place) => ids.get(place)));
  const rights = OPS.map(([op, word]) => {
    const found = places.map((place) => judgeRight(WRITE_NEEDS[kind.name][op], standing, place));
    return [word, GRAVEST.find((right) => found.includes(right)) ?? "unknown"] as const;
  });
  const worst = GRAVEST.find((right) => rights.some(([, each]) => each === right)) ?? "unknown";
  const words = (right: Right): string => rights.flatMap(([word, each]) => (each === right ? [word] : [])).join(", ");
  const detail = GRAVEST.filter((right) => words(right) !== "").map((right) => `${SPELLED[right]} to ${words(right)}`);
  return { name: `apply, ${kind.title}`, state: worst === "has" ? "ok" : "warn", detail: detail.join("; ") };
}

const NO_PLACE: WritePlace = { organization: undefined, space: undefined };

const GRAVEST: readonly Right[] = ["lacks", "unknown", "has"];
const SPELLED: Readonly<Record<Right, string>> = {
  has: "has the right",
  lacks: "lacks the right",
  unknown: "cannot be told whether it has the right",
};

function makeCheck(name: string, right: Right, needs: string): Check {
  return { name, state: right === "has" ? "ok" : "warn", detail: `${SPELLED[right]}: ${needs}` };
}
