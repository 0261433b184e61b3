import type { LedgerHead, LedgerLine, PartPosition } from "../model/ledger.ts";
import type { LedgerStore } from "../model/ledger-store.ts";
import { type Division, listShards, type PartName } from "../model/shard.ts";
import type { Recalling, Recollection } from "./memory.ts";
import type { LedgerPlace } from "./open-store.ts";
import { followStore, whileOpen } from "./read-ledger.ts";
import { keepRecent, type RecalledPart, readSince, recallParts } from "./recall-parts.ts";
import { type RecalledStore, recallStore } from "./recall-store.ts";
import type { WholeEnd } from "./whole-end.ts";

/** A part of a ledger as it was read, before anything is added. */
export interface LoadedLedger extends WholeEnd {
  /** What all parts remember. */
  readonly recalling: Recalling;
  /** How this part ends. */
  readonly head: LedgerHead;
  /** Lines of this part since the last checkpoint. */
  readonly recent: LedgerLine[];
  /** How many lines of all parts these are. */
  readonly lines: number;
  /** Whether there are no other parts. */
  readonly isAlone: boolean;
  /** Lines of all parts: all, or at least those from each of these on. */
  history(since?: readonly LedgerHead[]): Promise<readonly LedgerLine[]>;
  /** What there is to be written down now; undefined where that is better left for another time. */
  gather(): Promise<Gathered | undefined>;
}

/** What all parts remember, and up to where the shards have come in that. */
export interface Gathered {
  readonly memory: Recollection;
  readonly shards: readonly PartPosition[];
}

/** Reads a ledger of one part. */
export async function loadAlone(store: LedgerStore): Promise<LoadedLedger & Pick<RecalledStore, "from">> {
  const recent: LedgerLine[] = [];
  const base = await recallStore(store, (line) => keepRecent(recent, line));
  return {
    ...{ ...base, head: base.recalling.recall().head, recent, lines: recent.length, isAlone: true },
    history: async () => {
      const lines: LedgerLine[] = [];
      await followStore(store, (line) => lines.push(line));
      return lines;
    },
    gather: async () => {
      const memory = base.recalling.recall();
      // Since this run there are other parts; who comes next knows them.
      return memory.division === undefined ? { memory, shards: [] } : undefined;
    },
  };
}

/** A part of an account, and its open store. */
interface OwnPart {
  readonly part: PartName;
  readonly store: LedgerStore;
}

/** How the account is divided, and what reads all that a run of a part has to know. Nobody divides it anew meanwhile, where that part is locked. */
export async function beginLoading(
  place: LedgerPlace,
  own: OwnPart,
): Promise<{ readonly division: Division | undefined; readonly load: () => Promise<LoadedLedger> }> {
  if (own.part !== "account") {
    const base = await whileOpen(place, "account", (store) => recallStore(store, () => undefined));
    return { division: base.recalling.recall().division, load: () => loadPart(place, own, base) };
  }
  const alone = await loadAlone(own.store);
  const { division } = alone.recalling.recall();
  return { division, load: async () => (division === undefined ? alone : loadPart(place, own, alone)) };
}

/** Reads all parts; what the account part remembers by itself was read before. */
async function loadPart(
  place: LedgerPlace,
  own: OwnPart,
  base: RecalledStore & Partial<Pick<LoadedLedger, "recent">>,
): Promise<LoadedLedger> {
  const keeps = (part: PartName): boolean => part === own.part && base.recent === undefined;
  const { recalling, parts, recent, lines } = await recallParts(place, { base, own, keeps });
  const { head, ...end } = parts.get(own.part) as RecalledPart;
  return {
    // Of the account part, what is before the checkpoint was followed with what it remembers by itself.
    ...(own.part === "account" ? wholeOf(base) : end),
    ...{ head, recalling, recent: base.recent ?? recent, lines, isAlone: false },
    history: (since) => readSince(place, since),
    gather: () => gatherParts(place, own),
  };
}

const wholeOf = ({ end, mend, notes, digest, bytes }: WholeEnd): WholeEnd => ({ end, mend, notes, digest, bytes });

/** Reads what all parts come to by now: while a run was at work, others may have been. Its own part is the account's. */
async function gatherParts(place: LedgerPlace, own: OwnPart): Promise<Gathered | undefined> {
  const base = await recallStore(own.store, () => undefined);
  const memory = base.recalling.recall();
  const { recalling, parts } = await recallParts(place, { base, own });
  const shards: PartPosition[] = [];
  for (const part of listShards(memory.division)) {
    const { head, bytes, digest, mend } = parts.get(part) as RecalledPart;
    // Somebody may be about to end that line.
    if (mend === "end") return undefined;
    shards.push({ lines: head.seq, bytes, before: digest.after(""), last: head.digest });
  }
  return { memory: recalling.recall(), shards };
}
