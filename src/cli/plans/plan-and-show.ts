import type { UndoSource } from "../../engine/aim-undo.ts";
import { countApprovals } from "../../engine/chosen-approvals.ts";
import { requireRotation } from "../../engine/demand-rotation.ts";
import { givenRules, holdApprovals, type Rules, readUses } from "../../engine/hold-approvals.ts";
import { judgeLedgerAccount } from "../../engine/ledger-account.ts";
import { loadRules } from "../../engine/load-rules.ts";
import type { KeygenPlace } from "../../engine/run-ssh-keygen.ts";
import { describeStanding, type Standing } from "../../engine/standing.ts";
import type { HearPart } from "../../manifest/load-manifest.ts";
import type { Address } from "../../model/address.ts";
import { DiagnosedError } from "../../model/errors.ts";
import type { LedgerHead } from "../../model/ledger.ts";
import type { Plan } from "../../model/plan.ts";
import type { Limits } from "../../model/policy.ts";
import type { Shard } from "../../model/shard.ts";
import { readSince } from "../../state/recall-parts.ts";
import type { OpenReading } from "../account/ask-ahead.ts";
import { loadApprovals } from "../approvals/load-approvals.ts";
import { readAuthors } from "../approvals/read-authors.ts";
import { openKeygen } from "../approvals/sign-approval.ts";
import { openReading } from "../context.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import type { PlanFormat } from "../flags/plan-formats.ts";
import { hearIn } from "../hear-in.ts";
import { loadInputs } from "../load-inputs.ts";
import { findLedgerPlace } from "../manifest-home.ts";
import { renderDiagnostics } from "../render/diagnostics-text.ts";
import type { Outcome, Session } from "../session.ts";
import { completeSight, planFrom, readAccount, recallReading } from "./plan-account.ts";
import { formatPlanFile, writePlan } from "./write-plan.ts";

/** What is to be planned, and where the plan goes. */
export interface Planning {
  readonly out: string | undefined;
  readonly formats: readonly PlanFormat[];
  readonly detailedExitcode: boolean;
  readonly limits: Limits;
  /** The run to take back; left out: the manifest is to be made true. */
  readonly undo?: UndoSource;
  /** The key that is to get a new secret, and nothing else is planned. */
  readonly rotate?: Address;
  /** As `--author` says, where the command has it. */
  readonly author?: string | undefined;
  /** The part of the account that is planned; left out: all of it. */
  readonly shard?: Shard | undefined;
}

/** Reads manifest and account, shows what would change, and saves it where asked. It is only ever handed a reader. */
export async function planAndShow(
  session: Session,
  planning: Planning,
  { open = () => openReading(session), onPart }: { readonly open?: OpenReading; readonly onPart?: HearPart } = {},
): Promise<Outcome> {
  const authors = readAuthors(session, planning.author);
  const { manifest, diagnostics } = await loadInputs(session, onPart);
  const reading = await open();
  try {
    const { undo, rotate, shard } = planning;
    const options = { memory: await recallReading(session, { manifest, shard }), limits: planning.limits };
    const demand = rotate && { address: rotate };
    const query = { manifest, undo, rotate: demand, shard, memory: options.memory, targets: planning.limits.targets };
    const seen = await readAccount(session, { ...query, reading });
    hearIn(session)({ type: "noted", diagnostics: judgeLedgerAccount(options.memory, seen.account, "warning") });
    const place = await openKeygen(session);
    const rules: Rules = {
      now: await loadRules(place, manifest.policy.approvals),
      before: options.memory.rules,
    };
    const sight = await completeSight(session, seen, { ...options, reading });
    const plan = planFrom(sight, { ...options, rules: givenRules(rules) });
    if (rotate !== undefined) requireRotation(plan, rotate);
    if (planning.out !== undefined) await session.files.replace(planning.out, formatPlanFile(plan));
    const standing = await findPlannedStanding(session, { plan, rules, authors, place });
    await writePlan(session, plan, {
      ...{ formats: planning.formats, planFile: planning.out, sight },
      ...(standing !== undefined && { standing }),
    });
    return {
      exit: planExit(plan, planning.detailedExitcode),
      diagnostics,
      document: { plan, ...(standing !== undefined && { approvals: describeStanding(standing) }) },
    };
  } finally {
    await reading.close();
  }
}

/** Which approvals lie beside the manifest already; where nothing waits for any, or what lies there cannot be read, none are told. */
async function findPlannedStanding(
  session: Session,
  planned: {
    readonly plan: Plan;
    readonly rules: Rules;
    readonly authors: readonly string[];
    readonly place: KeygenPlace;
  },
): Promise<Standing | undefined> {
  const { plan, rules, authors, place } = planned;
  const waits = plan.approvals !== undefined || plan.steps.some(({ gate }) => gate.state === "held");
  if (!waits) return undefined;
  try {
    const approvals = await loadApprovals(session, []);
    if (plan.approvals === undefined && approvals.length === 0) return undefined;
    const ledger = await findLedgerPlace(session);
    const history = (since?: readonly LedgerHead[]) => readSince(ledger, since);
    const lines = await readUses({ recent: () => [], history }, approvals);
    const held = await holdApprovals(place, { plan, approvals, lines, rules });
    session.tell(renderDiagnostics(held.notes, session.errorPaint));
    return countApprovals({ plan, rules, authors, now: session.clock.now() }, held.approvals).standing;
  } catch (error) {
    if (!(error instanceof DiagnosedError)) throw error;
    session.tell(renderDiagnostics(error.diagnostics, session.errorPaint));
    return undefined;
  }
}

/** What a plan that was only shown ends with. Incomplete knowledge goes before a blocked step or a failed assertion, since it must be cured first. */
export function planExit(plan: Plan, detailed: boolean): ExitCode {
  if (plan.withheld.length + plan.incomplete.length > 0) return EXIT.incomplete;
  if (plan.assertions.length > 0 || plan.steps.some((step) => step.gate.state === "blocked")) return EXIT.held;
  return detailed && plan.steps.length > 0 ? EXIT.changes : EXIT.done;
}
