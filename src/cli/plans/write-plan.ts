import { spellLimits } from "../../engine/spell-limits.ts";
import type { Standing } from "../../engine/standing.ts";
import type { Plan } from "../../model/plan.ts";
import { spellSharding } from "../../model/shard.ts";
import { emitPlan } from "../events/plan-events.ts";
import { spellFiles, spellGlobals } from "../flags/globals.ts";
import type { PlanFormat } from "../flags/plan-formats.ts";
import { PLAIN } from "../render/paint.ts";
import { type PlanPage, renderPlanMarkdown } from "../render/plan-markdown.ts";
import { renderPlan } from "../render/plan-text.ts";
import type { PlanView } from "../render/plan-view.ts";
import { prettyJson } from "../render/pretty-json.ts";
import type { Session } from "../session.ts";
import type { Sight } from "./plan-account.ts";

/** The text of a saved plan: the same plan is always the same bytes. */
export function formatPlanFile(plan: Plan): string {
  return prettyJson(plan);
}

/** Shows a plan in every format that was asked for; as text for people when none of them goes to stdout. */
export async function writePlan(
  session: Session,
  plan: Plan,
  options: {
    readonly formats: readonly PlanFormat[];
    readonly planFile: string | undefined;
    /** True when a person is asked for approvals right afterwards. */
    readonly asksBelow?: boolean;
    /** True where only what keeps the plan from being all done is told, and what it comes to. */
    readonly isBrief?: boolean;
    /** True where no account was asked. */
    readonly isUnasked?: boolean;
    /** What the plan was made from, where it was just made: a page then tells of everybody. */
    readonly sight?: Sight;
    readonly standing?: Standing;
  },
): Promise<void> {
  const { planFile, asksBelow = false, isBrief = false, isUnasked = false, standing } = options;
  const waiting = standing !== undefined && { standing };
  const flags = { ...commandFlags(session, plan), files: spellFiles(session.globals) };
  const view = { planFile, asksBelow, isBrief, isUnasked, ...waiting, ...flags };
  emitPlan(session.events, plan);
  for (const { format, file } of options.formats) {
    const text =
      format === "html"
        ? await renderPage(session, plan, { planFile, sight: options.sight, standing })
        : render(format, plan, view);
    if (file !== undefined) await session.files.replace(file, text);
    else if (format !== "text") session.io.stdout.write(text);
  }
  if (options.formats.some(({ format, file }) => file === undefined && format !== "text")) return;
  session.print(renderPlan(plan, { paint: session.paint, ...view }));
}

function render(
  format: Exclude<PlanFormat["format"], "html">,
  plan: Plan,
  view: Omit<PlanView, "paint"> & PlanPage,
): string {
  switch (format) {
    case "json":
      return formatPlanFile(plan);
    case "markdown":
      return renderPlanMarkdown(plan, view);
    case "text":
      return renderPlan(plan, { paint: PLAIN, ...view });
  }
}

/** Loads what makes a page only when one is asked for. */
async function renderPage(
  session: Session,
  plan: Plan,
  options: {
    readonly planFile: string | undefined;
    readonly sight: Sight | undefined;
    readonly standing: Standing | undefined;
  },
): Promise<string> {
  const { renderReviewPage } = await import("./review-page.ts");
  const { text } = await renderReviewPage(plan, { ...options, flags: commandFlags(session, plan) });
  return text;
}

/** What commands told of need: a plan is made again with the limits it was made with. */
export function commandFlags(session: Session, plan: Plan): Pick<PlanView, "flags" | "planFlags" | "undo" | "rotate"> {
  const { undo, rotate } = plan.basis;
  return {
    flags: spellGlobals(session.globals),
    // What is rotated says by itself what it is limited to.
    planFlags: rotate === undefined ? [...spellSharding(plan.shard), ...spellLimits(plan.limits)] : [],
    undo,
    rotate: rotate?.address,
  };
}
