import { checkAssertions } from "../access/assertions.ts";
import type { AssertionFailure } from "../model/assertion.ts";
import { canonicalJson } from "../model/json.ts";
import type { Desired } from "../model/plan.ts";
import type { PlanShard, Shard } from "../model/shard.ts";
import { countKinds } from "./count-kinds.ts";
import { spellDesired } from "./describe-desired.ts";
import { digestOfPieces } from "./digest.ts";
import type { Drafted, PlanInput } from "./draft-plan.ts";
import type { Aimed } from "./shard-plan.ts";

/** What the plan of a part says of the whole. */
export function describeShard({
  given,
  aimed: { input, elsewhere, before, isElsewhere },
  drafted,
  failures,
}: {
  readonly given: PlanInput;
  readonly aimed: Aimed;
  readonly drafted: Drafted;
  readonly failures: readonly AssertionFailure[];
}): PlanShard {
  const { policy } = given.desired;
  const old = new Set(checkAssertions(input.desired.assertions, before, policy.assume).map(keyOf));
  return {
    ...(given.shard as Shard),
    whole: digestOfPieces((add) => spellWhole(given.desired, policy, add)),
    elsewhere,
    allows: { maxRemovals: policy.maxRemovals, maxRemovalPercent: policy.maxRemovalPercent },
    // What the account part takes from somebody here is no change of this part: nobody but the whole can be blocked by it.
    breaks: failures
      .filter((failure) => !old.has(keyOf(failure)))
      .map(({ statement, place, detail }) => `${statement} In ${place}: ${detail}`),
    counts: countKinds(drafted, (address) => !isElsewhere(address)),
  };
}

function keyOf({ source, place, person }: AssertionFailure): string {
  return JSON.stringify([source, place, person]);
}

/** Spells all that is wanted, and the policy, as canonical JSON. */
function spellWhole(desired: Desired, policy: unknown, add: (piece: string) => void): void {
  add('{"desired":');
  spellDesired(desired, add);
  add(`,"policy":${canonicalJson(policy)}}`);
}
