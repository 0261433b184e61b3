import { checkAssertions } from "../access/assertions.ts";
import { findRecords, type LastRecord } from "../engine/find-records.ts";
import { lookAtPart } from "../engine/look-at-part.ts";
import { readSight } from "../engine/read-sight.ts";
import { KINDS } from "../kinds/registry.ts";
import type { AssertionFailure } from "../model/assertion.ts";
import { type Drift, type DriftItem, findDrift } from "../plan/find-drift.ts";
import { withReading } from "./open-account.ts";
import { locateLedger, openWorkplace, recallRemembered, requireManifest } from "./open-workplace.ts";
import type { ReconcileOptions } from "./options.ts";
import { takePart } from "./take-part.ts";

/** Something that drifted, with its newest change that the platform's audit log records, where it records one. */
export interface RecordedDrift extends DriftItem {
  readonly lastRecorded?: LastRecord;
}

/** Drift, and what of the manifest's assertions does not hold on the account as it is. */
export interface DriftReport extends Drift {
  readonly items: readonly RecordedDrift[];
  readonly assertions: readonly AssertionFailure[];
  /** Why the audit log could not be read, so that nobody knows who did it; undefined where it could, or was not needed. */
  readonly because: string | undefined;
}

/** Tells what on the account is otherwise than axcess left it, and who recorded it last. Only a reader is made. */
export async function tellDrift(options: ReconcileOptions): Promise<DriftReport> {
  const workplace = openWorkplace(options);
  const { hear, clock } = workplace;
  const manifest = await requireManifest(workplace, options.manifest);
  const shard = takePart(options.shard);
  const location = await locateLedger(workplace, options);
  const memory = await recallRemembered(workplace, location, { manifest, shard: undefined });
  return withReading(workplace, options, async (account) => {
    const sight = lookAtPart(await readSight(account, { manifest, memory, shard, now: clock.now() }, hear), memory);
    const drift = findDrift({ ...sight, memory, kinds: KINDS });
    const assertions = checkAssertions(sight.desired.assertions, sight.observation.world, manifest.policy.assume);
    const { records, because } = await findRecords(account.reader, drift, sight.observation);
    const items = drift.items.map((item) => {
      const lastRecorded = records.get(item);
      return { ...item, ...(lastRecorded !== undefined && { lastRecorded }) };
    });
    return { ...drift, items, assertions, because };
  });
}
