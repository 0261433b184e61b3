import type { Diagnostic } from "../model/diagnostic.ts";
import { DiagnosedError } from "../model/errors.ts";
import type { Lock } from "../model/ledger-store.ts";
import type { Clock, Host, Random } from "../model/ports.ts";
import { type PartName, type Shard, type Sharding, spellShard } from "../model/shard.ts";
import { type Ledger, openLedger } from "../state/ledger.ts";
import { findDivision, listShards, locatePart } from "../state/ledger-parts.ts";
import { type LedgerPlace, openStore } from "../state/open-store.ts";
import { readDivisions, readLedger, recallParts } from "../state/read-ledger.ts";
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
  return withPart(place, { id, part, hear, others }, async (own, ledgerFile) => {
    // Read under the lock of this part: whoever divides the account anew holds it while that is written.
    const base = part === "account" ? own.recent() : await readDivisions(place);
    const division = findDivision(base);
    if (place.shard !== undefined && part !== "account") requireDivision(place.shard, division);
    const shards = division === undefined ? [] : listShards(base);
    const begin = async (): Promise<T> => {
      const ledger = shards.length === 0 ? own : await withOthers(own, place, shards);
      const settleDivision = (): Promise<void> => divideAnew(place, { id, ledger, before: division, shards, others });
      return work({ id, ledger, ledgerFile, settleDivision });
    };
    if (place.shard !== undefined) return begin();
    const done = await holdLocks(place, { id, shards, others }, begin);
    if (shards.length === 0) await writeCheckpoint(own, { id, least: place.checkpointAfter }, hear);
    return done;
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

async function withPart<T>(
  place: RunPlace,
  {
    id,
    part,
    hear,
    others,
  }: { readonly id: string; readonly part: PartName; readonly hear: Hear; readonly others: ReadonlySet<Lock> },
  work: (ledger: Ledger, shown: string) => Promise<T>,
): Promise<T> {
  const { clock, host } = place;
  const store = await openStore({ ...place, location: locatePart(place.location, part) });
  try {
    const lock = await store.takeLock({ host, clock, run: id });
    try {
      lock.keep();
      const ledger = await openLedger({ store, clock, lock: joinLocks(lock, others) });
      hear({ type: "noted", diagnostics: [...lock.notes, ...ledger.notes] });
      try {
        return await work(ledger, store.shown);
      } finally {
        await ledger.close();
      }
    } finally {
      await lock.release();
    }
  } finally {
    await store.close();
  }
}

/** What is written and sent needs all locks that the run holds at that moment: that of its own part, and those of others. */
function joinLocks(own: Lock, others: ReadonlySet<Lock>): Pick<Lock, "ensureHeld"> {
  return {
    ensureHeld: async () => {
      await Promise.all([own, ...others].map((lock) => lock.ensureHeld()));
    },
  };
}

/** A ledger that also tells what stands in other parts, as it was when the run began. */
async function withOthers(own: Ledger, place: RunPlace, shards: readonly number[]): Promise<Ledger> {
  const { recalling } = await recallParts(place, shards);
  let known = own.recent().length;
  return {
    ...own,
    memory: () => {
      const lines = own.recent();
      for (const line of lines.slice(known)) recalling.take(line);
      known = lines.length;
      return recalling.copy();
    },
    history: async () => (await readLedger(place)).lines,
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
  const store = await openStore({ ...place, location: locatePart(place.location, first) });
  try {
    const lock = await store.takeLock({ host: place.host, clock: place.clock, run: id });
    try {
      lock.keep();
      others.add(lock);
      return await holdLocks(place, { id, shards: rest, others }, work);
    } finally {
      others.delete(lock);
      await lock.release();
    }
  } finally {
    await store.close();
  }
}

async function divideAnew(
  place: RunPlace,
  { ledger, before, ...holding }: Holding & { readonly ledger: Ledger; readonly before: Sharding | undefined },
): Promise<void> {
  const { shard } = place;
  if (shard?.part !== "account" || isSame(shard, before)) return;
  const { of, by } = shard;
  await holdLocks(place, holding, () => ledger.append([{ type: "shards", run: holding.id, of, by }]));
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
