import { applyPlan } from "../../src/apply/apply-plan.ts";
import { draftApproval, selectApprovals } from "../../src/apply/approvals.ts";
import type { ApplyReport } from "../../src/apply/report.ts";
import { KINDS } from "../../src/kinds/registry.ts";
import { loadManifest } from "../../src/manifest/load-manifest.ts";
import type { Step } from "../../src/model/change.ts";
import type { Plan } from "../../src/model/plan.ts";
import { NO_LIMITS } from "../../src/model/policy.ts";
import type { World } from "../../src/model/resource.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import type { SandboxSwitches } from "../../src/sandbox/start-sandbox.ts";
import { makeDesired, selectReads } from "../../src/state/desired.ts";
import { type Ledger, openLedger } from "../../src/state/ledger.ts";
import { observeAccount } from "../../src/state/observe.ts";
import { openStore } from "../../src/state/open-store.ts";
import { memoryFiles } from "../manifest/load-text.ts";
import { makeHandClock } from "./hand-clock.ts";
import { makeDisk } from "./ledger-disk.ts";
import { type OpenAccount, openAccount } from "./open-account.ts";
import type { Company } from "./random-companies.ts";

const clock = makeHandClock();

/** Where a company is applied: an account of its own and a ledger. */
export interface Office {
  readonly account: OpenAccount;
  readonly ledger: Ledger;
  close(): Promise<void>;
}

/** A new office; it has to be closed. */
export async function openOffice(switches: Partial<SandboxSwitches> = {}): Promise<Office> {
  const account = await openAccount(switches);
  const ledger = await openLedger({ store: await openStore({ location: "ledger.jsonl", files: makeDisk() }), clock });
  return {
    account,
    ledger,
    close: async () => {
      await account.close();
      await ledger.close();
    },
  };
}

/** What would make an account as the company wants it, and what is there. */
export async function planFor(
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
  const memory = ledger.memory();
  const plan = makePlan({ desired, observation, memory, kinds: KINDS, account: { url: "sandbox" }, limits: NO_LIMITS });
  return { plan, world: observation.world };
}

/** Plans and applies, everything that is held approved or nothing; of the steps only those that are chosen. */
export async function applyIn(
  office: Office,
  company: Company,
  { approves, choose }: { readonly approves: boolean; readonly choose?: (steps: readonly Step[]) => readonly Step[] },
): Promise<{ readonly plan: Plan; readonly report: ApplyReport }> {
  const { plan, world } = await planFor(company, office);
  const steps = choose?.(plan.steps) ?? plan.steps;
  return { plan, report: await applyMade(office, { plan: { ...plan, steps }, world, approves }) };
}

/** Applies a plan of what was seen, everything that is held approved or nothing. */
export function applyMade(
  office: Office,
  { plan, world, approves }: { readonly plan: Plan; readonly world: World; readonly approves: boolean },
): Promise<ApplyReport> {
  const ids = plan.steps.filter(({ gate }) => approves && gate.state === "held").map(({ id }) => id);
  const by = { by: "ana", reason: "test", now: clock.now(), expires: new Date("2099-01-01") };
  const given = ids.length === 0 ? [] : [draftApproval({ plan, ids, ...by })];
  return applyPlan({
    plan,
    kinds: new Map(KINDS.map((kind) => [kind.name, kind])),
    observed: world,
    reader: office.account.reader,
    writer: office.account.writer,
    ledger: office.ledger,
    approvals: selectApprovals(plan, given, clock.now()).approvals,
    clock,
    parallelism: () => 4,
    signal: new AbortController().signal,
    run: "run",
    onProgress: () => {},
  });
}
