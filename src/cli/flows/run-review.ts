import { draftApproval } from "../../apply/approvals.ts";
import { serveLoopback } from "../../host/loopback-server.ts";
import { systemRandom } from "../../host/system-random.ts";
import { pathPart } from "../../model/address.ts";
import type { Approval } from "../../model/approval.ts";
import { isApproverEmail, normalizeApprover } from "../../model/approval-rules.ts";
import { UsageError } from "../../model/errors.ts";
import type { Plan } from "../../model/plan.ts";
import type { ApprovalAnswer, ApprovalRequest } from "../../page/page-model.ts";
import { nameApprover } from "../approvals/name-approver.ts";
import { readAuthors } from "../approvals/read-authors.ts";
import { tellStanding } from "../approvals/tell-standing.ts";
import { findApprovalsFolder, writeApproval } from "../approvals/write-approval.ts";
import { EXIT } from "../exit.ts";
import { readExpiry } from "../flags/expiry.ts";
import { renderReviewPage } from "../plans/review-page.ts";
import { loadSavedPlan } from "../plans/saved-plan.ts";
import { commandFlags } from "../plans/write-plan.ts";
import { harmless } from "../render/harmless.ts";
import { prettyJson } from "../render/pretty-json.ts";
import { answerReview } from "../reviews/answer-review.ts";
import type { Outcome, Session } from "../session.ts";

/** Serves the review page of a saved plan to this machine, and writes the approvals that it asks for, until it is done or interrupted. */
export async function runReview(session: Session, file: string, author: string | undefined): Promise<Outcome> {
  const authors = readAuthors(session, author);
  const plan = await loadSavedPlan(session, file);
  const { text, policy } = await renderReviewPage(plan, {
    planFile: file,
    flags: commandFlags(session, plan),
    served: { approver: offerApprover(session), folder: await findApprovalsFolder(session) },
  });
  const ending = waitForEnd(session);
  const token = systemRandom.id();
  // One after the other: each is written beside those already in the file.
  let last: Promise<unknown> = Promise.resolve();
  const approveNext = (wanted: ApprovalRequest): Promise<ApprovalAnswer> => {
    const next = last.then(() => approve(session, { plan, authors, wanted }));
    last = next.catch(() => undefined);
    return next;
  };
  const server = await serveLoopback((request) =>
    answerReview(request, {
      token,
      port: () => server.port,
      page: text,
      policy,
      approve: approveNext,
      finish: ending.finish,
    }),
  );
  const url = `http://127.0.0.1:${server.port}/${token}/`;
  if (session.globals.json) session.io.stdout.write(prettyJson({ command: "review", url }));
  else session.print(`The review page is served to this machine only, at\n\n${url}\n\nInterrupt (Ctrl-C) to stop.\n`);
  try {
    await ending.ended;
  } finally {
    await server.close();
  }
  session.tell("The review page is closed.\n");
  return { exit: EXIT.done, diagnostics: [], document: undefined };
}

/** The page asks for an e-mail: a login name is not offered for one. */
function offerApprover(session: Session): string {
  const name = nameApprover(session);
  return isEmail(name) ? name : "";
}

function isEmail(by: string): boolean {
  return isApproverEmail(normalizeApprover(by));
}

/** Whoever approves the deletion of a person has typed the person's e-mail, as at a terminal. */
async function approve(
  session: Session,
  asked: { readonly plan: Plan; readonly authors: readonly string[]; readonly wanted: ApprovalRequest },
): Promise<ApprovalAnswer> {
  const { plan, authors, wanted } = asked;
  const now = session.clock.now();
  if (!isEmail(wanted.by)) throw new UsageError(`Who approves is named by e-mail, and "${wanted.by}" is none.`);
  const approval: Approval = draftApproval({
    plan,
    ids: wanted.changes,
    by: wanted.by,
    reason: wanted.reason,
    now,
    expires: readExpiry(wanted.expires, now),
  });
  const doubted = plan.steps
    .filter(({ id, op, kind }) => op === "delete" && kind === "user" && approval.changes.includes(id))
    .filter(({ id, address }) => wanted.confirmed[id]?.trim().toLowerCase() !== harmless(pathPart(address, 0)));
  if (doubted.length > 0) {
    const people = doubted.map(({ address }) => harmless(pathPart(address, 0)));
    throw new UsageError(`The e-mail of ${people.join(", ")} was not typed.`);
  }
  const file = await writeApproval(session, plan, approval, undefined);
  session.tell(`${harmless(approval.by)} approved ${approval.changes.length}: ${harmless(file)}\n`);
  const { text, changes, doubts } = await tellStanding(session, { plan, approval, file, authors });
  session.tell(text);
  return { file: harmless(file), changes, doubts };
}

/** Ends when the page says that it is done, or when interrupted. */
function waitForEnd(session: Session): { readonly ended: Promise<void>; readonly finish: () => void } {
  let finish = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    const stop = session.io.onInterrupt(() => finish());
    finish = () => {
      stop();
      resolve();
    };
  });
  return { ended, finish: () => finish() };
}
