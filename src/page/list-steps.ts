import { type Address, pathPart } from "../model/address.ts";
import { describeDeed } from "../model/approval.ts";
import type { ChangeId, Step } from "../model/change.ts";
import type { PageStep } from "./page-model.ts";

/** The approvals that are there, by change. */
export type Approvals = ReadonlyMap<ChangeId, NonNullable<PageStep["approvals"]>>;

/** The changes of a plan in the order they run; people by number. `needed` tells how many must approve what is held. */
export function listSteps(
  steps: readonly Step[],
  numberOf: (person: Address) => number,
  { needed = {}, approvals }: { readonly needed?: Readonly<Record<ChangeId, number>>; readonly approvals?: Approvals },
): readonly PageStep[] {
  return steps.map((step) => {
    const { remote: _remote, dependsOn: _dependsOn, loses, from, to, ...told } = step;
    const losers = (loses ?? []).map(numberOf);
    return {
      ...told,
      // What differs is told by the fields; the whole is worth telling only of what comes or goes.
      ...(step.op === "delete" && from !== undefined ? { from } : {}),
      ...(step.op === "create" && to !== undefined ? { to } : {}),
      ...(step.gate.state === "held" ? { deed: describeDeed(step) } : {}),
      needed: needed[step.id],
      ...tellApprovals(step, approvals),
      ...(losers.length === 0 ? {} : { loses: losers }),
      ...(step.op === "delete" && step.kind === "user" ? { confirm: pathPart(step.address, 0) } : {}),
    };
  });
}

function tellApprovals({ id, gate }: Step, approvals: Approvals | undefined): Pick<PageStep, "approvals"> {
  const found = gate.state === "held" ? approvals?.get(id) : undefined;
  return found === undefined ? {} : { approvals: found };
}
