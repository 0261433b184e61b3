import { tmpdir } from "node:os";
import { resolve } from "node:path";
import { checkApprovals } from "../apply/approvals.ts";
import { type Applied, applyManifest } from "../engine/apply-manifest.ts";
import { countApprovals } from "../engine/chosen-approvals.ts";
import type { PlanMovement } from "../engine/compare-plans.ts";
import { openRun } from "../engine/open-run.ts";
import type { ShownSummary } from "../engine/require-summary.ts";
import { systemHost } from "../host/system-host.ts";
import { systemPrograms } from "../host/system-programs.ts";
import { systemRandom } from "../host/system-random.ts";
import type { Approval } from "../model/approval.ts";
import { isApproverEmail, normalizeApprover } from "../model/approval-rules.ts";
import { hasErrors } from "../model/diagnostic.ts";
import { DiagnosedError, Impossible, UsageError } from "../model/errors.ts";
import { NO_LIMITS } from "../model/policy.ts";
import type { Shard } from "../model/shard.ts";
import type { Summary } from "../model/summary.ts";
import { readSummary } from "../plan/summarize-parts.ts";
import { connectStore } from "../stores/connect-store.ts";
import { checkPlan } from "./check-plan.ts";
import { withWriting } from "./open-account.ts";
import { findHome, locateLedger, openWorkplace, requireManifest } from "./open-workplace.ts";
import type { ApplyOptions } from "./options.ts";
import { takePart } from "./take-part.ts";

/** What an apply came to, where it was not refused. */
export type AppliedPlan = Omit<Extract<Applied, { readonly outcome: "applied" }>, "outcome">;

/** Applies a plan, or what is planned now. A plan that no longer fits is a DiagnosedError, and nothing was changed. */
export async function applyGiven(options: ApplyOptions): Promise<AppliedPlan> {
  const saved = options.plan && checkPlan(options.plan);
  if (saved === undefined && options.autoApprove !== true) {
    throw new UsageError("There is no plan to apply.", "Hand in the `plan` that was reviewed, or `autoApprove: true`.");
  }
  const shard = saved?.shard ?? takePart(options.shard);
  const summary = checkSummary(options.summary, shard);
  const approvals = checkGiven(options.approvals ?? []);
  const authors = checkAuthors(options.authors ?? []);
  const workplace = openWorkplace(options);
  const { files, clock, hear, folder } = workplace;
  const manifest = await requireManifest(workplace, options.manifest);
  const location = await locateLedger(workplace, options);
  if (location === undefined) {
    throw new UsageError("A sandbox that was started elsewhere has no ledger of its own.", "Name one as `ledger`.");
  }
  const outside = {
    ...{ files, clock, host: systemHost, programs: options.programs ?? systemPrograms },
    random: systemRandom,
    temporary: tmpdir(),
    home: resolve(folder, await findHome(workplace, options.manifest)),
    keyVariables: ["ARIZE_API_KEY", ...(options.keyVariables ?? [])],
  };
  const place = { location, files, connect: connectStore, clock, host: systemHost, random: systemRandom, shard };
  const applied = await openRun(place, hear, (run) =>
    withWriting(workplace, options, (account) =>
      applyManifest({
        ...{ manifest, saved, shard, summary, approvals, account, run, outside, hear },
        rotate: undefined,
        limits: { ...NO_LIMITS, ...options.limits },
        signal: options.signal ?? new AbortController().signal,
        authors,
        agree: async ({ plan, approvals: held, rules, notes }) => {
          const counted = countApprovals({ plan, rules, authors, now: clock.now() }, held);
          hear({ type: "noted", diagnostics: [...notes, ...counted.notes] });
          return counted;
        },
      }),
    ),
  );
  return requireApplied(applied);
}

function requireApplied(applied: Applied): AppliedPlan {
  switch (applied.outcome) {
    case "applied": {
      const { outcome: _, ...rest } = applied;
      return rest;
    }
    case "stale":
      throw describeStale(applied.movement);
    case "declined":
      throw new Impossible("an apply was declined that nobody was asked about");
  }
}

/** What is shown for the whole. Throws UsageError where it is not as it was made, or there is no part that it could be for. */
function checkSummary(given: Summary | "none" | undefined, shard: Shard | undefined): ShownSummary | undefined {
  if (given === undefined) return undefined;
  if (shard === undefined)
    throw new UsageError("A summary is for a part of the account, and this is for all of it.", "Leave it out.");
  if (given === "none") return given;
  const summary = readSummary(JSON.stringify(given));
  if (summary !== undefined) return summary;
  throw new UsageError("The summary was changed since it was made.", "Hand in what `summarize` gave.");
}

function checkGiven(given: readonly Approval[]): readonly Approval[] {
  const { approvals, diagnostics } = checkApprovals({ version: 1, approvals: given }, "approvals");
  if (hasErrors(diagnostics)) throw new DiagnosedError(diagnostics);
  return approvals;
}

/** One that is no e-mail is nobody's, so that the author's own approval would count. */
function checkAuthors(given: unknown): readonly string[] {
  const isEmail = (author: unknown): author is string =>
    typeof author === "string" && isApproverEmail(normalizeApprover(author));
  if (!Array.isArray(given) || !given.every(isEmail)) {
    throw new UsageError("The authors are no list of e-mails.", "Hand in `authors` as EMAILs, or leave it out.");
  }
  return given.map(normalizeApprover);
}

const MAX_NAMED = 10;

function describeStale({ basis, onlySaved, onlyFresh, changed }: PlanMovement): DiagnosedError {
  const steps = [...onlySaved, ...onlyFresh, ...changed.map(({ fresh }) => fresh)].map(({ address }) => address);
  const moved = [...basis, ...new Set(steps)];
  const others = moved.length > MAX_NAMED ? `, and ${moved.length - MAX_NAMED} more` : "";
  return new DiagnosedError([
    {
      code: "AX392",
      severity: "error",
      summary: "The plan is stale",
      detail: `The account or the manifest moved since. Nothing was changed. What moved: ${moved.slice(0, MAX_NAMED).join(", ")}${others}.`,
      fix: "Plan again, and have it reviewed again.",
    },
  ]);
}
