import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { completeSight, planFrom, readSight, type Sight } from "../../src/engine/read-sight.ts";
import { KINDS } from "../../src/kinds/registry.ts";
import { loadManifest } from "../../src/manifest/load-manifest.ts";
import type { Address } from "../../src/model/address.ts";
import type { Step } from "../../src/model/change.ts";
import type { Memory, Plan } from "../../src/model/plan.ts";
import { type Limits, NO_LIMITS } from "../../src/model/policy.ts";
import { indexKinds } from "../../src/plan/kinds-by-name.ts";
import { memoryFiles } from "../manifest/load-text.ts";
import { anyEdits, editCompany } from "../support/edited-companies.ts";
import { makeHandClock } from "../support/hand-clock.ts";
import { applyMade, type Office, openOffice } from "../support/office.ts";
import { anyCompany, type Company } from "../support/random-companies.ts";

const RUNS = { numRuns: Number(process.env["TARGET_RUNS"] ?? 8), seed: 20_261_122, endOnFailure: true };
const clock = makeHandClock();

interface Seen {
  readonly plan: Plan;
  readonly sight: Sight;
}

interface Asked {
  /** What the plan is of; the empty text: everything. */
  readonly target: Address | "";
  /** Whether only what the target needs is read. */
  readonly isNarrow: boolean;
  readonly memory: Memory;
}

async function see(company: Company, { account }: Office, { target, isNarrow, memory }: Asked): Promise<Seen> {
  const files = memoryFiles({ "access.yaml": JSON.stringify(company) });
  const { manifest, diagnostics } = await loadManifest({ files, paths: ["access.yaml"] });
  if (manifest === undefined) throw new Error(JSON.stringify(diagnostics));
  const reading = { reader: account.reader, accountUrl: "sandbox" };
  const limits: Limits = { ...NO_LIMITS, targets: target === "" ? [] : [target] };
  const targets = isNarrow ? limits.targets : [];
  const seen = await readSight(reading, { manifest, memory, now: clock.now(), targets }, () => {});
  const sight = await completeSight(reading, { sight: seen, memory, limits }, () => {});
  return { plan: planFrom(sight, { memory, limits }), sight };
}

async function apply(company: Company, office: Office): Promise<void> {
  const memory = office.ledger.memory();
  const { plan, sight } = await see(company, office, { target: "", isNarrow: false, memory });
  await applyMade(office, { plan, world: sight.observation.world, approves: true });
}

/** What a plan may be confined to: each thing that would change, whose it is, and what it is in; and something that stays as it is. */
function listTargets({ plan, sight: { desired } }: Seen): readonly Address[] {
  const kinds = indexKinds(KINDS);
  const changed = plan.steps.flatMap(({ address }) => [address, ...kinds.of(address).attachedTo(address)]);
  return [...new Set([...changed, ...[...desired.world.keys()].slice(-2)])].sort();
}

/** What a narrow plan says that it did not look at: what people hold where neither manifest nor ledger has something of theirs. */
function isAnnounced({ address }: Step, { sight: { part, observation } }: Seen): boolean {
  if (part?.focus === undefined) return false;
  if (observation.glimpse?.assumed.has(address) === true) return true;
  return part.focus.named?.has(address) !== true;
}

const judged = ({ id, op, address, gate, dependsOn }: Step): object => ({ op, address, id, gate, dependsOn });

const STRICTNESS = { open: 0, held: 1, blocked: 2 };

async function compare(company: Company, office: Office, asked: Omit<Asked, "isNarrow">): Promise<boolean> {
  const whole = await see(company, office, { ...asked, isNarrow: false });
  const narrow = await see(company, office, { ...asked, isNarrow: true });
  const missing = whole.plan.steps.filter(({ address }) => !narrow.plan.steps.some((step) => step.address === address));
  expect(missing.filter((step) => !isAnnounced(step, narrow))).toEqual([]);
  if (missing.length === 0) expect(narrow.plan.steps.map(judged)).toEqual(whole.plan.steps.map(judged));
  for (const step of narrow.plan.steps) {
    const same = whole.plan.steps.find(({ address }) => address === step.address);
    expect({ step, op: same?.op, from: same?.from }).toEqual({ step, op: step.op, from: step.from });
    expect(STRICTNESS[step.gate.state]).toBeGreaterThanOrEqual(STRICTNESS[same?.gate.state ?? "open"]);
  }
  const isPart = narrow.sight.part !== undefined;
  expect(narrow.plan.unknowns.some(({ code }) => code === "AX426")).toBe(isPart);
  return isPart;
}

const anyPolicy = fc.record({
  max_removals: fc.constantFrom(1, 10_000),
  max_removal_percent: fc.constantFrom(5, 20, 100),
  min_admins: fc.integer({ min: 0, max: 3 }),
});

describe("a plan of a target that reads only what the target needs", () => {
  test("has the steps, ids and gates of one that reads everything, but for what it says it did not look at", async () => {
    let parts = 0;
    await fc.assert(
      fc.asyncProperty(
        anyCompany,
        fc.option(anyEdits, { nil: [] }),
        anyEdits,
        anyPolicy,
        fc.boolean(),
        fc.infiniteStream(fc.nat()),
        async (before, byHand, edits, policy, isForgotten, picks) => {
          const office = await openOffice();
          try {
            await apply(before, office);
            // Somebody else changes things: this ledger tells nothing of it.
            const other = { ...office, ledger: (await openOffice()).ledger };
            if (byHand.length > 0) await apply(editCompany(before, byHand), other);
            const after = { ...editCompany(before, edits), policy };
            const known = office.ledger.memory();
            const memory = isForgotten ? { ...known, owned: new Map(), lastWritten: new Map() } : known;
            const all = listTargets(await see(after, office, { target: "", isNarrow: false, memory }));
            const few = new Set(Array.from({ length: 12 }, () => all[(picks.next().value as number) % all.length]));
            for (const target of few)
              if (target !== undefined && (await compare(after, office, { target, memory }))) parts += 1;
          } finally {
            await office.close();
          }
        },
      ),
      RUNS,
    );
    expect(parts).toBeGreaterThan(20);
  }, 240_000);
});
