import type { Step } from "../model/change.ts";
import { PlatformError } from "../model/errors.ts";
import type { Deed } from "./deed.ts";
import type { LookVerdict } from "./judge-look.ts";
import { type LookContext, lookAtStep } from "./look-at-step.ts";

/** A deed, and what a look says that had to follow it. */
export interface SettledDeed {
  readonly deed: Deed;
  /** What stands there instead of what was to be made; left out where the deed tells all. */
  readonly instead?: LookVerdict & { readonly state: "already" | "stale" };
}

/**
 * Looks, after a creation that was not looked for before, where its answer leaves open what is there. The platform refused it:
 * then nothing was changed, and what stands there is as wanted, or otherwise; where nothing stands there under that name, the
 * refusal is the result. Its answer was lost: what was found counts as made where it is surely as wanted, and else nobody knows.
 */
export async function settleTaken(step: Step, deed: Deed, context: LookContext): Promise<SettledDeed> {
  if (deed.isFound === true) return { deed: judgeFound(deed, (await lookAtStep(step, context)).state === "already") };
  if (!isRefusedAsTaken(step, deed, context)) return { deed };
  const sight = await lookAtStep(step, context);
  return sight.state === "already" || sight.state === "stale" ? { deed, instead: sight } : { deed };
}

function isRefusedAsTaken({ op, kind }: Step, { result, cause }: Deed, { kinds }: LookContext): boolean {
  const isRefused = result === "failed" && cause instanceof PlatformError && cause.failure === "conflict";
  return isRefused && op === "create" && kinds.get(kind)?.refusesDuplicates === true;
}

function judgeFound(deed: Deed, isAsWanted: boolean): Deed {
  if (isAsWanted) return deed;
  const cause = new Error("Its answer was lost, and what stands there is not surely as wanted.");
  return { result: "unknown", notes: deed.notes, cause };
}
