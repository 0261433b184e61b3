import type { Address } from "../model/address.ts";
import { type ChangeRecord, hadEffect, type RunRecord } from "../model/history.ts";
import { isSameJson } from "../model/json.ts";
import { type RemoteRef, type Resource, remoteOf, type Spec } from "../model/resource.ts";

/** How a grant came to be as it is, as the ledger tells it. */
export interface GrantRecord {
  /** `adopted` was there before, since when nobody wrote down. */
  readonly what: "made" | "changed" | "adopted";
  /** RFC 3339 instant. */
  readonly at: string;
  readonly run: string;
  /** Who ran it, where the ledger says. */
  readonly by: string | undefined;
  /** Nobody where no approval was needed. */
  readonly approvals: ChangeRecord["approvals"];
  readonly remote: RemoteRef | undefined;
  /** As it was left; undefined for what was adopted. */
  readonly to: Spec | undefined;
}

/** The newest that the ledger tells of each address that should be there. What is in doubt, or went along with a deletion, is not told. */
export function indexGrants(runs: readonly RunRecord[]): ReadonlyMap<Address, GrantRecord> {
  const records = new Map<Address, GrantRecord>();
  const told = runs.flatMap((run) => [
    ...run.changes.map((change) => ({ run, change, at: change.at })),
    ...run.adoptions.map((adoption) => ({ run, adoption, at: adoption.at })),
  ]);
  // Sorting is stable: what happened in one instant keeps its order.
  for (const one of told.sort((a, b) => Date.parse(a.at) - Date.parse(b.at))) {
    if ("change" in one) recordChange(one.change, one.run, records);
    else {
      const { address, at, remote } = one.adoption;
      records.set(address, { what: "adopted", at, ...ranBy(one.run), approvals: [], remote, to: undefined });
    }
  }
  return records;
}

function ranBy({ run, by }: RunRecord): Pick<GrantRecord, "run" | "by"> {
  return { run, by };
}

function recordChange(change: ChangeRecord, run: RunRecord, records: Map<Address, GrantRecord>): void {
  const { address, op, at, approvals, remote, to, cascade, renamedFrom } = change;
  const isOpen = change.result === "open" || change.result === "unknown";
  if (!isOpen && !hadEffect(change)) return;
  for (const gone of [address, ...cascade, ...(renamedFrom === undefined ? [] : [renamedFrom])]) records.delete(gone);
  if (isOpen || op === "delete") return;
  const what = op === "create" ? "made" : "changed";
  records.set(address, { what, at, ...ranBy(run), approvals, remote, to });
}

/**
 * What the ledger tells of something live; undefined where it is another object by now, or was changed since by somebody else: then
 * nobody knows since when it is as it is.
 */
export function recallGrant(
  live: Resource | undefined,
  records: ReadonlyMap<Address, GrantRecord>,
): GrantRecord | undefined {
  const record = live && records.get(live.address);
  if (live === undefined || record === undefined) return undefined;
  const remote = remoteOf(live);
  if (record.remote !== undefined && remote !== undefined && !isSameJson(record.remote, remote)) return undefined;
  const isAsLeft = Object.entries(record.to ?? {}).every(
    ([field, value]) => !Object.hasOwn(live.spec, field) || isSameJson(live.spec[field], value),
  );
  return isAsLeft ? record : undefined;
}
