import type { ApplyReport, StepState } from "../apply/report.ts";
import { KINDS } from "../kinds/registry.ts";
import { pathPart } from "../model/address.ts";
import type { Step } from "../model/change.ts";
import { PlatformError } from "../model/errors.ts";
import type { Manifest } from "../model/manifest.ts";
import type { Observation, Plan } from "../model/plan.ts";
import { indexKinds } from "../plan/kinds-by-name.ts";
import { selectTouched } from "../plan/touched-classes.ts";
import { forgetClasses } from "../state/forget-classes.ts";
import type { AccountWriting } from "./account-reading.ts";
import type { UndoSource } from "./aim-undo.ts";
import type { Hear } from "./engine-event.ts";
import type { Run } from "./open-run.ts";
import type { Outside } from "./outside.ts";
import { completeSight, planFrom, readSight, type Sight } from "./read-sight.ts";

interface Looking {
  readonly manifest: Manifest;
  readonly account: AccountWriting;
  readonly run: Run;
  readonly outside: Outside;
  readonly signal: AbortSignal;
  readonly hear: Hear;
}

/** What was run, and what was seen before. */
interface Ran {
  readonly plan: Plan;
  readonly sight: Sight;
  readonly undo: UndoSource | undefined;
}

/** Looks again after something was done: the plan of what is left, if it could be made. */
export async function lookAgain(
  { manifest, account, run, outside, signal, hear }: Looking,
  { plan, sight: before, undo }: Ran,
  report: ApplyReport,
): Promise<Plan | undefined> {
  const didSomething = report.results.some(({ state }) => state === "done" || state === "failed");
  if (!didSomething || signal.aborted) return undefined;
  try {
    const options = { memory: run.ledger.memory(), limits: plan.limits };
    const base = undo === undefined ? keepUntouched(before, report) : undefined;
    const query = {
      manifest,
      undo,
      rotate: plan.basis.rotate,
      shard: plan.shard,
      memory: options.memory,
      now: outside.clock.now(),
      base,
      targets: base === undefined ? plan.limits.targets : [],
    };
    const sight = await readSight(account, query, hear);
    const left = planFrom(await completeSight(account, { ...options, sight }, hear), options);
    hear({ type: "verified", report, left });
    return left;
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    hear({ type: "unverified", because: error.message });
    return undefined;
  }
}

/** Steps that nothing was sent for, and nothing seen of. */
const UNTRIED: readonly StepState[] = ["skipped", "held", "blocked"];

/** What was seen before and the run cannot have changed; undefined where only a part was seen, something was in doubt, or all may be otherwise. */
function keepUntouched({ observation, part }: Sight, { results }: ApplyReport): Observation | undefined {
  const tried = results.filter(({ state }) => !UNTRIED.includes(state)).map(({ step }) => step);
  if (part !== undefined || isDoubtful(observation) || movesCaller(tried, observation)) return undefined;
  const touched = selectTouched(tried, observation, indexKinds(KINDS));
  return touched && forgetClasses(observation, touched, KINDS);
}

/** Nobody could tell which doubts a new reading of some of it settles; and who is no account admin may see otherwise after any change of a role. */
function isDoubtful({ notes, caller }: Observation): boolean {
  return caller.accountAdmin !== "yes" || notes.some(({ severity }) => severity !== "note");
}

/** True where what the caller may see may be otherwise as well. */
function movesCaller(tried: readonly Step[], { caller: { email } }: Observation): boolean {
  return email === undefined || tried.some(({ address }) => pathPart(address, -1) === email.toLowerCase());
}
