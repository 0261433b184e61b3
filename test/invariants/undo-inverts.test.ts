import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyPlan } from "../../src/apply/apply-plan.ts";
import { draftApproval, selectApprovals } from "../../src/apply/approvals.ts";
import { aimUndo } from "../../src/engine/aim-undo.ts";
import { KINDS } from "../../src/kinds/registry.ts";
import { loadManifest } from "../../src/manifest/load-manifest.ts";
import { type Address, pathText } from "../../src/model/address.ts";
import type { Desired, Observation, Plan, ReadSelection } from "../../src/model/plan.ts";
import { NO_LIMITS } from "../../src/model/policy.ts";
import type { Spec, World } from "../../src/model/resource.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import { makeDesired, selectReads } from "../../src/state/desired.ts";
import { listRuns } from "../../src/state/history.ts";
import { type Ledger, openLedger } from "../../src/state/ledger.ts";
import { observeAccount } from "../../src/state/observe.ts";
import { openStore } from "../../src/state/open-store.ts";
import { memoryFiles } from "../manifest/load-text.ts";
import { makeHandClock } from "../support/hand-clock.ts";
import { makeDisk } from "../support/ledger-disk.ts";
import { type OpenAccount, openAccount } from "../support/open-account.ts";
import { anyCompany, type Company } from "../support/random-companies.ts";

const clock = makeHandClock();

interface Office {
  readonly account: OpenAccount;
  readonly ledger: Ledger;
}

async function look({ account }: Office, selection: ReadSelection): Promise<Observation> {
  return observeAccount({ reader: account.reader, kinds: KINDS, selection });
}

async function desire(company: Company): Promise<Desired> {
  const files = memoryFiles({ "access.yaml": JSON.stringify(company) });
  const { manifest, diagnostics } = await loadManifest({ files, paths: ["access.yaml"] });
  if (manifest === undefined) throw new Error(JSON.stringify(diagnostics));
  return makeDesired({ manifest, kinds: KINDS, now: clock.now() });
}

function planOf(office: Office, desired: Desired, observation: Observation): Plan {
  const memory = office.ledger.memory();
  return makePlan({ desired, observation, memory, kinds: KINDS, account: { url: "sandbox" }, limits: NO_LIMITS });
}

/** Runs a plan with everything approved; tells what was not done. */
async function run(office: Office, plan: Plan, observed: World, name: string): Promise<readonly string[]> {
  const ids = plan.steps.filter(({ gate }) => gate.state === "held").map(({ id }) => id);
  const now = clock.now();
  const words = { by: "ana", reason: "test", now, expires: new Date("2099-01-01") };
  const report = await applyPlan({
    plan,
    kinds: new Map(KINDS.map((kind) => [kind.name, kind])),
    observed,
    reader: office.account.reader,
    writer: office.account.writer,
    ledger: office.ledger,
    approvals: selectApprovals(plan, ids.length === 0 ? [] : [draftApproval({ plan, ids, ...words })], now).approvals,
    clock,
    parallelism: () => 4,
    signal: new AbortController().signal,
    run: name,
    onProgress: () => {},
  });
  return report.results
    .filter(({ state }) => state !== "done" && state !== "already")
    .map(({ step, state, because }) => `${state} ${step.op} ${step.address}: ${because}`);
}

/** Applies a company until nothing of it is left to do; gives the names of the runs. */
async function settle(company: Company, office: Office, name: string): Promise<readonly string[]> {
  const desired = await desire(company);
  const names: string[] = [];
  for (let more = 0; more < 3; more += 1) {
    const observation = await look(office, selectReads(desired, KINDS));
    const plan = planOf(office, desired, observation);
    if (plan.steps.length === 0) return names;
    names.push(`${name}${more}`);
    await run(office, plan, observation.world, `${name}${more}`);
  }
  return names;
}

async function undo(name: string, company: Company, office: Office): Promise<{ plan: Plan; amiss: readonly string[] }> {
  const lines = office.ledger.recent();
  const record = listRuns(lines).find((one) => one.run === name);
  if (record === undefined) throw new Error(`no run ${name}`);
  const aim = aimUndo({ run: record, lines, file: "ledger.jsonl" }, await desire(company));
  const observation = await look(office, aim.selection);
  const plan = planOf(office, aim.settle(observation), observation);
  return { plan, amiss: await run(office, plan, observation.world, `undo ${name}`) };
}

const WHOLE: ReadSelection = { classes: new Set(), under: [""] };

async function photograph(office: Office): Promise<ReadonlyMap<Address, Spec>> {
  const { world } = await look(office, WHOLE);
  return new Map([...world.values()].filter(({ builtin }) => builtin !== true).map((one) => [one.address, one.spec]));
}

/** What an undo cannot bring back: places that were there and were deleted, with all that was in them. */
function listLost(
  before: ReadonlyMap<Address, Spec>,
  between: ReadonlyMap<Address, Spec>,
): (address: Address) => boolean {
  const gone = [...before.keys()].filter(
    (address) => /^(organization|space|project):/u.test(address) && !between.has(address),
  );
  return (address) =>
    gone.some((place) => address === place || `${pathText(address)}/`.startsWith(`${pathText(place)}/`));
}

describe("undoing an apply", () => {
  test("leaves the account as it was before, but for deleted places and what was in them", async () => {
    await fc.assert(
      fc.asyncProperty(anyCompany, anyCompany, fc.boolean(), async (first, second, drops) => {
        const account = await openAccount({ orgRemovalDropsProjectBindings: drops });
        const office = {
          account,
          ledger: await openLedger({ store: await openStore({ location: "ledger.jsonl", files: makeDisk() }), clock }),
        };
        try {
          await settle(first, office, "a");
          const before = await photograph(office);
          const runs = await settle(second, office, "b");
          const between = await photograph(office);
          for (const name of runs.toReversed()) {
            const { plan, amiss } = await undo(name, second, office);
            expect(amiss).toEqual([]);
            expect(plan.basis.undo).toBe(name);
            expect(plan.steps.map(({ reason }) => reason).filter((reason) => reason !== "undone")).toEqual([]);
          }
          const isLost = listLost(before, between);
          const after = await photograph(office);
          const keep = (world: ReadonlyMap<Address, Spec>) => [...world].filter(([address]) => !isLost(address));
          expect(keep(after)).toEqual(keep(before));
          expect([...after.keys()].filter(isLost)).toEqual([]);
          for (const name of runs) expect((await undo(name, second, office)).plan.steps).toEqual([]);
        } finally {
          await account.close();
          await office.ledger.close();
        }
      }),
      { numRuns: 5, seed: 20_261_121, endOnFailure: true },
    );
  });
});
