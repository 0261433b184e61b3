import { draftApproval, selectApprovals } from "../../apply/approvals.ts";
import type { Voting } from "../../apply/judge-approvals.ts";
import type { Approval, HeldApproval } from "../../model/approval.ts";
import type { ChangeId, Step } from "../../model/change.ts";
import type { Diagnostic } from "../../model/diagnostic.ts";
import { UsageError } from "../../model/errors.ts";
import type { Plan } from "../../model/plan.ts";
import { openPrompt, type Prompt } from "../prompt.ts";
import { renderDiagnostics } from "../render/diagnostics-text.ts";
import { harmless } from "../render/harmless.ts";
import type { Session } from "../session.ts";
import { askForEmails } from "./ask-for-emails.ts";
import { makeVoting, type Rules } from "./hold-approvals.ts";
import { nameApprover } from "./name-approver.ts";
import { findStanding, type Standing, tellShortfalls } from "./standing.ts";

/** What one run holds of approvals, and what they come to. */
export interface ChosenApprovals {
  /** All that name a change and have not expired, by change. */
  readonly given: ReadonlyMap<ChangeId, readonly HeldApproval[]>;
  /** Held changes that enough people approved. */
  readonly released: ReadonlySet<ChangeId>;
  readonly voting: Voting;
  /** The rules of the manifest are the rules from now on, by these approvals where they are weaker; undefined: the old ones go on. */
  readonly rulesBy: readonly HeldApproval[] | undefined;
}

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
  const given = countApprovals(choosing, approvals);
  session.tell(renderDiagnostics(given.notes, session.errorPaint));
  session.tell(describeGiven(plan, given));
  if (!asks || plan.steps.length === 0) return given;
  const prompt = openPrompt(session, signal);
  try {
    const typed = await askForApprovals(choosing, prompt, given);
    const agreed = countApprovals(choosing, [...approvals, ...typed]);
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

/** Whether a step will run, as far as its gate tells; the last word on that has whoever runs it. */
export function isReady(step: Step, { released }: Pick<ChosenApprovals, "released">): boolean {
  return step.gate.state === "open" || (step.gate.state === "held" && released.has(step.id));
}

/** Approvals, counted by the rules of this run, and what is to be said of those that do not count. */
export type CountedApprovals = ChosenApprovals & {
  readonly standing: Standing;
  readonly notes: readonly Diagnostic[];
  readonly shortfalls: readonly Diagnostic[];
};

/** Counts approvals by the rules of a run. */
export function countApprovals(
  choosing: Pick<ChoosingApprovals, "session" | "plan" | "rules" | "authors">,
  approvals: readonly HeldApproval[],
): CountedApprovals {
  const { session, plan } = choosing;
  const now = session.clock.now();
  const { approvals: given, notes } = selectApprovals(plan, approvals, now);
  const { voting, released: rulesBy } = makeVoting(plan, approvals, { ...choosing, now });
  const standing = findStanding(plan, given, { voting, now });
  const shortfalls = tellShortfalls(standing);
  const released = new Set([...standing].flatMap(([id, { isEnough }]) => (isEnough ? [id] : [])));
  return { given, released, voting, rulesBy, standing, notes: [...notes, ...shortfalls], shortfalls };
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
