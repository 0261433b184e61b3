import { countApprovals } from "../../engine/chosen-approvals.ts";
import { holdApprovals } from "../../engine/hold-approvals.ts";
import { loadRules } from "../../engine/load-rules.ts";
import { describeStanding } from "../../engine/standing.ts";
import type { Approval } from "../../model/approval.ts";
import type { RulesInForce } from "../../model/approval-rules.ts";
import { DiagnosedError } from "../../model/errors.ts";
import type { Plan } from "../../model/plan.ts";
import { describeThere } from "../render/approvals-needed.ts";
import { renderDiagnostics } from "../render/diagnostics-text.ts";
import { harmless } from "../render/harmless.ts";
import type { Session } from "../session.ts";
import { loadApprovals } from "./load-approvals.ts";
import { openKeygen } from "./sign-approval.ts";

/**
 * Says whether what was approved may run now: with the approvals that lie here, by the rules that stand in the plan. Where the
 * plan knows no rules, one approval is enough and nothing needs saying. What was used already only the ledger knows.
 */
export async function tellStanding(
  session: Session,
  told: {
    readonly plan: Plan;
    readonly approval: Approval;
    readonly file: string;
    readonly authors: readonly string[];
  },
): Promise<{ readonly text: string; readonly standing: ReturnType<typeof describeStanding> }> {
  const { plan, approval, file, authors } = told;
  if (plan.approvals === undefined) return { text: "", standing: [] };
  try {
    const place = await openKeygen(session);
    const now = await loadRules(place, plan.approvals.rules);
    const rules = { now, before: rememberedRules(plan, now) };
    const approvals = await loadApprovals(session, [file]);
    const held = await holdApprovals(place, { plan, approvals, lines: [], rules });
    const { standing, rulesBy } = countApprovals({ plan, rules, authors, now: session.clock.now() }, held.approvals);
    const lines = [...standing]
      .filter(([id]) => approval.changes.includes(id))
      .flatMap(([id, verdict]) => {
        const [first, ...rest] = describeThere(verdict);
        return [`${id}: ${verdict.isEnough ? "enough" : "not enough"}, ${first}`, ...rest.map((line) => `  ${line}`)];
      });
    const { change } = plan.approvals;
    const ofRules =
      change === undefined || !approval.changes.includes(change.id)
        ? []
        : [`${change.id}: ${rulesBy === undefined ? "not enough" : "enough"}`];
    const text = [...ofRules, ...lines].map((line) => `${line}\n`).join("");
    return { text: `${renderDiagnostics(held.notes, session.paint)}${text}`, standing: describeStanding(standing) };
  } catch (error) {
    if (!(error instanceof DiagnosedError)) throw error;
    const why = error.diagnostics.map(({ detail }) => harmless(detail)).join(" ");
    return { text: `Whether it is enough cannot be told here: ${why}\n`, standing: [] };
  }
}

/** The old rules as the plan tells them: which signers they named stands in the ledger only, so that those of today are taken. */
function rememberedRules(
  { approvals, digest }: Plan,
  now: RulesInForce | undefined,
): Parameters<typeof countApprovals>[0]["rules"]["before"] {
  const change = approvals?.change;
  if (change === undefined) return undefined;
  return { rules: { ...change.before, ...(now?.signers !== undefined && { signers: now.signers }) }, line: digest };
}
