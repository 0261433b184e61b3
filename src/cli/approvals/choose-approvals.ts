import { draftApproval } from "../../apply/approvals.ts";
import { type ChosenApprovals, type CountedApprovals, countApprovals, isReady } from "../../engine/chosen-approvals.ts";
import type { Rules } from "../../engine/hold-approvals.ts";
import type { Approval, HeldApproval } from "../../model/approval.ts";
import type { ChangeId, Step } from "../../model/change.ts";
import { UsageError } from "../../model/errors.ts";
import type { Plan } from "../../model/plan.ts";
import { openPrompt, type Prompt } from "../prompt.ts";
import { renderDiagnostics } from "../render/diagnostics-text.ts";
import { harmless } from "../render/harmless.ts";
import type { Session } from "../session.ts";
import { askForEmails } from "./ask-for-emails.ts";
import { nameApprover } from "./name-approver.ts";

export interface ChoosingApprovals {
  readonly session: Session;
  readonly plan: Plan;
  /** From files. */
  readonly approvals: readonly HeldApproval[];
  readonly rules: Rules;
  readonly authors: readonly string[];
  /** True when a person is to be asked: for what is held, and whether to go on. */
  readonly asks: boolean;
  readonly signal: AbortSignal;
}

/** Settles which approvals count and whether to go on; undefined when the person at the terminal does not want to. */
export async function chooseApprovals(choosing: ChoosingApprovals): Promise<ChosenApprovals | undefined> {
  const { session, plan, approvals, asks, signal } = choosing;
  const counting = { ...choosing, now: session.clock.now() };
  const given = countApprovals(counting, approvals);
  session.tell(renderDiagnostics(given.notes, session.errorPaint));
  session.tell(describeGiven(plan, given));
  if (!asks || plan.steps.length === 0) return given;
  const prompt = openPrompt(session, signal);
  try {
    const typed = await askForApprovals(choosing, prompt, given);
    const agreed = countApprovals({ ...choosing, now: session.clock.now() }, [...approvals, ...typed]);
    if (typed.length > 0) session.tell(renderDiagnostics(agreed.shortfalls, session.errorPaint));
    const doubted = await askForEmails(
      prompt,
      plan.steps.filter((step) => isReady(step, agreed)),
    );
    const chosen = dropDoubted(agreed, doubted);
    const ready = plan.steps.filter((step) => isReady(step, chosen)).length;
    return ready === 0 || (await askWhetherToApply(prompt, ready)) ? chosen : undefined;
  } finally {
    await prompt.close();
  }
}

function dropDoubted(chosen: ChosenApprovals, doubted: readonly ChangeId[]): ChosenApprovals {
  const isLeft = (id: ChangeId): boolean => !doubted.includes(id);
  return {
    ...chosen,
    given: new Map([...chosen.given].filter(([id]) => isLeft(id))),
    released: new Set([...chosen.released].filter(isLeft)),
  };
}

/** What is held and approved by a file already: the plan above cannot know it. */
function describeGiven(plan: Plan, { standing, voting, released }: CountedApprovals): string {
  return plan.steps
    .filter((step) => step.gate.state === "held" && released.has(step.id))
    .flatMap((step) => {
      const counted = standing.get(step.id)?.counted ?? [];
      return (voting.rules.length === 0 ? counted.slice(0, 1) : counted).map((approval) =>
        describeApproved(step, approval),
      );
    })
    .join("");
}

function describeApproved({ id, op, address }: Step, { by, expires, reason }: Approval): string {
  return `approved ${id}  ${op} ${harmless(address)}\n    by ${harmless(by)} until ${expires}: ${harmless(reason)}\n`;
}

async function askWhetherToApply(prompt: Prompt, ready: number): Promise<boolean> {
  const changes = ready === 1 ? "this change" : `these ${ready} changes`;
  const answer = await prompt.ask(`Make ${changes}? Only 'yes' will be accepted: `);
  return answer === "yes";
}

/** Asks for held changes until nothing or something that fits is typed. */
async function askForApprovals(
  { session, plan }: ChoosingApprovals,
  prompt: Prompt,
  given: ChosenApprovals,
): Promise<readonly HeldApproval[]> {
  const held = plan.steps.filter((step) => step.gate.state === "held" && !given.released.has(step.id));
  if (held.length === 0) return [];
  for (;;) {
    const answer = await prompt.ask(`\n${held.length} held. Type 'approve all', or ids, or nothing: `);
    if (answer === undefined || answer === "") return [];
    try {
      const ids = readIds(answer, held);
      draftAtPrompt(session, plan, { ids, reason: "asked for once the ids are known to fit" });
      const reason = (await prompt.ask("Reason: ")) ?? "";
      return [draftAtPrompt(session, plan, { ids, reason })];
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      session.io.stderr.write(`${harmless(error.message)}\n`);
    }
  }
}

function readIds(answer: string, held: readonly Step[]): readonly string[] {
  if (answer === "approve all") return held.map((step) => step.id);
  return answer
    .replace(/^approve\s+/u, "")
    .split(/[\s,]+/u)
    .filter((word) => word !== "");
}

/** For this run only: an hour is enough for it to begin, and nothing is written where a later run would find it. */
function draftAtPrompt(
  session: Session,
  plan: Plan,
  typed: { readonly ids: readonly string[]; readonly reason: string },
): HeldApproval {
  const now = session.clock.now();
  const expires = new Date(now.getTime() + 60 * 60 * 1000);
  return { ...draftApproval({ plan, ...typed, by: nameApprover(session), now, expires }), typed: true };
}
