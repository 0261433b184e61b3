import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyPlan } from "../../src/apply/apply-plan.ts";
import { draftApproval, selectApprovals } from "../../src/apply/approvals.ts";
import type { ApplyReport } from "../../src/apply/report.ts";
import { KINDS } from "../../src/kinds/registry.ts";
import { loadManifest } from "../../src/manifest/load-manifest.ts";
import type { Approval } from "../../src/model/approval.ts";
import type { Plan } from "../../src/model/plan.ts";
import { NO_LIMITS } from "../../src/model/policy.ts";
import type { World } from "../../src/model/resource.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import type { SandboxSwitches } from "../../src/sandbox/start-sandbox.ts";
import { makeDesired, selectReads } from "../../src/state/desired.ts";
import { type Ledger, openLedger } from "../../src/state/ledger.ts";
import { recallMemory } from "../../src/state/memory.ts";
import { observeAccount } from "../../src/state/observe.ts";
import { openStore } from "../../src/state/open-store.ts";
import { memoryFiles } from "../manifest/load-text.ts";
import { makeHandClock } from "../support/hand-clock.ts";
import { makeDisk } from "../support/ledger-disk.ts";
import { type OpenAccount, openAccount } from "../support/open-account.ts";
import { anyCompany, type Company } from "../support/random-companies.ts";
import { anyServer } from "../support/random-servers.ts";

const RUNS = { numRuns: 12, seed: 20_261_121, endOnFailure: true };
const clock = makeHandClock();

interface Office {
  readonly account: OpenAccount;
  readonly ledger: Ledger;
}

async function planFor(
  company: Company,
  { account, ledger }: Office,
): Promise<{ readonly plan: Plan; readonly world: World }> {
  const files = memoryFiles({ "access.yaml": JSON.stringify(company) });
  const { manifest, diagnostics } = await loadManifest({ files, paths: ["access.yaml"] });
  if (manifest === undefined) throw new Error(JSON.stringify(diagnostics));
  const desired = makeDesired({ manifest, kinds: KINDS, now: clock.now() });
  const observation = await observeAccount({
    reader: account.reader,
    kinds: KINDS,
    selection: selectReads(desired, KINDS),
  });
  const memory = recallMemory(ledger.lines());
  const plan = makePlan({ desired, observation, memory, kinds: KINDS, account: { url: "sandbox" }, limits: NO_LIMITS });
  return { plan, world: observation.world };
}

async function apply(
  company: Company,
  office: Office,
  approves: boolean,
): Promise<{ readonly plan: Plan; readonly report: ApplyReport }> {
  const { plan, world } = await planFor(company, office);
  const held = plan.steps.filter(({ gate }) => gate.state === "held").map(({ id }) => id);
  const given: readonly Approval[] =
    approves && held.length > 0
      ? [
          draftApproval({
            plan,
            ids: held,
            by: "ana",
            reason: "test",
            now: clock.now(),
            expires: new Date("2099-01-01"),
          }),
        ]
      : [];
  const report = await applyPlan({
    plan,
    kinds: new Map(KINDS.map((kind) => [kind.name, kind])),
    observed: world,
    reader: office.account.reader,
    writer: office.account.writer,
    ledger: office.ledger,
    approvals: selectApprovals(plan, given, clock.now()).approvals,
    clock,
    parallelism: 4,
    signal: new AbortController().signal,
    run: "run",
    onProgress: () => {},
  });
  return { plan, report };
}

/**
 * True for what must not happen to an approved step. What was planned unseen may turn out otherwise once it can be seen; and
 * where the platform drops the roles on projects with a membership of their space, a switch between its stores takes them along.
 */
function isAmiss({ step, state }: ApplyReport["results"][number], switches: Partial<SandboxSwitches>): boolean {
  const mayBeGone = switches.spaceRemovalDropsProjectBindings === true && step.kind === "binding";
  if (state === "stale") return step.reason !== "ensure" && !mayBeGone;
  return state === "failed" || state === "held" || state === "blocked";
}

function countSent(account: OpenAccount, method: string): number {
  return account.requests().filter((request) => request.startsWith(`${method} `)).length;
}

describe("from any company to any other", () => {
  test("nothing is deleted unapproved, nothing fails, and once approved the account is as declared", async () => {
    await fc.assert(
      fc.asyncProperty(anyCompany, anyCompany, anyServer, async (before, after, switches) => {
        const account = await openAccount(switches);
        const office = {
          account,
          ledger: await openLedger({ store: await openStore({ location: "ledger.jsonl", files: makeDisk() }), clock }),
        };
        try {
          const first = await apply(before, office, false);
          expect(first.report.results.filter(({ state }) => state !== "done" && state !== "already")).toEqual([]);
          expect((await planFor(before, office)).plan.steps).toEqual([]);

          account.forget();
          const open = await apply(after, office, false);
          expect(countSent(account, "DELETE")).toBe(0);
          const unwanted = open.report.results.filter((result) => isAmiss(result, switches) && result.state !== "held");
          expect(unwanted).toEqual([]);

          const rest = await apply(after, office, true);
          expect(rest.report.results.filter((result) => isAmiss(result, switches))).toEqual([]);
          // What an inherited admin right hid may only now be seen: it then takes another approved run.
          for (let more = 0; more < 2 && (await planFor(after, office)).plan.steps.length > 0; more += 1)
            await apply(after, office, true);
          const left = (await planFor(after, office)).plan;
          expect(left.steps.map(({ op, address, fields }) => ({ op, address, fields }))).toEqual([]);
          expect(left.withheld).toEqual([]);
        } finally {
          await account.close();
          await office.ledger.close();
        }
      }),
      RUNS,
    );
  });

  test("where members cannot be read, all that is new is made all the same, and nothing of it is written twice", async () => {
    await fc.assert(
      fc.asyncProperty(anyCompany, async (company) => {
        const account = await openAccount({ graphqlEnabled: false });
        const office = {
          account,
          ledger: await openLedger({ store: await openStore({ location: "ledger.jsonl", files: makeDisk() }), clock }),
        };
        try {
          const { report } = await apply(company, office, false);
          expect(report.results.filter(({ state }) => state !== "done")).toEqual([]);
          expect((await planFor(company, office)).plan.steps).toEqual([]);
        } finally {
          await account.close();
          await office.ledger.close();
        }
      }),
      RUNS,
    );
  });
});
