import { countApprovals } from "../../engine/chosen-approvals.ts";
import { holdApprovals } from "../../engine/hold-approvals.ts";
import { loadRules } from "../../engine/load-rules.ts";
import { describeStanding, type Standing } from "../../engine/standing.ts";
import type { Approval } from "../../model/approval.ts";
import { DiagnosedError, UsageError } from "../../model/errors.ts";
import { holdsHead, type LedgerLine } from "../../model/ledger.ts";
import type { Plan } from "../../model/plan.ts";
import type { ApprovedChange } from "../../page/page-model.ts";
import { readLedger } from "../../state/read-ledger.ts";
import { findLedger } from "../manifest-home.ts";
import { describeNeed, describeThere } from "../render/approvals-needed.ts";
import { renderDiagnostics } from "../render/diagnostics-text.ts";
import { harmless } from "../render/harmless.ts";
import type { Session } from "../session.ts";
import { loadApprovals } from "./load-approvals.ts";
import { recallRules } from "./recall-rules.ts";
import { openKeygen } from "./sign-approval.ts";

/** What an approval that was just written comes to. */
interface ToldStanding {
  /** The same for a terminal. */
  readonly text: string;
  /** Of each change that it names. */
  readonly changes: readonly ApprovedChange[];
  /** What cannot be known here, a sentence each: `apply` may count fewer. */
  readonly doubts: readonly string[];
  readonly standing: ReturnType<typeof describeStanding>;
}

/** An approval, and where it was written. */
interface WrittenApproval {
  readonly plan: Plan;
  readonly approval: Approval;
  readonly file: string;
  readonly authors: readonly string[];
}

/**
 * Says whether what was approved may run now: with the approvals that lie here, by the rules that stand in the plan. What was
 * used already, and whom the old rules let sign, only the ledger knows: where it is not here, that is told as a doubt.
 */
export async function tellStanding(session: Session, written: WrittenApproval): Promise<ToldStanding> {
  try {
    return await judgeWritten(session, written);
  } catch (error) {
    const why = explainRefusal(error);
    if (why === undefined) throw error;
    const doubt = `Whether it is enough cannot be told here: ${harmless(why)}`;
    return { text: `${doubt}\n`, changes: [], doubts: [doubt], standing: [] };
  }
}

function explainRefusal(error: unknown): string | undefined {
  if (error instanceof DiagnosedError) return error.diagnostics.map(({ detail }) => detail).join(" ");
  return error instanceof UsageError ? error.message : undefined;
}

async function judgeWritten(session: Session, written: WrittenApproval): Promise<ToldStanding> {
  const { plan, file, authors } = written;
  const place = await openKeygen(session);
  const now = await loadRules(place, plan.approvals?.rules);
  const location = await findLedger(session);
  const { lines } = await readLedger({ location, files: session.files });
  const recalled = recallRules(plan, now, { location, lines });
  const other = describeOther(plan, { location, lines });
  const doubts = [...other, ...recalled.doubts];
  const rules = { now, before: recalled.before };
  const approvals = await loadApprovals(session, [file]);
  const known = other.length === 0 ? lines : undefined;
  const held = await holdApprovals(place, { plan, approvals, lines: known, rules });
  const { standing, rulesBy } = countApprovals({ plan, rules, authors, now: session.clock.now() }, held.approvals);
  const isSure = doubts.length === 0;
  const changes = [
    ...describeRulesChange(written, { isEnough: rulesBy !== undefined, isSure }),
    ...describeChanges(written, { standing, isSure }),
  ];
  const text = [
    renderDiagnostics(held.notes, session.paint),
    ...changes.map(({ change, lines: told }) => `${change}: ${told.join("\n  ")}\n`),
    ...doubts.map((doubt) => `${doubt}\n`),
  ].join("");
  const refused = held.notes.map(({ detail }) => harmless(detail));
  return { text, changes, doubts: [...refused, ...doubts], standing: describeStanding(standing) };
}

/** Whoever approves need not have the ledger: only where it is can be told whether approvals count for it. */
function describeOther(
  { basis: { ledger } }: Plan,
  { location, lines }: { readonly location: string; readonly lines: readonly LedgerLine[] },
): readonly string[] {
  if (ledger === undefined || holdsHead(lines, ledger)) return [];
  return [
    `The ledger at ${harmless(location)} is not the one the plan was made with: it does not hold its line ${ledger.seq}. What was used already is not known here, and apply counts the approval only for a ledger with that line. Name the ledger with --ledger.`,
  ];
}

function describeRulesChange(
  { plan, approval }: WrittenApproval,
  verdict: { readonly isEnough: boolean; readonly isSure: boolean },
): readonly ApprovedChange[] {
  const change = plan.approvals?.change?.id;
  if (change === undefined || !approval.changes.includes(change)) return [];
  return [{ change, isEnough: verdict.isEnough, lines: [enoughWords(verdict)] }];
}

function describeChanges(
  { plan, approval }: WrittenApproval,
  { standing, isSure }: { readonly standing: Standing; readonly isSure: boolean },
): readonly ApprovedChange[] {
  return [...standing]
    .filter(([id]) => approval.changes.includes(id))
    .map(([change, verdict]) => {
      const { isEnough } = verdict;
      const [first, ...rest] = describeThere(verdict);
      const needs = isEnough || plan.approvals === undefined ? [] : [describeNeed(change, plan.approvals)];
      return {
        change,
        isEnough,
        lines: [`${enoughWords({ isEnough, isSure })}, ${first}`, ...new Set(rest), ...needs],
      };
    });
}

function enoughWords({ isEnough, isSure }: { readonly isEnough: boolean; readonly isSure: boolean }): string {
  if (!isEnough) return "not enough";
  return isSure ? "enough" : "enough, as far as is known here";
}
