import { openRun, type Run, type RunPlace } from "../../src/engine/open-run.ts";
import type { LedgerEntry } from "../../src/model/ledger.ts";
import type { Clock, Files } from "../../src/model/ports.ts";
import type { PartName, Shard } from "../../src/model/shard.ts";
import type { Recollection } from "../../src/state/memory.ts";
import { makeHandClock } from "./hand-clock.ts";
import { type LedgerDisk, makeDisk } from "./ledger-disk.ts";

/** Where the ledger of all of them is. */
export const LEDGER = "ledger.jsonl";

/** Machines that share a disk, each look at whose clock takes a second. */
export interface Machines {
  readonly place: RunPlace;
  readonly files: LedgerDisk;
}

export function openMachines(files: LedgerDisk = makeDisk()): Machines {
  const clock = makeHandClock();
  const now = (): Date => {
    clock.advance(1000);
    return clock.now();
  };
  const sleep: Clock["sleep"] = (_, signal) =>
    new Promise((resolve) => signal?.addEventListener("abort", () => resolve(), { once: true }));
  const host = { pid: 1, hostname: "here", user: "ana", isAlive: () => true };
  const random = { fraction: () => 0, id: () => "1" };
  // Little at once, as of a long ledger.
  const readInPieces: Files["readInPieces"] = async (path, take, from) => {
    const bytes = (await files.read(path)).subarray(from);
    for (let at = 0; at < bytes.length; at += 300) await take(bytes.subarray(at, at + 300));
  };
  return {
    place: { location: LEDGER, files: { ...files, readInPieces }, clock: { ...clock, now, sleep }, host, random },
    files,
  };
}

export const shardOf = (part: PartName, of = 2): Shard => ({ part, of, by: "organization" });
/** So many lines that a checkpoint is due. */
export const ENDS: readonly LedgerEntry[] = Array.from({ length: 9 }, () => ({ type: "end", run: "r", exit: 0 }));
export const adopt = (name: string, id: string): LedgerEntry => ({
  ...{ type: "adoption", run: "r", address: `role:${name}`, remote: { id }, spec: {} },
});

/** A run of a part, or of the whole where none is named, after which a checkpoint is due. */
export function runOf(
  { place }: Machines,
  shard: Shard | undefined,
  entries: readonly LedgerEntry[],
  least = 1,
): Promise<Recollection> {
  return inRun({ ...place, shard, checkpointAfter: least }, async ({ ledger, settleDivision }) => {
    const before = ledger.memory();
    await settleDivision();
    if (entries.length > 0) await ledger.append(entries);
    return before;
  });
}

export const inRun = <T>(place: RunPlace, work: (run: Run) => Promise<T>): Promise<T> =>
  openRun(place, () => undefined, work);
