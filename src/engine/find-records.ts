import { KINDS } from "../kinds/registry.ts";
import type { Observation } from "../model/plan.ts";
import type { PlatformReader } from "../model/platform.ts";
import type { Drift, DriftItem } from "../plan/find-drift.ts";
import { findAuditEntry, readAuditTrail } from "../state/audit-trail.ts";
import { observeAccount } from "../state/observe.ts";

/** The newest change of something that the platform's audit log records. */
export interface LastRecord {
  /** E-mail, or the platform's id of somebody who is not in the list of people. */
  readonly by: string;
  /** RFC 3339 instant. */
  readonly at: string;
  readonly operation: string;
}

/** Who changed what drifted, as far as the audit log tells. */
export interface DriftRecords {
  readonly records: ReadonlyMap<DriftItem, LastRecord>;
  /** Why the audit log could not be read; undefined where it could, or was not needed. */
  readonly because: string | undefined;
}

/** Reads the newest recorded change of each thing that drifted, with who did it. Where nothing drifted nothing is read. */
export async function findRecords(
  reader: PlatformReader,
  { items }: Drift,
  observation: Observation,
): Promise<DriftRecords> {
  if (items.length === 0) return { records: new Map(), because: undefined };
  const trail = await readAuditTrail(reader);
  const found = items.flatMap((item) => {
    const entry = findAuditEntry(trail, item.remote ?? {});
    return entry === undefined ? [] : [{ item, entry }];
  });
  const people = found.length === 0 ? new Map<string, string>() : await namePeople(reader, observation);
  const records = new Map(
    found.map(({ item, entry: { userId, at, operation } }) => [
      item,
      { by: people.get(userId) ?? userId, at, operation },
    ]),
  );
  return { records, because: trail.because };
}

/** E-mails by the platform's ids. A manifest that speaks of nobody had nobody read. */
async function namePeople(reader: PlatformReader, base: Observation): Promise<ReadonlyMap<string, string>> {
  const { world } = await observeAccount({
    reader,
    kinds: KINDS,
    selection: { classes: new Set(["user@"]), under: [] },
    base,
    onlyToTell: true,
  });
  const people = new Map<string, string>();
  for (const { kind, address, origin } of world.values()) {
    if (kind === "user" && origin.from === "platform") {
      people.set(origin.remote["id"] ?? "", address.slice("user:".length));
    }
  }
  return people;
}
