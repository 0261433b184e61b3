import type { Approval } from "../../model/approval.ts";
import { normalizeApprover } from "../../model/approval-rules.ts";
import type { Step } from "../../model/change.ts";
import { canonicalJson } from "../../model/json.ts";
import { harmless } from "../render/harmless.ts";

/** What of a plan the file tells. */
export interface ApprovedPlan {
  readonly steps: readonly Pick<Step, "id" | "op" | "address">[];
}

/** How a file of approvals is called: by the plan and whoever approves, so that two people do not meet in one. */
export function nameApprovals(plan: string, by: string): string {
  const who = normalizeApprover(by)
    .replace(/@.*$/u, "")
    .replace(/[^a-z0-9]+/gu, "-")
    .slice(0, 32);
  const digest = plan.slice("sha256:".length, "sha256:".length + 12);
  return [digest, who.replace(/^-+|-+$/gu, "")].filter((part) => part !== "").join("-");
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
    ...(approval.ledger === undefined ? [] : [`    ledger: ${canonicalJson(approval.ledger)}`]),
    "    changes:",
    ...approval.changes.map((id) => `      - ${id}${commentOf(deeds.get(id))}`),
    ...(approval.deeds === undefined ? [] : ["    deeds:"]),
    ...(approval.deeds ?? []).map((deed) => `      - ${canonicalJson(deed)}`),
    ...(approval.signature === undefined ? [] : [`    signature: ${JSON.stringify(approval.signature)}`]),
  ];
}

function commentOf(deed: string | undefined): string {
  return deed === undefined ? "" : ` # ${harmless(deed)}`;
}
