import { describeFacet } from "../access/plan-scene.ts";
import { type Address, kindOf, parseClassKey } from "../model/address.ts";
import type { Resource } from "../model/resource.ts";
import { type Drafted, draftPlan, type PlanInput } from "./draft-plan.ts";
import { PERCENT_FLOOR } from "./guards.ts";
import type { Draft } from "./match.ts";

/**
 * Whether what was read of an account for the targets of a plan is enough to judge it as a reading of the whole would: nothing
 * changes, or what does is judged by nothing else. A share is never too large by what goes, however few there are; no admin goes
 * whose fellows were not read; nothing has to hold for the whole account. Where in doubt it is not enough.
 */
export function suffices(input: PlanInput): boolean {
  if (input.part === undefined) return true;
  const drafted = draftPlan(input);
  if (holdsMore(input)) return false;
  if (drafted.drafts.length === 0) return true;
  return (
    input.desired.assertions.length === 0 &&
    drafted.drafts.every((draft) => isLocal(draft, drafted)) &&
    isFew(input, drafted) &&
    (input.part.focus === undefined || !takesAdmin(drafted))
  );
}

/** True where people who are targets hold something in places that were not read and in which the manifest may want it gone. */
function holdsMore({ part, desired, observation, limits }: PlanInput): boolean {
  if (part?.focus?.people.some((person) => limits.targets.includes(person)) !== true) return false;
  const strays = observation.glimpse?.strays ?? new Set();
  return [...desired.managed].some(
    ([key, mode]) => mode === "authoritative" && strays.has(parseClassKey(key).kind as never),
  );
}

/** True for what concerns nobody but the holder of a grant, or nobody at all; and for what is new, in which nobody is yet. */
function isLocal({ op, address, after }: Draft, { kinds, worlds: { live, planned } }: Drafted): boolean {
  const kind = kinds.of(address);
  if (op === "create") return !kind.isHeldAnywhere || !isAdmin(after);
  if (kind.attachedTo(address).some((other) => kinds.of(other).isHeldAnywhere)) return true;
  return op === "update" && describeFacet(live.get(address)) === describeFacet(planned.get(address));
}

/** True where no class of the account could be so small that too large a share of it goes, and no place that too many lose it. */
function isFew({ part, desired, limits }: PlanInput, { cascades }: Drafted): boolean {
  const most = ((limits.maxRemovalPercent ?? desired.policy.maxRemovalPercent) * PERCENT_FLOOR) / 100;
  const going = new Map<string, Set<Address>>();
  for (const [address, { certain }] of cascades) {
    for (const gone of [address, ...certain]) {
      const ofKind = going.get(kindOf(gone)) ?? new Set();
      going.set(kindOf(gone), ofKind.add(gone));
    }
  }
  return [...going.values()].every(({ size }) => size <= most) && (part?.focus?.people ?? []).length <= most;
}

function takesAdmin({ drafts, cascades, worlds: { live, planned } }: Drafted): boolean {
  const touched = [
    ...drafts.map(({ address }) => address),
    ...[...cascades.values()].flatMap(({ certain }) => certain),
  ];
  return touched.some((address) => isAdmin(live.get(address)) && !isAdmin(planned.get(address)));
}

function isAdmin(resource: Resource | undefined): boolean {
  return resource?.spec["role"] === "admin" || resource?.spec["also"] === "admin";
}
