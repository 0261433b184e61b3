import { createHash } from "node:crypto";
import { markInvited } from "../../engine/predict-planned.ts";
import type { Standing } from "../../engine/standing.ts";
import { KINDS } from "../../kinds/registry.ts";
import { ASSUMED } from "../../model/access.ts";
import { DiagnosedError } from "../../model/errors.ts";
import type { Plan } from "../../model/plan.ts";
import { assemblePage, contentPolicy } from "../../page/assemble-page.ts";
import { makePageModel, type PageInput } from "../../page/make-page.ts";
import type { PageCommands, PageServed } from "../../page/page-model.ts";
import { indexKinds } from "../../plan/kinds-by-name.ts";
import { predictWorld } from "../../plan/predict-world.ts";
import { readPackageFile } from "../package-files.ts";
import { describeStandingOf, isApproved, listNeeds, listUnbound } from "../render/approvals-needed.ts";
import { sortShift } from "../render/group-shifts.ts";
import { harmless } from "../render/harmless.ts";
import { planCommand } from "../render/held-text.ts";
import { summarizePlan } from "../render/plan-summary.ts";
import type { PlanView } from "../render/plan-view.ts";
import { quoteShellWord } from "../render/quote-shell-word.ts";
import type { Sight } from "./plan-account.ts";

/** What a page tells beside its plan. */
interface PageOptions {
  /** Where the plan is saved; undefined when it is not. */
  readonly planFile: string | undefined;
  /** What the plan was made from; undefined where only the plan is at hand. */
  readonly sight?: Sight | undefined;
  readonly flags: Pick<PlanView, "flags" | "planFlags" | "undo">;
  readonly served?: PageServed;
  /** The approvals that are there; undefined where that was not found out. */
  readonly standing?: Standing | undefined;
}

/** A whole page, and the policy under which it is to be shown. */
export interface ReviewPage {
  readonly text: string;
  readonly policy: string;
}

/** Makes the review page of a plan. The same plan of the same account gives the same bytes. Throws DiagnosedError where its program is missing. */
export async function renderReviewPage(plan: Plan, options: PageOptions): Promise<ReviewPage> {
  const { planFile, sight, flags, served, standing } = options;
  const [script, style] = await Promise.all([readPart("page.js"), readPart("page.css")]);
  const model = makePageModel({
    plan,
    ...(sight === undefined ? { worlds: undefined } : predictBoth(sight, plan)),
    settings: sight?.desired.policy.assume ?? ASSUMED,
    summary: summarizePlan(plan, "Plan"),
    commands: spellCommands(planFile, flags),
    sortOf: sortShift,
    needs: [...listNeeds(plan), ...listUnbound(plan)],
    ...(standing !== undefined && { approvals: tellApprovals(plan, standing) }),
    ...(served === undefined ? {} : { served }),
  });
  const text = assemblePage(model, { script, style, hash: hashText, shown: harmless });
  const reach = served === undefined ? "'none'" : "'self'";
  return { text, policy: contentPolicy({ script: hashText(script), style: hashText(style), reach }) };
}

function tellApprovals(
  { steps, approvals }: Plan,
  standing: Standing,
): NonNullable<Parameters<typeof makePageModel>[0]["approvals"]> {
  return new Map(
    steps.flatMap((step) => {
      const lines = describeStandingOf(step, { approvals, standing });
      return lines.length === 0 ? [] : [[step.id, { isEnough: isApproved(step, { standing }), lines }]];
    }),
  );
}

function predictBoth(
  { observation }: Sight,
  { steps }: Plan,
): Pick<PageInput, "worlds"> & Required<Pick<PageInput, "hidden">> {
  const { before, after, covered } = predictWorld(observation, steps, indexKinds(KINDS));
  return {
    worlds: { before, after: markInvited(after, steps) },
    hidden: [...covered].filter((grant) => !before.has(grant)),
  };
}

function spellCommands(planFile: string | undefined, view: PageOptions["flags"]): PageCommands {
  const file = planFile ?? "plan.json";
  const spell = (...words: readonly string[]): string =>
    ["axcess", ...words, ...view.flags].map(quoteShellWord).join(" ");
  const apply = spell("apply", file);
  return {
    ...(planFile === undefined ? { save: planCommand(file, view) } : {}),
    show: spell("show", file),
    apply,
    applyWith: `${apply} --approvals`,
  };
}

/** The program and the style of the page are built once, when the package is. */
async function readPart(name: string): Promise<string> {
  try {
    return await readPackageFile(`dist/review-page/${name}`);
  } catch {
    throw new DiagnosedError([
      {
        code: "AX355",
        severity: "error",
        summary: "The review page is not built",
        detail: `dist/review-page/${name} is missing from this installation.`,
        fix: "In a clone: npm run build. Else install the package again.",
      },
    ]);
  }
}

function hashText(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}
