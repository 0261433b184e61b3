import { countMost } from "../../model/approval-rules.ts";
import type { CheckContext } from "./check-context.ts";

/** Rules for approvals can be met: as many people may approve as must. */
export function checkApprovalRules({ draft, manifest, problems }: CheckContext): void {
  const written = draft.policy.approvals;
  const rules = manifest.policy.approvals;
  if (written === undefined || rules?.by === undefined) return;
  const most = countMost(rules);
  if (rules.by.length >= most) return;
  problems.report("AX360", {
    at: written.at,
    detail: `${most} people must approve, and only ${rules.by.length} may: what needs them could never be released.`,
    fix: "Name more people or groups under `by`, or ask for fewer.",
  });
}
