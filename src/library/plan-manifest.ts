import { resolve } from "node:path";
import { requireRotation } from "../engine/demand-rotation.ts";
import { findUndone } from "../engine/find-undone.ts";
import { givenRules } from "../engine/hold-approvals.ts";
import { judgeLedgerAccount } from "../engine/ledger-account.ts";
import { loadRules } from "../engine/load-rules.ts";
import { completeSight, planFrom, readSight, recallOnly } from "../engine/read-sight.ts";
import type { Plan } from "../model/plan.ts";
import { NO_LIMITS } from "../model/policy.ts";
import { showLocation } from "../state/ledger-location.ts";
import { withReading } from "./open-account.ts";
import { findHome, locateLedger, openWorkplace, recallLedger, requireManifest } from "./open-workplace.ts";
import type { PlanOptions } from "./options.ts";

/** Plans what would make a manifest true, or take back a run, or renew a key. Only a reader is made. */
export async function planManifest(options: PlanOptions): Promise<Plan> {
  const workplace = openWorkplace(options);
  const { hear, clock } = workplace;
  const manifest = await requireManifest(workplace, options.manifest);
  const location = await locateLedger(workplace, options);
  const { lines, exists } = await recallLedger(workplace, location);
  const undo =
    options.undo === undefined
      ? undefined
      : findUndone(lines, location === undefined ? "" : showLocation(location), options.undo);
  const rotate = options.rotate && { address: options.rotate };
  return withReading(workplace, options, async (account) => {
    const memory = recallOnly(lines, hear, { exists });
    const limits = { ...NO_LIMITS, ...options.limits };
    const { targets } = limits;
    const sight = await readSight(account, { manifest, undo, rotate, memory, now: clock.now(), targets }, hear);
    hear({ type: "noted", diagnostics: judgeLedgerAccount(memory, sight.account, "warning") });
    const home = resolve(workplace.folder, await findHome(workplace, options.manifest));
    const now = await loadRules({ files: workplace.files, home }, manifest.policy.approvals);
    const rules = givenRules({ now, before: memory.rules });
    const plan = planFrom(await completeSight(account, { sight, memory, limits }, hear), { memory, limits, rules });
    if (options.rotate !== undefined) requireRotation(plan, options.rotate);
    return plan;
  });
}
