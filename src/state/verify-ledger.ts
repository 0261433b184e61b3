import type { Digest } from "../model/change.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { canonicalJson } from "../model/json.ts";
import type { CheckpointEntry, LedgerLine } from "../model/ledger.ts";
import type { PartName } from "../model/shard.ts";
import { recallFromCheckpoint } from "./checkpoint.ts";
import { digestGrowing } from "./find-checkpoint.ts";
import { listShards } from "./ledger-parts.ts";
import { breakOf, formatLines } from "./ledger-text.ts";
import { type Recalling, type Recollection, startRecalling } from "./memory.ts";
import type { LedgerPlace } from "./open-store.ts";
import { followStore, whileOpen } from "./read-ledger.ts";

/** A ledger that was checked. */
export interface VerifiedLedger {
  /** False where there is none. */
  readonly exists: boolean;
  /** How many lines all its parts have. */
  readonly lines: number;
  /** Digest of the line that was written last; undefined where there is none. */
  readonly last: Digest | undefined;
  readonly notes: readonly Diagnostic[];
}

/**
 * Checks every line of a ledger with all its parts: the chain, and that each checkpoint says what the lines before it come to. None
 * is kept, however many there are. Throws DiagnosedError with the line at fault.
 */
export async function verifyLedger(place: LedgerPlace): Promise<VerifiedLedger> {
  const base = await verifyPart(place, "account");
  const others = await Promise.all(listShards(base.divisions).map((shard) => verifyPart(place, shard)));
  const parts = [base, ...others];
  return {
    exists: base.exists,
    lines: parts.reduce((sum, { lines }) => sum + lines, 0),
    last: parts.reduce((last, part) => (part.latest >= last.latest ? part : last)).last,
    notes: parts.flatMap(({ notes }) => notes),
  };
}

interface VerifiedPart extends VerifiedLedger {
  /** The lines that tell how the account is divided. */
  readonly divisions: readonly LedgerLine[];
  /** The latest time of a line. */
  readonly latest: string;
}

function verifyPart(place: LedgerPlace, part: PartName): Promise<VerifiedPart> {
  return whileOpen(place, part, async (store) => {
    const divisions: LedgerLine[] = [];
    const checkpoints = watchCheckpoints(store.shown);
    let [lines, latest, last]: [number, string, Digest | undefined] = [0, "", undefined];
    const { notes, end } = await followStore(store, (line) => {
      checkpoints.take(line);
      if (line.entry.type === "shards") divisions.push(line);
      lines += 1;
      latest = line.at > latest ? line.at : latest;
      last = line.digest;
    });
    return { exists: end !== undefined, lines, last, latest, notes, divisions };
  });
}

/** Compares each checkpoint with what the lines before it say themselves. Throws DiagnosedError where it says otherwise. */
export function watchCheckpoints(file: string): Pick<Recalling, "take"> {
  const recalling = startRecalling();
  const digest = digestGrowing();
  /** Since the line before the first part of a checkpoint. */
  let parts: LedgerLine[] = [];
  return {
    take: (line) => {
      const { entry } = line;
      if (entry.type === "checkpoint") {
        const fault = findFault({ entry, parts, line, before: digest.after(""), known: recalling.recall() });
        if (fault !== undefined) throw breakOf("AX501", { file, number: line.seq }, fault);
      }
      if (entry.type === "remembered") parts.push(line);
      else parts = [];
      recalling.take(line);
      digest.add(formatLines([line]));
    },
  };
}

interface Compared {
  readonly entry: CheckpointEntry;
  readonly parts: readonly LedgerLine[];
  readonly line: LedgerLine;
  readonly before: Digest;
  readonly known: Recollection;
}

/** Undefined where a checkpoint is as it should be. */
function findFault({ entry, parts, line, before, known }: Compared): string | undefined {
  const own = parts.slice(Math.max(parts.length - entry.lines, 0));
  const isOfThese =
    entry.before === before && own.length === entry.lines && Buffer.byteLength(formatLines(own)) === entry.bytes;
  if (!isOfThese) return "It is a checkpoint of other lines than those before it.";
  const told = recallFromCheckpoint();
  for (const part of [...own, line]) told.take(part);
  if (spell(told.recall()) === spell(known)) return undefined;
  return "It is a checkpoint that remembers otherwise than the lines before it say.";
}

/** What is remembered, as one text; where the ledger ends is not part of it. */
function spell({ owned, lastWritten, managed, head: _, ...rest }: Recollection): string {
  return canonicalJson({
    ...rest,
    owned: Object.fromEntries(owned),
    lastWritten: Object.fromEntries(lastWritten),
    managed: [...managed].sort(),
  });
}
