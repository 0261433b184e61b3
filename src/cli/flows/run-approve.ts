import { draftApproval, listHeld } from "../../apply/approvals.ts";
import type { Approval } from "../../model/approval.ts";
import { normalizeApprover } from "../../model/approval-rules.ts";
import { UsageError } from "../../model/errors.ts";
import type { Plan } from "../../model/plan.ts";
import { askForEmails } from "../approvals/ask-for-emails.ts";
import { nameApprover } from "../approvals/name-approver.ts";
import { readAuthors } from "../approvals/read-authors.ts";
import { signApproval } from "../approvals/sign-approval.ts";
import { tellStanding } from "../approvals/tell-standing.ts";
import { writeApproval } from "../approvals/write-approval.ts";
import { EXIT } from "../exit.ts";
import { readExpiry } from "../flags/expiry.ts";
import { loadSavedPlan } from "../plans/saved-plan.ts";
import { canAsk, openPrompt } from "../prompt.ts";
import { listUnbound } from "../render/approvals-needed.ts";
import { harmless } from "../render/harmless.ts";
import type { Outcome, Session } from "../session.ts";

/** What `approve` was asked for. */
export interface ApproveRequest {
  readonly plan: string;
  /** Ids as typed; undefined: every held change. */
  readonly only: readonly string[] | undefined;
  readonly reason: string;
  /** As typed: a moment, a date, or a number of days such as `7d`. */
  readonly expires: string | undefined;
  readonly by: string | undefined;
  readonly output: string | undefined;
  /** Key file to sign with. */
  readonly sign: string | undefined;
  readonly author: string | undefined;
}

/** Writes an approval of held changes of a saved plan, beside those already in the file. */
export async function runApprove(session: Session, request: ApproveRequest): Promise<Outcome> {
  const authors = readAuthors(session, request.author);
  const plan = await loadSavedPlan(session, request.plan);
  const ids = request.only ?? listHeld(plan);
  if (ids.length === 0) throw new UsageError("Nothing in this plan is held.", "Apply it: axcess apply PLAN");
  const now = session.clock.now();
  const by = request.by ?? nameApprover(session);
  const draft = draftApproval({
    plan,
    ids,
    by: request.sign === undefined ? by : normalizeApprover(by),
    reason: request.reason,
    now,
    expires: readExpiry(request.expires ?? "7d", now),
  });
  if (!(await isConfirmed(session, plan, draft))) {
    session.print("Not approved. Nothing was written.\n");
    return { exit: EXIT.error, diagnostics: [], document: {} };
  }
  const approval = request.sign === undefined ? draft : await signApproval(session, draft, request.sign);
  const file = await writeApproval(session, plan, approval, request.output);
  session.print(describe(approval, plan, file));
  const unbound = listUnbound(plan);
  session.print(unbound.map((line) => `${line}\n`).join(""));
  // Without rules one approval is enough, and nothing more needs saying.
  if (plan.approvals === undefined) return end({ approval, file, standing: [], doubts: unbound });
  const { text, standing, doubts } = await tellStanding(session, { plan, approval, file, authors });
  session.print(text);
  return end({ approval, file, standing, doubts: [...unbound, ...doubts] });
}

function end(document: NonNullable<Outcome["document"]>): Outcome {
  return { exit: EXIT.done, diagnostics: [], document };
}

/** On a terminal, whoever approves the deletion of a person types the person's e-mail. */
async function isConfirmed(session: Session, plan: Plan, approval: Approval): Promise<boolean> {
  if (!canAsk(session)) return true;
  const prompt = openPrompt(session, new AbortController().signal);
  try {
    const steps = plan.steps.filter(({ id }) => approval.changes.includes(id));
    return (await askForEmails(prompt, steps)).length === 0;
  } finally {
    await prompt.close();
  }
}

function describe(approval: Approval, plan: Plan, file: string): string {
  const steps = plan.steps.filter((step) => approval.changes.includes(step.id));
  const lines = [
    `${harmless(approval.by)} approves until ${approval.expires}:`,
    ...(plan.approvals?.change !== undefined && approval.changes.includes(plan.approvals.change.id)
      ? [`  ${plan.approvals.change.id}  the rules for approvals: ${harmless(plan.approvals.change.weaker.join(" "))}`]
      : []),
    ...steps.map((step) => `  ${step.id}  ${step.op} ${harmless(step.address)}`),
    `Written to ${harmless(file)}.`,
  ];
  return lines.map((line) => `${line}\n`).join("");
}
