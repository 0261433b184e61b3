import type { Chance } from "../machine/chance.ts";
import type { Scenario, Stage, Visit } from "../story/scenario.ts";

/** The same scenario, in which somebody takes the last run back, in the middle of the trouble or at its end. */
export function takeBack(scenario: Scenario, chance: Chance): Scenario {
  const at = chance.happens(0.7) ? scenario.stages.length - 1 : chance.below(scenario.stages.length);
  const { putBack: _, ...stage } = scenario.stages[at] as Stage;
  const undo: Visit = { approves: chance.pick(["all", "all", "some", "none"]), isSaved: true, undoes: true };
  const troubled = stage.troubled.toSpliced(chance.below(stage.troubled.length + 1), 0, undo);
  return { ...scenario, stages: scenario.stages.with(at, { ...stage, troubled }), keepsApprovals: false };
}
