import { createHash } from "node:crypto";
import type { Evidence, Happening } from "./evidence.ts";

/** A digest of all that happened: two runs of one scenario have the same. */
export function describeTrace({ happenings }: Pick<Evidence, "happenings">): string {
  const hash = createHash("sha256");
  for (const happening of happenings) hash.update(`${describeHappening(happening)}\n`);
  return hash.digest("hex");
}

/** One happening as a line. Plans and reports stand for themselves by their digest and their words. */
export function describeHappening(happening: Happening): string {
  if (happening.type === "planned") return JSON.stringify({ ...happening, plan: happening.plan.digest });
  if (happening.type !== "ended") return JSON.stringify(happening);
  const { applied, ...ending } = happening.ending;
  const results =
    applied?.outcome === "applied"
      ? applied.report.results.map(({ step, state, because }) => `${state} ${step.op} ${step.address} ${because ?? ""}`)
      : [applied?.outcome];
  return JSON.stringify({ ...happening, ending: { ...ending, results } });
}
