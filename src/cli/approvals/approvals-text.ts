import type { Approval } from "../../model/approval.ts";
import type { Step } from "../../model/change.ts";
import { harmless } from "../render/harmless.ts";

/** What of a plan the file tells. */
export interface ApprovedPlan {
  readonly steps: readonly Pick<Step, "id" | "op" | "address">[];
}

/** The text of an approvals file: YAML for people to review, each change with what it is. Texts are JSON strings, which YAML reads alike. */
export function formatApprovals(approvals: readonly Approval[], plan: ApprovedPlan): string {
  const deeds = new Map<string, string>(plan.steps.map((step) => [step.id, `${step.op} ${step.address}`]));
  const lines = [
    "# Approvals of held changes. Each is bound to the content of the changes it names.",
    "version: 1",
    "approvals:",
    ...approvals.flatMap((approval) => approvalLines(approval, deeds)),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function approvalLines(approval: Approval, deeds: ReadonlyMap<string, string>): readonly string[] {
  return [
    `  - by: ${JSON.stringify(approval.by)}`,
    `    at: ${JSON.stringify(approval.at)}`,
    `    expires: ${JSON.stringify(approval.expires)}`,
    `    reason: ${JSON.stringify(approval.reason)}`,
    `    plan: ${JSON.stringify(approval.plan)}`,
    "    changes:",
    ...approval.changes.map((id) => `      - ${id}${commentOf(deeds.get(id))}`),
  ];
}

function commentOf(deed: string | undefined): string {
  return deed === undefined ? "" : ` # ${harmless(deed)}`;
}
