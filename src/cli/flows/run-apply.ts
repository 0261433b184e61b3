import { tmpdir } from "node:os";
import { resolve } from "node:path";
import { applyManifest } from "../../engine/apply-manifest.ts";
import { countApprovals } from "../../engine/chosen-approvals.ts";
import type { PlanMovement } from "../../engine/compare-plans.ts";
import type { Outside } from "../../engine/outside.ts";
import type { ShownSummary } from "../../engine/require-summary.ts";
import { spellLimits } from "../../engine/spell-limits.ts";
import { describeStanding } from "../../engine/standing.ts";
import { systemHost } from "../../host/system-host.ts";
import { systemRandom } from "../../host/system-random.ts";
import type { Address } from "../../model/address.ts";
import type { Approval } from "../../model/approval.ts";
import { UsageError } from "../../model/errors.ts";
import type { Manifest } from "../../model/manifest.ts";
import type { Plan } from "../../model/plan.ts";
import type { Limits } from "../../model/policy.ts";
import { type Shard, spellSharding } from "../../model/shard.ts";
import { chooseApprovals } from "../approvals/choose-approvals.ts";
import { loadApprovals } from "../approvals/load-approvals.ts";
import { readAuthors } from "../approvals/read-authors.ts";
import { openWriting, type Writing } from "../context.ts";
import { EXIT } from "../exit.ts";
import { spellFiles, spellGlobals } from "../flags/globals.ts";
import { hearIn } from "../hear-in.ts";
import { runInterruptibly } from "../interruption.ts";
import { loadInputs } from "../load-inputs.ts";
import { findManifestHome } from "../manifest-home.ts";
import { loadSavedPlan } from "../plans/saved-plan.ts";
import { loadSummary } from "../plans/saved-summary.ts";
import { commandFlags, writePlan } from "../plans/write-plan.ts";
import { canAsk } from "../prompt.ts";
import { renderApplyMarkdown, renderStaleMarkdown } from "../render/apply-markdown.ts";
import { renderDiagnostics } from "../render/diagnostics-text.ts";
import { planCommand } from "../render/held-text.ts";
import { renderMovement } from "../render/movement-text.ts";
import { type Run, withRun } from "../runs/open-run.ts";
import type { Outcome, Session } from "../session.ts";

/** What `apply` was asked for. */
export interface ApplyRequest {
  /** Saved plan that is run exactly or not at all; undefined: plan, show and ask. */
  readonly plan: string | undefined;
  readonly autoApprove: boolean;
  /** Files or folders beside those found by convention. */
  readonly approvals: readonly string[];
  /** Who authored the change, as typed; undefined: as the environment says. */
  readonly author: string | undefined;
  readonly limits: Limits;
  /** The part of the account that is planned and applied; undefined: all of it, or what a saved plan is of. */
  readonly shard?: Shard | undefined;
  /** File of the summary of all parts; false: meant without one. */
  readonly summary?: string | false | undefined;
  /** File for what came of it, as Markdown; left out: none. */
  readonly page?: string;
  /** The key that gets a new secret now, and nothing else is done; undefined: all that is planned. */
  readonly rotate?: Address;
}

/** Makes the manifest true: a saved plan exactly, or what is planned and agreed to now. */
export async function runApply(session: Session, request: ApplyRequest): Promise<Outcome> {
  const saved = request.plan === undefined ? undefined : await loadSavedPlan(session, request.plan);
  const asks = saved === undefined && !request.autoApprove;
  if (asks && !canAsk(session)) {
    throw new UsageError(
      "There is no terminal to ask on.",
      `Give --auto-approve, or apply a saved plan: ${spellPlanCommand(session, request)}`,
    );
  }
  const shard = saved?.shard ?? request.shard;
  const summary = await loadSummary(session, { shard, given: request.summary });
  const authors = readAuthors(session, request.author);
  const { manifest, diagnostics } = await loadInputs(session);
  const approvals = await loadApprovals(session, request.approvals);
  const outcome = await runInterruptibly(session, (signal) =>
    withRun(
      session,
      async (run) => {
        const writing = await openWriting(session, signal);
        try {
          const held = { session, request, manifest, approvals, authors, saved, asks, run, writing, signal };
          return await applyShown({ ...held, shard, summary });
        } finally {
          await writing.close();
        }
      },
      shard,
    ),
  );
  return { ...outcome, diagnostics: [...diagnostics, ...outcome.diagnostics] };
}

/** The command that plans and saves what was to be applied. */
function spellPlanCommand({ globals }: Session, { rotate, limits, shard }: ApplyRequest): string {
  const planFlags = rotate === undefined ? [...spellSharding(shard), ...spellLimits(limits)] : [];
  return planCommand("plan.json", { flags: spellGlobals(globals), planFlags, rotate });
}

interface ApplyStage {
  readonly session: Session;
  readonly request: ApplyRequest;
  readonly manifest: Manifest;
  readonly approvals: readonly Approval[];
  readonly authors: readonly string[];
  readonly saved: Plan | undefined;
  readonly asks: boolean;
  readonly run: Run;
  readonly writing: Writing;
  readonly signal: AbortSignal;
  readonly shard: Shard | undefined;
  readonly summary: ShownSummary | undefined;
}

/** Applies, and shows the plan before anybody is asked to agree to it. */
async function applyShown(stage: ApplyStage): Promise<Outcome> {
  const { session, request, writing, signal, authors, asks } = stage;
  const applied = await applyManifest({
    ...stage,
    rotate: request.rotate,
    limits: request.limits,
    account: writing,
    outside: await openOutside(session, writing),
    hear: hearIn(session),
    agree: async ({ plan, approvals, rules, notes }) => {
      const choosing = { session, plan, approvals, rules, authors, asks, signal };
      const { standing } = countApprovals({ ...choosing, now: session.clock.now() }, approvals);
      // Whoever is asked has to see all of it.
      const isBrief = session.globals.quiet && !asks;
      await writePlan(session, plan, { formats: [], planFile: request.plan, asksBelow: asks, isBrief, standing });
      session.tell(renderDiagnostics(notes, session.errorPaint));
      return chooseApprovals(choosing);
    },
  });
  switch (applied.outcome) {
    case "stale":
      return await refuseStale(stage, applied.movement, applied.plan);
    case "declined":
      return refuseUnasked(stage, applied.plan);
    case "applied": {
      const { exit, plan, report, standing, remaining } = applied;
      const files = spellFiles(session.globals);
      await writePage(stage, () => renderApplyMarkdown({ plan, report, standing, remaining, files }));
      const document = { plan, approvals: describeStanding(standing), report, remaining };
      return { exit, diagnostics: [], document };
    }
  }
}

async function openOutside(session: Session, { keyVariables }: Writing): Promise<Outside> {
  const { files, programs, clock, folder } = session;
  const home = resolve(folder, await findManifestHome(session));
  return { files, programs, clock, host: systemHost, random: systemRandom, home, temporary: tmpdir(), keyVariables };
}

async function writePage({ session, request }: ApplyStage, render: () => string): Promise<void> {
  if (request.page !== undefined) await session.files.replace(request.page, render());
}

async function refuseStale(stage: ApplyStage, movement: PlanMovement, fresh: Plan): Promise<Outcome> {
  const { session, request, saved } = stage;
  session.print(`The saved plan is stale: the account or the manifest moved since. Nothing was changed.\n`);
  session.print(renderMovement(movement));
  session.events?.emit("log", "error", "The saved plan is stale: the account or the manifest moved since.", {});
  const again = planCommand(request.plan ?? "plan.json", commandFlags(session, saved ?? fresh));
  session.print(`Plan again: ${again}\n`);
  const told = { files: spellFiles(session.globals), movement: renderMovement(movement), again };
  await writePage(stage, () => renderStaleMarkdown(fresh, told));
  return { exit: EXIT.stale, diagnostics: [], document: { plan: fresh, movement } };
}

function refuseUnasked({ session, signal }: ApplyStage, plan: Plan): Outcome {
  session.print("Not applied. Nothing was changed.\n");
  session.events?.emit("log", "warn", "Not applied. Nothing was changed.", {});
  return { exit: signal.aborted ? EXIT.interrupted : EXIT.error, diagnostics: [], document: { plan } };
}
