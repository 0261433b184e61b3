import { applyPlan } from "../../src/apply/apply-plan.ts";
import { KINDS } from "../../src/kinds/registry.ts";
import { NO_LIMITS } from "../../src/model/policy.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import { makeDesired, selectReads } from "../../src/state/desired.ts";
import { openLedger } from "../../src/state/ledger.ts";
import { recallMemory } from "../../src/state/memory.ts";
import { observeAccount } from "../../src/state/observe.ts";
import { openStore } from "../../src/state/open-store.ts";
import { loadText } from "../manifest/load-text.ts";
import { makeHandClock } from "./hand-clock.ts";
import { makeDisk } from "./ledger-disk.ts";
import type { OpenAccount } from "./open-account.ts";
import type { Company } from "./random-companies.ts";

/** Makes a company on an empty account. Throws when anything of it could not be made. */
export async function foundCompany(company: Company, account: OpenAccount): Promise<void> {
  const clock = makeHandClock();
  const { manifest, diagnostics } = await loadText(JSON.stringify(company));
  if (manifest === undefined) throw new Error(JSON.stringify(diagnostics));
  const desired = makeDesired({ manifest, kinds: KINDS, now: clock.now() });
  const selection = selectReads(desired, KINDS);
  const observation = await observeAccount({ reader: account.reader, kinds: KINDS, selection });
  const ledger = await openLedger({ store: await openStore({ location: "ledger.jsonl", files: makeDisk() }), clock });
  const memory = recallMemory([]);
  const plan = makePlan({ desired, observation, memory, kinds: KINDS, account: { url: "sandbox" }, limits: NO_LIMITS });
  const { results } = await applyPlan({
    plan,
    kinds: new Map(KINDS.map((kind) => [kind.name, kind])),
    observed: observation.world,
    reader: account.reader,
    writer: account.writer,
    ledger,
    approvals: new Map(),
    clock,
    parallelism: () => 4,
    signal: new AbortController().signal,
    run: "run",
    onProgress: () => {},
  });
  await ledger.close();
  const undone = results.filter(({ state }) => state !== "done" && state !== "already");
  if (undone.length > 0) throw new Error(JSON.stringify(undone));
}
