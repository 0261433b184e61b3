import type { AccessDelta, AccessShift, AccessSide } from "../model/access.ts";
import { type Address, compareAddresses, kindOf, pathText } from "../model/address.ts";
import type { Worlds } from "../model/kind.ts";
import type { Policy } from "../model/policy.ts";
import type { World } from "../model/resource.ts";
import { evaluateAccess } from "./effective-access.ts";
import { appendTo, type StepFinding } from "./step-finding.ts";

/** The share of people who lose a place is only judged where so many have it. */
const PEOPLE_FLOOR = 10;

/**
 * Blocks what leaves too large a share of a place's people with nothing there. A place whose difference is that of what it is in
 * is judged as part of that.
 */
export function guardMassLoss(input: {
  readonly worlds: Worlds;
  readonly delta: AccessDelta;
  readonly policy: Policy;
}): readonly StepFinding[] {
  const { maxRemovalPercent, assume } = input.policy;
  const { live } = input.worlds;
  const suspects = findSuspects(input.delta, live, maxRemovalPercent);
  if (suspects.size === 0) return [];
  const candidates = listCandidates(live, [...suspects.keys()]);
  return [...suspects].flatMap(([place, losses]) => {
    const total = candidates(place).filter(
      (person) => evaluateAccess(live, person, place, assume).paths.length > 0,
    ).length;
    const share = (losses.length * 100) / total;
    if (total < PEOPLE_FLOOR || share <= maxRemovalPercent) return [];
    const percent = Math.ceil(share);
    const detail = `${losses.length} of ${total} people lose ${place}, ${percent} percent; the policy allows ${maxRemovalPercent}.`;
    const steps = new Set(losses.flatMap(({ takenBy }) => takenBy));
    const release = `--max-removal-percent ${percent}`;
    return [...steps].map((step) => ({ step, finding: { code: "mass-removal" as const, detail, release } }));
  });
}

/** Places that so many lose altogether that it may be too many. */
function findSuspects(
  { shifts }: AccessDelta,
  live: World,
  maxPercent: number,
): ReadonlyMap<Address, readonly AccessShift[]> {
  const losses = new Map<Address, AccessShift[]>();
  for (const shift of shifts) {
    const { place, before, after } = shift;
    const losesAll = isNothing(after) && !isNothing(before);
    if (place !== "account" && losesAll && live.has(place)) appendTo(losses, place, shift);
  }
  return new Map(
    [...losses]
      .filter(([, found]) => (found.length * 100) / PEOPLE_FLOOR > maxPercent)
      .sort(([a], [b]) => compareAddresses(a, b)),
  );
}

function isNothing({ permissions, isLowerBound }: AccessSide): boolean {
  return permissions === "none" && !isLowerBound;
}

/** Makes a list of whoever may have something in one of these places: by one pass over the world, whatever the number of places. */
function listCandidates(live: World, places: readonly Address[]): (place: Address) => readonly Address[] {
  const wanted = new Set(places.flatMap(pathsTo));
  const admins: Address[] = [];
  const holders = new Map<string, Address[]>();
  for (const { address, spec } of live.values()) {
    const kind = kindOf(address);
    if (kind === "user" && spec["role"] === "admin") admins.push(address);
    if (!GRANTS.includes(kind)) continue;
    const path = pathText(address);
    const end = path.lastIndexOf("/");
    if (wanted.has(path.slice(0, end))) appendTo(holders, path.slice(0, end), `user:${path.slice(end + 1)}`);
  }
  return (place) => [...new Set([...admins, ...pathsTo(place).flatMap((path) => holders.get(path) ?? [])])];
}

const GRANTS: readonly string[] = ["org-member", "space-member", "binding"];

/** The paths of a place and of everything it is in. */
function pathsTo(place: Address): readonly string[] {
  const names = pathText(place).split("/");
  return names.map((_, depth) => names.slice(0, depth + 1).join("/"));
}
