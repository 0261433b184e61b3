import type { Diagnostic } from "../model/diagnostic.ts";
import { holdsHead, type LedgerHead, type LedgerLine } from "../model/ledger.ts";
import type { LedgerStore } from "../model/ledger-store.ts";
import { listShards, type PartName } from "../model/shard.ts";
import { recallFromCheckpoint } from "./checkpoint.ts";
import type { CheckpointStart } from "./find-checkpoint.ts";
import { followParts, OtherBeginning, type PartStart } from "./follow-parts.ts";
import { describeGrowth } from "./lock-texts.ts";
import { type Recalling, type Recollection, startRecalling } from "./memory.ts";
import type { LedgerPlace } from "./open-store.ts";
import { readLedger, whileOpen } from "./read-ledger.ts";
import { type RecalledStore, recallStore } from "./recall-store.ts";
import type { WholeEnd } from "./whole-end.ts";

/** What all parts of a ledger remember, and what must be known to go on writing to one. */
export interface RecalledParts {
  readonly recalling: Recalling;
  readonly parts: ReadonlyMap<PartName, RecalledPart>;
  /** How many lines came since the checkpoint that reading began with, and those of them that are kept. */
  readonly lines: number;
  readonly recent: LedgerLine[];
  /** Whether reading began with the first line of each part. */
  readonly isWhole: boolean;
}

/** One part, as it was followed to its end. */
export interface RecalledPart extends WholeEnd {
  readonly head: LedgerHead;
}

interface Recalled {
  /** The account part, as it was recalled by itself. */
  readonly base: Pick<RecalledStore, "recalling" | "from">;
  /** A part whose store is open already. */
  readonly own?: { readonly part: PartName; readonly store: LedgerStore };
  /** Whether lines of a part are kept; left out: none is. */
  readonly keeps?: (part: PartName) => boolean;
}

/**
 * What all parts remember: from the last checkpoint of the account part on, where every part begins as that says, and else from the
 * first lines. What several parts say counts in the order of its times.
 */
export async function recallParts(place: LedgerPlace, recalled: Recalled): Promise<RecalledParts> {
  const { from } = recalled.base;
  try {
    return await recallFrom(place, from, recalled);
  } catch (cause) {
    if (!(cause instanceof OtherBeginning)) throw cause;
    // Whoever reads all lines tells what is wrong with that part, or that it is another one.
    return recallFrom(place, undefined, recalled);
  }
}

function recallFrom(
  place: LedgerPlace,
  from: CheckpointStart | undefined,
  { base, own, keeps = () => false }: Recalled,
): Promise<RecalledParts> {
  const names: readonly PartName[] = ["account", ...listShards(base.recalling.recall().division)];
  const startOf = (part: PartName): PartStart | undefined =>
    part === "account" ? from : from?.division?.parts[part - 1];
  const following = names.map((part) => ({
    ...{ part, from: startOf(part) },
    ...(part === own?.part && { store: own.store }),
  }));
  return followParts(place, following, async ({ follow, headOf, shownOf, endOf }) => {
    const recalling = from === undefined ? startRecalling() : recallFromCheckpoint();
    const recent: LedgerLine[] = [];
    let lines = 0;
    const take = (line: LedgerLine, part: PartName): void => {
      recalling.take(line);
      lines += 1;
      if (keeps(part)) recent.push(line);
    };
    if (from !== undefined) {
      // What the checkpoint says comes before all that others wrote while it was written.
      const takeCheckpoint = (line: LedgerLine, part: PartName): void => {
        recalling.take(line);
        if (line.seq === from.line && keeps(part)) recent.push(line);
      };
      await follow(takeCheckpoint, (part) => (part === "account" ? from.line : 0));
      if (headOf("account").seq !== from.line) throw describeGrowth(shownOf("account"));
    }
    await follow(take);
    const parts = new Map<PartName, RecalledPart>();
    for (const part of names) parts.set(part, { ...(await endOf(part)), head: headOf(part) });
    return { recalling, parts, lines, recent, isWhole: from === undefined };
  });
}

/** What a ledger remembers, and what was noticed on reading it. */
export interface LedgerMemory {
  readonly memory: Recollection;
  readonly notes: readonly Diagnostic[];
  /** False where there is no ledger yet. */
  readonly exists: boolean;
  /** How a part of it ends; undefined for one that it knows nothing of. */
  readonly heads: ReadonlyMap<PartName, LedgerHead>;
}

/**
 * What a ledger with all its parts remembers, without keeping its lines. Reading begins with the last checkpoint; what is before
 * it is looked at as a whole, so that a line that was changed is found as `readLedger` finds it.
 */
export async function readMemory(place: LedgerPlace): Promise<LedgerMemory> {
  const base = await whileOpen(place, "account", (store) => recallStore(store, () => undefined));
  const alone = base.recalling.recall();
  if (alone.division === undefined) {
    return {
      memory: alone,
      notes: base.notes,
      exists: base.end !== undefined,
      heads: new Map([["account", alone.head]]),
    };
  }
  const { recalling, parts } = await recallParts(place, { base });
  return {
    ...{ memory: recalling.recall(), exists: true },
    notes: [...parts.values()].flatMap(({ notes }) => notes),
    heads: new Map([...parts].map(([part, { head }]) => [part, head])),
  };
}

/**
 * Lines of a ledger with all its parts: all, or where lines are given, at least those from each of them on. Where these are after
 * the last checkpoint, no more are held.
 */
export async function readSince(place: LedgerPlace, since?: readonly LedgerHead[]): Promise<readonly LedgerLine[]> {
  const lines: LedgerLine[] = [];
  const base = await whileOpen(place, "account", (store) => recallStore(store, (line) => keepRecent(lines, line)));
  if (base.recalling.recall().division === undefined && isFrom(lines, since)) return lines;
  if (base.recalling.recall().division !== undefined && since !== undefined) {
    lines.length = 0;
    const { recent, isWhole } = await recallParts(place, { base, keeps: () => true });
    if (isWhole || since.every((head) => head.seq > 0 && holdsHead(recent, head))) return recent;
  }
  return (await readLedger(place)).lines;
}

/** Keeps a line that comes, but for those that a checkpoint is made of, where reading begins with one. */
export function keepRecent(lines: LedgerLine[], line: LedgerLine): void {
  if (lines.length > 0 || line.entry.type !== "remembered") lines.push(line);
}

/** Whether lines of one part begin at each of those lines or before it; without any, at the first. */
export function isFrom(lines: readonly LedgerLine[], since: readonly LedgerHead[] | undefined): boolean {
  const first = lines[0]?.seq ?? 1;
  return (since ?? [{ seq: 1 }]).every(({ seq }) => first <= Math.max(seq, 1));
}
