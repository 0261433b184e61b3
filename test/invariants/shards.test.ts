import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { completeSight, planFrom, readSight, type Sight } from "../../src/engine/read-sight.ts";
import { loadManifest } from "../../src/manifest/load-manifest.ts";
import { canonicalJson } from "../../src/model/json.ts";
import type { Plan } from "../../src/model/plan.ts";
import { NO_LIMITS } from "../../src/model/policy.ts";
import { SHARD_UNITS, type Shard, type Sharding } from "../../src/model/shard.ts";
import { memoryFiles } from "../manifest/load-text.ts";
import { makeHandClock } from "../support/hand-clock.ts";
import { applyMade, type Office, openOffice } from "../support/office.ts";
import { anyCompany, type Company } from "../support/random-companies.ts";

const RUNS = { numRuns: 6, seed: 20_261_122, endOnFailure: true };
const clock = makeHandClock();

async function see(
  company: Company,
  { account, ledger }: Office,
  shard?: Shard,
): Promise<{ readonly plan: Plan; readonly sight: Sight }> {
  const files = memoryFiles({ "access.yaml": JSON.stringify(company) });
  const { manifest, diagnostics } = await loadManifest({ files, paths: ["access.yaml"] });
  if (manifest === undefined) throw new Error(JSON.stringify(diagnostics));
  const memory = ledger.memory();
  const reading = { reader: account.reader, accountUrl: "sandbox" };
  const seen = await readSight(reading, { manifest, memory, now: clock.now(), shard }, () => {});
  const sight = await completeSight(reading, { sight: seen, memory, limits: NO_LIMITS }, () => {});
  return { plan: planFrom(sight, { memory, limits: NO_LIMITS }), sight };
}

async function apply(company: Company, office: Office, shard?: Shard): Promise<readonly string[]> {
  const { plan, sight } = await see(company, office, shard);
  const report = await applyMade(office, { plan, world: sight.observation.world, approves: true });
  return report.results.flatMap(({ step, state }) => (state === "failed" ? [`${step.op} ${step.address}`] : []));
}

function deedsOf(plans: readonly Plan[]): readonly string[] {
  return plans
    .flatMap(({ steps }) => steps)
    .map(({ op, address, remote, from, to, cascade }) => canonicalJson({ op, address, remote, from, to, cascade }))
    .sort();
}

const anySharding: fc.Arbitrary<Sharding> = fc.record({
  of: fc.integer({ min: 1, max: 3 }),
  by: fc.constantFrom(...SHARD_UNITS),
});

/** A company in which also whole organizations and roles go that it does not have. */
const anyStrictCompany: fc.Arbitrary<Company> = anyCompany.map((company) => ({
  ...company,
  manage: { ...(company["manage"] as Company), organizations: "authoritative", roles: "authoritative" },
}));

describe("an account that is divided", () => {
  test("is planned in parts that are the whole, each by what it reads itself, and becomes as declared", async () => {
    await fc.assert(
      fc.asyncProperty(
        anyCompany,
        fc.oneof(anyCompany, anyStrictCompany),
        anySharding,
        fc.boolean(),
        async (before, after, sharding, turned) => {
          const office = await openOffice();
          try {
            await apply(before, office);
            const shards = Array.from({ length: sharding.of }, (_, index): Shard => ({ ...sharding, part: index + 1 }));
            const accountPart: Shard = { ...sharding, part: "account" };
            const plans: Plan[] = [];
            for (const part of [accountPart, ...shards]) plans.push((await see(after, office, part)).plan);
            expect(deedsOf(plans)).toEqual(deedsOf([(await see(after, office)).plan]));
            expect(await apply(after, office, accountPart)).toEqual([]);
            // What the account part has done changes nothing of what the shards were to do.
            for (const [index, part] of shards.entries())
              expect(deedsOf([(await see(after, office, part)).plan])).toEqual(
                deedsOf(plans.slice(index + 1, index + 2)),
              );
            for (const part of turned ? shards.toReversed() : shards)
              expect(await apply(after, office, part)).toEqual([]);
            for (const part of [accountPart, ...shards]) await apply(after, office, part);
            expect(deedsOf([(await see(after, office)).plan])).toEqual([]);
          } finally {
            await office.close();
          }
        },
      ),
      RUNS,
    );
  });
});
