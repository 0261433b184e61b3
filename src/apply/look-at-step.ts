import type { KindName } from "../model/address.ts";
import type { Step } from "../model/change.ts";
import { Impossible, PlatformError } from "../model/errors.ts";
import type { KindLogic, KindReads, KindWrites } from "../model/kind.ts";
import type { PlatformReader } from "../model/platform.ts";
import { remoteOf } from "../model/resource.ts";
import { describeFailure } from "./failure-text.ts";
import { judgeLook, type LookVerdict } from "./judge-look.ts";
import type { KnownIds } from "./known-ids.ts";

/** What applying needs of a kind. */
export type ApplyKind = Pick<KindLogic, "attachedTo"> & Pick<KindReads, "look"> & KindWrites;

/** What a look needs of a run. */
export interface LookContext {
  readonly kinds: ReadonlyMap<KindName, ApplyKind>;
  /** May share answers that are a moment old. */
  readonly reader: PlatformReader;
  readonly ids: KnownIds;
}

/** What a look means for a step, or why there was none. */
export type Sight = LookVerdict | { readonly state: "failed" | "skipped"; readonly because: string };

/**
 * Looks at what a step changes, right before it does. What the platform refuses to make twice needs no look: its answer is one. Nor
 * does what hangs on something that this run made itself: nothing of it can be there, but what the platform gave by itself, and
 * that gives way.
 */
export async function lookBefore(step: Step, context: LookContext): Promise<Sight> {
  const kind = context.kinds.get(step.kind);
  const isRefused = step.op === "create" && kind?.refusesDuplicates === true;
  return isRefused || isAtNew(step, kind, context) ? { state: "go" } : lookAtStep(step, context);
}

/** Whether a step makes something in a container, or for a person, that this run made. */
function isAtNew({ op, address }: Step, kind: ApplyKind | undefined, { ids }: LookContext): boolean {
  return op === "create" && kind?.attachedTo(address).some(ids.isMade) === true;
}

/** Compares what a step was planned on with what is there now. What stands there as wanted is what later steps mean from then on. */
export async function lookAtStep(step: Step, context: LookContext): Promise<Sight> {
  const { kinds, reader, ids } = context;
  try {
    const kind = kindOfStep(step, kinds);
    const found = await kind.look({
      reader,
      address: step.renamedFrom ?? step.address,
      believed: step.remote,
      // What is new may hide what is in it.
      mayBeBlind: step.reason === "ensure" || isAtNew(step, kind, context),
      idOf: ids.idOf,
      addressOf: ids.addressOf,
    });
    const verdict = judgeLook(step.from === undefined ? step : { ...step, from: ids.withNewNames(step.from) }, found);
    const remote = remoteOf(found);
    if (verdict.state === "already" && remote !== undefined) ids.learn(step, remote, "found");
    return verdict;
  } catch (cause) {
    if (cause instanceof PlatformError && cause.failure === "interrupted") {
      return { state: "skipped", because: "The run was interrupted while looking; nothing was changed." };
    }
    return { state: "failed", because: `Looking failed, so nothing was changed. ${describeFailure(cause)}` };
  }
}

export function kindOfStep(step: Step, kinds: LookContext["kinds"]): ApplyKind {
  const kind = kinds.get(step.kind);
  if (kind === undefined) throw new Impossible(`no kind is called ${step.kind}`);
  return kind;
}
