import fc from "fast-check";
import { renderDiagnostics } from "../../../src/cli/render/diagnostics-text.ts";
import { PLAIN } from "../../../src/cli/render/paint.ts";
import type { Plan } from "../../../src/model/plan.ts";
import { digestPlan } from "../../../src/plan/digest.ts";
import { readPlan } from "../../../src/plan/read-plan.ts";
import { savePlanOfHeld } from "../../support/held-plan.ts";
import { makeWorkplace } from "../../support/run-axcess.ts";
import { makeUsualPlan } from "../../support/usual-plan.ts";
import { writeHostile } from "../hostile-values.ts";
import { requireHarmless, requireTold } from "../judge.ts";
import { type Edit, mutateText, mutateValue, someEdits } from "../mutate.ts";
import { makeTrial, type Target } from "../target.ts";

const anyCase = fc.record({
  plan: fc.nat(1),
  how: fc.constantFrom("value", "value", "text", "sealed", "sealed"),
  edits: someEdits,
  command: fc.constantFrom("show", "approve"),
});

function spoilPlan(plan: Plan, how: string, edits: readonly Edit[]): string {
  const text = JSON.stringify(plan);
  if (how === "text") return mutateText(text, edits);
  const spoilt = mutateValue(plan, edits);
  return writeHostile(how === "sealed" ? seal(spoilt) : spoilt);
}

/** As somebody would who knows how the digest is made. */
function seal(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return { ...value, digest: digestPlan(value as Plan) };
}

/** A saved plan that something happened to: refused, or it means what it meant; whoever makes a digest of their own gets errors in words. */
export const readSavedPlan: Target = {
  runs: 80,
  open: async () => {
    const place = makeWorkplace();
    await savePlanOfHeld(place);
    const plans = [JSON.parse(await place.read("plan.json")) as Plan, makeUsualPlan()];
    return makeTrial(anyCase, async ({ plan: chosen, how, edits, command }) => {
      const whole = { ...plans[chosen % plans.length] } as Plan;
      const original = { ...whole, digest: digestPlan(whole) };
      const text = spoilPlan(original, how, edits);
      const { plan, diagnostics } = readPlan(text, "plan.json");
      requireHarmless(renderDiagnostics(diagnostics, PLAIN));
      if (how !== "sealed" && plan !== undefined) requireSame(plan, original);
      place.write("spoilt.json", text);
      const words = ["show", "spoilt.json"];
      const approving = ["approve", "spoilt.json", "--all", "--by", "a@b.io", "--reason", "x", "--output", "out.yaml"];
      requireTold(await place.run(command === "show" ? words : approving));
    });
  },
};

/** What depends on the clock is under no digest, and everything else must be as it was. */
function requireSame(plan: Plan, original: Plan): void {
  const bare = ({ lapses: _, ...rest }: Plan): unknown => rest;
  const same = JSON.stringify(sorted(bare(plan))) === JSON.stringify(sorted(bare(original)));
  if (!same || containsInfinity(plan)) throw new Error("a plan that was changed is taken for one that was not");
}

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sorted(member)]),
  );
}

function containsInfinity(value: unknown): boolean {
  if (typeof value === "number") return !Number.isFinite(value);
  return typeof value === "object" && value !== null && Object.values(value).some(containsInfinity);
}
