import fc from "fast-check";
import { describe, test } from "vitest";
import { countRuns } from "../support/count-runs.ts";
import { TARGETS } from "./targets.ts";

/** Far longer than anything takes, also on a busy machine. */
const LONGEST_MILLISECONDS = 60_000;

describe("what nobody expects ends in diagnostics and documented errors", () => {
  test.each(Object.entries(TARGETS).map(([name, target]) => ({ name, ...target })))("$name", async ({ runs, open }) => {
    const { inputs, attempt } = await open();
    const property = fc.asyncProperty(inputs, async (input) => {
      const started = performance.now();
      await attempt(input);
      const took = performance.now() - started;
      if (took > LONGEST_MILLISECONDS) throw new Error(`it took ${Math.round(took)} ms`);
    });
    await fc.assert(property, countRuns(runs));
  });
});
