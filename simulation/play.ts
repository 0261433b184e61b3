import type { Breach } from "./invariants/invariant.ts";
import { judge } from "./invariants/judge.ts";
import type { Evidence } from "./story/evidence.ts";
import { runScenario, type Start } from "./story/run-scenario.ts";
import type { Sabotage } from "./story/sabotage.ts";
import type { Scenario } from "./story/scenario.ts";

/** What a scenario came to. */
export interface Outcome {
  readonly evidence: Evidence;
  readonly breaches: readonly Breach[];
}

/** Plays a scenario and judges it. What stands still, or throws beside axcess, is a breach as well. A fault that is planted into axcess is played with. `start` is where a scenario that begins alike was saved. */
export async function play(scenario: Scenario, sabotage: Sabotage = {}, start?: Start): Promise<Outcome> {
  try {
    const evidence = await runScenario(scenario, sabotage, start);
    return { evidence, breaches: judge(evidence) };
  } catch (error) {
    const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const evidence = { scenario, happenings: [], outputs: [], adminKey: "" };
    return { evidence, breaches: [{ invariant: "comes-to-an-end", words }] };
  }
}
