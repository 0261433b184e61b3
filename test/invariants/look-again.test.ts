import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KINDS } from "../../src/kinds/registry.ts";
import { loadManifest } from "../../src/manifest/load-manifest.ts";
import type { Step } from "../../src/model/change.ts";
import type { Observation } from "../../src/model/plan.ts";
import { indexKinds } from "../../src/plan/kinds-by-name.ts";
import { selectTouched } from "../../src/plan/touched-classes.ts";
import { makeDesired, selectReads } from "../../src/state/desired.ts";
import { forgetClasses } from "../../src/state/forget-classes.ts";
import { observeAccount } from "../../src/state/observe.ts";
import { memoryFiles } from "../manifest/load-text.ts";
import { makeHandClock } from "../support/hand-clock.ts";
import { applyIn, type Office, openOffice } from "../support/office.ts";
import { anyCompany, type Company } from "../support/random-companies.ts";
import { anyServer } from "../support/random-servers.ts";

const RUNS = { numRuns: 60, seed: 20_261_121, endOnFailure: true };

/** Everything that a company's manifest needs, read anew but for what is there already. */
async function observe(company: Company, { account }: Office, base?: Observation): Promise<Observation> {
  const files = memoryFiles({ "access.yaml": JSON.stringify(company) });
  const { manifest, diagnostics } = await loadManifest({ files, paths: ["access.yaml"] });
  if (manifest === undefined) throw new Error(JSON.stringify(diagnostics));
  const desired = makeDesired({ manifest, kinds: KINDS, now: makeHandClock().now() });
  const selection = selectReads(desired, KINDS);
  return observeAccount({ reader: account.reader, kinds: KINDS, selection, ...(base !== undefined && { base }) });
}

describe("after a run", () => {
  test("what it touched is read again, and with what was known of the rest it is what a reading of everything finds", async () => {
    let kept = 0;
    await fc.assert(
      fc.asyncProperty(anyCompany, anyCompany, anyServer, fc.nat(10), async (before, after, switches, tenths) => {
        const office = await openOffice(switches);
        try {
          await applyIn(office, before, { approves: false });
          const known = await observe(after, office);
          const choose = (steps: readonly Step[]): readonly Step[] => steps.slice(0, (steps.length * tenths) / 10);
          const { report } = await applyIn(office, after, { approves: true, choose });
          const tried = report.results.map(({ step }) => step);
          const touched = selectTouched(tried, known, indexKinds(KINDS));
          if (touched === undefined) return;
          const base = forgetClasses(known, touched, KINDS);
          kept += base.world.size;
          const [again, anew] = [await observe(after, office, base), await observe(after, office)];
          expect({ ...again, world: [...again.world], notes: [] }).toEqual({
            ...anew,
            world: [...anew.world],
            notes: [],
          });
        } finally {
          await office.close();
        }
      }),
      RUNS,
    );
    // Otherwise it would be a reading of everything each time.
    expect(kept).toBeGreaterThan(100);
  });
});
