import { KINDS } from "../../src/kinds/registry.ts";
import { resolveCascades } from "../../src/plan/cascade.ts";
import { indexKinds } from "../../src/plan/kinds-by-name.ts";
import type { PlanInput } from "../../src/plan/make-plan.ts";
import { matchWorlds } from "../../src/plan/match.ts";
import { applyChanges } from "../../src/plan/predict-world.ts";
import { type Weighed, weighAccess } from "../../src/plan/weigh-access.ts";

/** What the changes of a plan mean for people, with everything that a plan only counts; for inputs without renames and targets. */
export function weighSample(input: PlanInput): Weighed {
  const kinds = indexKinds(KINDS);
  const { desired, observation } = input;
  const matching = matchWorlds({ ...input, kinds, renamed: new Map(), isIgnored: () => false });
  const { drafts, cascades } = resolveCascades(matching.drafts, observation.world, kinds);
  const gone = [...cascades.values()].flatMap(({ certain }) => certain);
  const worlds = { live: observation.world, planned: applyChanges(observation.world, drafts, gone) };
  return weighAccess({ drafts, cascades, worlds, observation, kinds, policy: desired.policy, desired });
}
