import type { Diagnostic } from "../model/diagnostic.ts";
import { DiagnosedError } from "../model/errors.ts";
import type { LedgerStore, Lock } from "../model/ledger-store.ts";
import type { Clock, Host, Random } from "../model/ports.ts";
import { type Division, listShards, type PartName, type Shard, type Sharding, spellShard } from "../model/shard.ts";
import { type Ledger, openLedger } from "../state/ledger.ts";
import { beginLoading } from "../state/load-ledger.ts";
import type { LedgerPlace } from "../state/open-store.ts";
import { whileOpen } from "../state/read-ledger.ts";
import type { Hear } from "./engine-event.ts";

/** One apply: its name, and the ledger under its lock. */
export interface Run {
  readonly id: string;
  /** Tells of all parts of the ledger, and grows in the run's own. */
  readonly ledger: Ledger;
  /** Where it is, as people may see it. */
  readonly ledgerFile: string;
  /** Writes down that the account is divided as this run has it, where the ledger says otherwise; no shard is at work meanwhile. */
  readonly settleDivision: () => Promise<void>;
}

/** What a run needs of the machine, and where its ledger is. */
export interface RunPlace extends LedgerPlace {
  readonly clock: Clock;
  readonly host: Host;
  readonly random: Random;
  /** The part of the account that the run is for; left out: all of it. */
  readonly shard?: Shard | undefined;
  /** After how many lines, at least, what is remembered is written down; left out: a thousand. */
  readonly checkpointAfter?: number;
}

/**
 * Works with the ledger open for writing and locked; gives the lock back however the work ends. Shards have a lock each, and a run
 * for the whole account takes all of them. Throws DiagnosedError for a shard of another division than the ledger tells of (AX422).
 */
export async function openRun<T>(place: RunPlace, hear: Hear, work: (run: Run) => Promise<T>): Promise<T> {
  const id = `run_${place.random.id()}`;
  const part = place.shard?.part ?? "account";
  const others = new Set<Lock>();
  return withLock(place, { id, part }, async (store, lock) => {
    hear({ type: "noted", diagnostics: lock.notes });
    // Under the lock of this part: whoever divides the account anew holds it while that is written.
    const { division, load } = await beginLoading(place, { part, store });
    if (place.shard !== undefined && part !== "account") requireDivision(place.shard, division);
    const begin = async (): Promise<T> => {
      const loaded = await load();
      const ledger = await openLedger({ store, clock: place.clock, lock: joinLocks(lock, others), loaded });
      hear({ type: "noted", diagnostics: ledger.notes });
      try {
        const settleDivision = (): Promise<void> => divideAnew(place, { id, ledger, division, others });
        const done = await work({ id, ledger, ledgerFile: store.shown, settleDivision });
        if (part === "account") await writeCheckpoint(ledger, { id, least: place.checkpointAfter }, hear);
        return done;
      } finally {
        await ledger.close();
      }
    };
    if (place.shard !== undefined) return begin();
    return holdLocks(place, { id, shards: listShards(division), others }, begin);
  });
}

/** It only spares later runs their reading: what was done is done, also where it cannot be written. */
async function writeCheckpoint(
  ledger: Ledger,
  { id, least }: { readonly id: string; readonly least: number | undefined },
  hear: Hear,
): Promise<void> {
  try {
    await ledger.checkpoint(id, least);
  } catch (cause) {
    const because = cause instanceof Error ? ` ${cause.message}` : "";
    const told: Diagnostic = {
      ...{ code: "AX516", severity: "note", summary: "No checkpoint was written to the ledger" },
      detail: `The run is written down whole. What the ledger remembers could not be written down beside it, so that the next run reads all its lines.${because}`,
    };
    hear({ type: "noted", diagnostics: [told] });
  }
}

async function withLock<T>(
  { host, clock, ...place }: RunPlace,
  { id, part }: { readonly id: string; readonly part: PartName },
  work: (store: LedgerStore, lock: Lock) => Promise<T>,
): Promise<T> {
  return whileOpen(place, part, async (store) => {
    const lock = await store.takeLock({ host, clock, run: id });
    try {
      lock.keep();
      return await work(store, lock);
    } finally {
      await lock.release();
    }
  });
}

/** What is written and sent needs all locks that the run holds at that moment: that of its own part, and those of others. */
function joinLocks(own: Lock, others: ReadonlySet<Lock>): Pick<Lock, "ensureHeld"> {
  return {
    ensureHeld: async () => {
      await Promise.all([own, ...others].map((lock) => lock.ensureHeld()));
    },
  };
}

interface Holding {
  readonly id: string;
  readonly shards: readonly number[];
  /** Where each lock stands as long as it is held. */
  readonly others: Set<Lock>;
}

/** Works while no shard can. Throws DiagnosedError where one is at work. */
async function holdLocks<T>(
  place: RunPlace,
  { id, shards: [first, ...rest], others }: Holding,
  work: () => Promise<T>,
): Promise<T> {
  if (first === undefined) return work();
  return withLock(place, { id, part: first }, async (_, lock) => {
    others.add(lock);
    try {
      return await holdLocks(place, { id, shards: rest, others }, work);
    } finally {
      others.delete(lock);
    }
  });
}

async function divideAnew(
  place: RunPlace,
  {
    ledger,
    division,
    ...holding
  }: Omit<Holding, "shards"> & { readonly ledger: Ledger; readonly division: Division | undefined },
): Promise<void> {
  const { shard } = place;
  if (shard?.part !== "account" || isSame(shard, division)) return;
  const { of, by } = shard;
  const shards = listShards(division);
  await holdLocks(place, { ...holding, shards }, () => ledger.append([{ type: "shards", run: holding.id, of, by }]));
}

function isSame(one: Sharding, other: Sharding | undefined): boolean {
  return one.of === other?.of && one.by === other.by;
}

function requireDivision(shard: Shard, division: Sharding | undefined): void {
  if (isSame(shard, division)) return;
  const now = division === undefined ? "not divided yet" : `divided into ${division.of} by ${division.by}`;
  throw new DiagnosedError([
    {
      ...{ code: "AX422", severity: "error", summary: "The account is divided otherwise" },
      detail: `By its ledger the account is ${now}; this is shard ${spellShard(shard)} by ${shard.by}. Nothing was changed.`,
      fix: `Apply the account part first: axcess apply of a plan --shard account/${shard.of}.`,
    },
  ]);
}
