import { judgeParts } from "../../engine/judge-parts.ts";
import { UsageError } from "../../model/errors.ts";
import type { Plan } from "../../model/plan.ts";
import type { Summary } from "../../model/summary.ts";
import { mergePlans } from "../../plan/merge-plans.ts";
import { EXIT } from "../exit.ts";
import { spellFiles, spellGlobals } from "../flags/globals.ts";
import type { PlanFormat } from "../flags/plan-formats.ts";
import { planExit } from "../plans/plan-and-show.ts";
import { loadSavedPlan } from "../plans/saved-plan.ts";
import { PLAIN } from "../render/paint.ts";
import { renderPlanMarkdown } from "../render/plan-markdown.ts";
import { renderPlan } from "../render/plan-text.ts";
import { prettyJson } from "../render/pretty-json.ts";
import { renderSummary, renderSummaryMarkdown } from "../render/summary-text.ts";
import type { Outcome, Session } from "../session.ts";

/** What `summary` was asked for. */
export interface SummaryRequest {
  readonly plans: readonly string[];
  readonly out: string | undefined;
  readonly formats: readonly PlanFormat[];
  readonly limits: Summary["limits"];
}

/** Judges the plans of all parts as one, shows them as one plan, and saves the summary where asked. Asks no account. */
export async function runSummary(session: Session, request: SummaryRequest): Promise<Outcome> {
  const { formats, out, limits } = request;
  if (formats.some(({ format }) => format === "html"))
    throw new UsageError(
      "summary has no --format html.",
      "Show the page of a part: axcess show PLAN --format html=FILE",
    );
  const plans = await Promise.all(request.plans.map((file) => loadSavedPlan(session, file)));
  const { summary, plans: inOrder } = judgeParts(plans, limits);
  const merged = mergePlans(inOrder);
  if (out !== undefined) await session.files.replace(out, prettyJson(summary));
  await show(session, { summary, merged, formats });
  const exit = summary.blocks.length > 0 ? EXIT.held : planExit(merged, false);
  return { exit, diagnostics: [], document: { summary, plan: merged } };
}

async function show(
  session: Session,
  told: { readonly summary: Summary; readonly merged: Plan; readonly formats: readonly PlanFormat[] },
): Promise<void> {
  for (const { format, file } of told.formats) {
    const text = render(session, format, told);
    if (file !== undefined) await session.files.replace(file, text);
    else session.io.stdout.write(text);
  }
  if (told.formats.every(({ file }) => file !== undefined)) session.print(renderText(session, told, session.paint));
}

type Told = Parameters<typeof show>[1];

function render(session: Session, format: PlanFormat["format"], told: Told): string {
  switch (format) {
    case "json":
      return prettyJson({ summary: told.summary, plan: told.merged });
    case "markdown": {
      const page = {
        planFile: undefined,
        planFlags: [],
        flags: spellGlobals(session.globals),
        files: spellFiles(session.globals),
      };
      return renderPlanMarkdown(told.merged, { ...page, preface: renderSummaryMarkdown(told.summary) });
    }
    default:
      return renderText(session, told, PLAIN);
  }
}

function renderText({ globals }: Session, { summary, merged }: Told, paint: Session["paint"]): string {
  const view = { paint, planFile: undefined, flags: spellGlobals(globals), planFlags: [] };
  return `${renderPlan(merged, view)}\n${renderSummary(summary, paint)}`;
}
