import { formatApprovals, nameApprovals } from "../src/cli/approvals/approvals-text.ts";
import type { Approval } from "../src/model/approval.ts";
import { isApproverEmail, normalizeApprover } from "../src/model/approval-rules.ts";
import type { ApprovalRequest, PageModel, PageStep } from "../src/page/page-model.ts";

/** What the form of approvals holds. */
export interface Draft {
  readonly chosen: ReadonlySet<string>;
  readonly by: string;
  readonly reason: string;
  /** `7d`, or a date. */
  readonly expires: string;
  /** The e-mails that were typed, by change. */
  readonly confirmed: Readonly<Record<string, string>>;
}

/** What is still missing before the draft is an approval; empty when nothing is. */
export function listMissing(model: PageModel, draft: Draft, now: Date): readonly string[] {
  const missing: string[] = [];
  if (draft.chosen.size === 0) missing.push("Choose at least one change.");
  const refusal = refuseApprover(draft.by);
  if (refusal !== undefined) missing.push(refusal);
  if (draft.reason.trim() === "") missing.push("Give a reason.");
  if (!(expiryOf(draft.expires, now).getTime() > now.getTime())) missing.push("Give a date to come.");
  const open = listConfirmations(model, draft).filter(({ id, confirm }) => !isConfirmed(draft.confirmed[id], confirm));
  if (open.length > 0) missing.push(`Type the e-mail of ${open.map(({ confirm }) => confirm).join(", ")}.`);
  return missing;
}

/** Why somebody cannot be who approves: only e-mails are told apart. Undefined where nothing is wrong with them. */
export function refuseApprover(by: string): string | undefined {
  if (by.trim() === "") return "Say who approves.";
  return isApproverEmail(normalizeApprover(by))
    ? undefined
    : `“${by.trim()}” is no e-mail: say by e-mail who approves.`;
}

/** The chosen changes that delete a person for good: whoever approves types the person's e-mail. */
export function listConfirmations(
  { steps }: PageModel,
  { chosen }: Draft,
): readonly { readonly id: string; readonly confirm: string }[] {
  return steps.flatMap(({ id, confirm }) => (chosen.has(id) && confirm !== undefined ? { id, confirm } : []));
}

function isConfirmed(typed: string | undefined, email: string): boolean {
  return typed?.trim().toLowerCase() === email;
}

/** The approvals file, as `axcess approve` writes it. */
export function writeApproval(model: PageModel, draft: Draft, now: Date): string {
  const approval: Approval = {
    changes: listChosen(model, draft).map(({ id }) => id),
    plan: model.digest as Approval["plan"],
    ...(model.ledger !== undefined && { ledger: model.ledger }),
    by: draft.by.trim(),
    at: now.toISOString(),
    expires: expiryOf(draft.expires, now).toISOString(),
    reason: draft.reason.trim(),
    deeds: listChosen(model, draft).flatMap(({ deed }) => deed ?? []),
  };
  return formatApprovals([approval], model);
}

/** What a served page sends instead. */
export function requestApproval(model: PageModel, draft: Draft): ApprovalRequest {
  const { by, reason, expires, confirmed } = draft;
  return {
    changes: listChosen(model, draft).map(({ id }) => id),
    by: by.trim(),
    reason: reason.trim(),
    expires,
    confirmed,
  };
}

/** In the order of the plan. */
function listChosen({ steps }: PageModel, { chosen }: Draft): readonly PageStep[] {
  return steps.filter(({ id }) => chosen.has(id));
}

/** Days from now, or a date: its first instant, UTC. */
function expiryOf(text: string, now: Date): Date {
  const days = /^(\d+)d$/u.exec(text)?.[1];
  return days === undefined ? new Date(`${text}T00:00:00Z`) : new Date(now.getTime() + Number(days) * DAY);
}

const DAY = 24 * 60 * 60 * 1000;

/** The name of the file that is downloaded. */
export function fileNameOf({ digest }: PageModel, { by }: Pick<Draft, "by">): string {
  return `${nameApprovals(digest, by)}.yaml`;
}
