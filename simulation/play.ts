import type { Breach } from "./invariants/invariant.ts";
import { judge } from "./invariants/judge.ts";
import type { Evidence } from "./story/evidence.ts";
import { runScenario } from "./story/run-scenario.ts";
import type { Scenario } from "./story/scenario.ts";

/** What a scenario came to. */
export interface Outcome {
  readonly evidence: Evidence;
  readonly breaches: readonly Breach[];
}

/** Plays a scenario and judges it. What stands still, or throws beside axcess, is a breach as well. */
export async function play(scenario: Scenario): Promise<Outcome> {
  try {
    const evidence = await runScenario(scenario);
    return { evidence, breaches: judge(evidence) };
  } catch (error) {
    const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const evidence = { scenario, happenings: [], outputs: [], adminKey: "" };
    return { evidence, breaches: [{ invariant: "comes-to-an-end", words }] };
  }
}
