import type { AccessDelta, AccessShift, AccessSide } from "../model/access.ts";
import { type Address, compareAddresses } from "../model/address.ts";
import type { Worlds } from "../model/kind.ts";
import type { Policy } from "../model/policy.ts";
import type { World } from "../model/resource.ts";
import { evaluateAccess } from "./effective-access.ts";
import { indexHolders } from "./holders-near.ts";
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
  // Stryker disable next-line ConditionalExpression: only saves the counting where nobody loses a place.
  if (suspects.size === 0) return [];
  const candidates = indexHolders(live);
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
    // Stryker disable next-line ConditionalExpression,StringLiteral: no world holds the account; this tells the compiler so.
    if (place === "account") continue;
    if (isNothing(after) && !isNothing(before) && live.has(place)) appendTo(losses, place, shift);
  }
  // Stryker disable next-line all: only saves the counting; the share is judged of those who really are there.
  const suspects = [...losses].filter(([, found]) => (found.length * 100) / PEOPLE_FLOOR > maxPercent);
  return new Map(suspects.sort(([a], [b]) => compareAddresses(a, b)));
}

function isNothing({ permissions, isLowerBound }: AccessSide): boolean {
  return permissions === "none" && !isLowerBound;
}
