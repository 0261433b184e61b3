import { checkAssertions } from "../access/assertions.ts";
import { readSight, recallOnly } from "../engine/read-sight.ts";
import { KINDS } from "../kinds/registry.ts";
import type { AssertionFailure } from "../model/assertion.ts";
import { type Drift, findDrift } from "../plan/find-drift.ts";
import { withReading } from "./open-account.ts";
import { locateLedger, openWorkplace, recallLedger, requireManifest } from "./open-workplace.ts";
import type { ReconcileOptions } from "./options.ts";

/** Drift, and what of the manifest's assertions does not hold on the account as it is. */
export interface DriftReport extends Drift {
  readonly assertions: readonly AssertionFailure[];
}

/** Tells what on the account is otherwise than axcess left it. Only a reader is made. */
export async function tellDrift(options: ReconcileOptions): Promise<DriftReport> {
  const workplace = openWorkplace(options);
  const { hear, clock } = workplace;
  const manifest = await requireManifest(workplace, options.manifest);
  const { lines } = await recallLedger(workplace, await locateLedger(workplace, options));
  return withReading(workplace, options, async (account) => {
    const memory = recallOnly(lines, hear);
    const sight = await readSight(account, { manifest, memory, now: clock.now() }, hear);
    const drift = findDrift({ ...sight, memory, kinds: KINDS });
    const assertions = checkAssertions(manifest.assertions, sight.observation.world, manifest.policy.assume);
    return { ...drift, assertions };
  });
}
