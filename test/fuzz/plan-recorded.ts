import { PLAIN } from "../../src/cli/render/paint.ts";
import { renderPlanMarkdown } from "../../src/cli/render/plan-markdown.ts";
import { renderPlan } from "../../src/cli/render/plan-text.ts";
import { completeSight, planFrom, readSight } from "../../src/engine/read-sight.ts";
import type { Manifest } from "../../src/model/manifest.ts";
import type { Memory, Plan } from "../../src/model/plan.ts";
import type { PlatformReader } from "../../src/model/platform.ts";
import { NO_LIMITS } from "../../src/model/policy.ts";
import { requireHarmless } from "./judge.ts";

const NOW: Date = new Date("2027-01-15T09:00:00Z");

/** Plans as `axcess plan` does, from what a reader answers. */
export async function planWith(reader: PlatformReader, manifest: Manifest, memory: Memory): Promise<Plan> {
  const account = { reader, accountUrl: "http://recorded" };
  const hear = (): void => undefined;
  const sight = await readSight(account, { manifest, memory, now: NOW }, hear);
  const whole = await completeSight(account, { sight, memory, limits: NO_LIMITS }, hear);
  return planFrom(whole, { memory, limits: NO_LIMITS });
}

/** Shows a plan in each form for people; throws where a line would not be harmless. */
export function showPlan(plan: Plan): void {
  const view = { planFile: undefined, asksBelow: false, isUnasked: false, flags: [], files: [], planFlags: [] };
  const given = { ...view, undo: undefined, rotate: undefined };
  requireHarmless(renderPlan(plan, { paint: PLAIN, ...given }));
  requireHarmless(renderPlanMarkdown(plan, given));
}
