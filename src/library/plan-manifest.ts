import { resolve } from "node:path";
import type { UndoSource } from "../engine/aim-undo.ts";
import { requireRotation } from "../engine/demand-rotation.ts";
import { findUndone } from "../engine/find-undone.ts";
import { givenRules } from "../engine/hold-approvals.ts";
import { judgeLedgerAccount } from "../engine/ledger-account.ts";
import { loadRules } from "../engine/load-rules.ts";
import { completeSight, planFrom, readSight, recallOnly } from "../engine/read-sight.ts";
import type { RememberedPart } from "../engine/recall-part.ts";
import { UsageError } from "../model/errors.ts";
import type { Memory, Plan } from "../model/plan.ts";
import { NO_LIMITS } from "../model/policy.ts";
import { showLocation } from "../state/ledger-location.ts";
import { recallMemory } from "../state/memory.ts";
import { withReading } from "./open-account.ts";
import {
  findHome,
  locateLedger,
  openWorkplace,
  recallLedger,
  recallRemembered,
  requireManifest,
  type Workplace,
} from "./open-workplace.ts";
import type { PlanOptions } from "./options.ts";
import { takePart } from "./take-part.ts";

/** Plans what would make a manifest true, or take back a run, or renew a key. Only a reader is made. */
export async function planManifest(options: PlanOptions): Promise<Plan> {
  const shard = takePart(options.shard);
  if (shard !== undefined && (options.undo !== undefined || options.rotate !== undefined))
    throw new UsageError("A run is taken back, and a key renewed, for the whole account.", "Leave `shard` out.");
  const workplace = openWorkplace(options);
  const { hear, clock } = workplace;
  const manifest = await requireManifest(workplace, options.manifest);
  const location = await locateLedger(workplace, options);
  const { memory, undo } = await recall(workplace, location, { manifest, shard, undo: options.undo });
  const rotate = options.rotate && { address: options.rotate };
  return withReading(workplace, options, async (account) => {
    const limits = { ...NO_LIMITS, ...options.limits };
    const { targets } = limits;
    const query = { manifest, undo, rotate, shard, memory, now: clock.now(), targets };
    const sight = await readSight(account, query, hear);
    hear({ type: "noted", diagnostics: judgeLedgerAccount(memory, sight.account, "warning") });
    const home = resolve(workplace.folder, await findHome(workplace, options.manifest));
    const now = await loadRules({ files: workplace.files, home }, manifest.policy.approvals);
    const rules = givenRules({ now, before: memory.rules });
    const plan = planFrom(await completeSight(account, { sight, memory, limits }, hear), { memory, limits, rules });
    if (options.rotate !== undefined) requireRotation(plan, options.rotate);
    return plan;
  });
}

/** What the ledger remembers, and the run that is to be taken back. */
async function recall(
  workplace: Workplace,
  location: string | undefined,
  { manifest, shard, undo }: Omit<RememberedPart, "now"> & { readonly undo: string | undefined },
): Promise<{ readonly memory: Memory; readonly undo: UndoSource | undefined }> {
  if (undo === undefined) return { memory: await recallRemembered(workplace, location, { manifest, shard }), undo };
  const { lines, exists } = await recallLedger(workplace, location);
  const shown = location === undefined ? "" : showLocation(location);
  const memory = recallOnly(recallMemory(lines), workplace.hear, { exists });
  return { memory, undo: findUndone(lines, shown, undo) };
}
