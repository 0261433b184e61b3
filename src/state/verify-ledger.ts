import type { Digest } from "../model/change.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { canonicalJson, isSameJson } from "../model/json.ts";
import { headOf, type LedgerHead, type LedgerLine, type PartPosition } from "../model/ledger.ts";
import { type Division, listShards, type PartName } from "../model/shard.ts";
import { recallFromCheckpoint } from "./checkpoint.ts";
import { followParts } from "./follow-parts.ts";
import { digestGrowing } from "./growing-digest.ts";
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
  const { exists, division, checkpoints, ...alone } = await verifyBase(place);
  if (division === undefined && checkpoints.length === 0) return { exists, ...alone };
  return { exists, ...(await verifyParts(place, division, checkpoints)) };
}

interface VerifiedBase extends VerifiedLedger {
  readonly division: Division | undefined;
  /** Those that know of other parts, in their order. */
  readonly checkpoints: readonly JointCheckpoint[];
}

/** The ledger itself, and each checkpoint as far as it is about that alone. */
function verifyBase(place: LedgerPlace): Promise<VerifiedBase> {
  return whileOpen(place, "account", async (store) => {
    const joint: JointCheckpoint[] = [];
    const watched = watchCheckpoints(store.shown, (checkpoint) => joint.push(checkpoint));
    let last: LedgerHead = headOf([]);
    const { notes, end } = await followStore(store, (line) => {
      watched.take(line);
      last = line;
    });
    const { division } = watched.recall();
    const isEmpty = last.seq === 0;
    return {
      ...{ exists: end !== undefined, lines: last.seq, last: isEmpty ? undefined : last.digest, notes },
      ...{ division, checkpoints: joint },
    };
  });
}

/** A checkpoint that knows of other parts. */
export interface JointCheckpoint {
  /** Number of its last line, and how many it is made of. */
  readonly line: number;
  readonly length: number;
  /** How far each shard had come. */
  readonly positions: readonly PartPosition[];
}

/**
 * Compares each checkpoint with what the lines before it say themselves. Throws DiagnosedError where it says otherwise. One that
 * knows of other parts is compared with these lines, and handed on for the rest.
 */
export function watchCheckpoints(
  file: string,
  handOn: (checkpoint: JointCheckpoint) => void,
): Pick<Recalling, "take" | "recall"> {
  const recalling = startRecalling();
  const digest = digestGrowing();
  /** Since the line before the first part of a checkpoint. */
  let parts: LedgerLine[] = [];
  return {
    recall: recalling.recall,
    take: (line) => {
      const { entry } = line;
      if (entry.type === "checkpoint") {
        const own = [...parts.slice(Math.max(parts.length - entry.lines, 0)), line];
        const isOfThese =
          entry.before === digest.after("") &&
          own.length === entry.lines + 1 &&
          Buffer.byteLength(formatLines(own.slice(0, -1))) === entry.bytes;
        if (!isOfThese) throw breakOf("AX501", { file, number: line.seq }, OTHER_LINES);
        const { division } = entry;
        if (division !== undefined) handOn({ line: line.seq, length: own.length, positions: division.parts });
        else if (!isTold(own, recalling.recall())) throw breakOf("AX501", { file, number: line.seq }, OTHERWISE);
      }
      if (entry.type === "remembered") parts.push(line);
      else parts = [];
      recalling.take(line);
      digest.add(formatLines([line]));
    },
  };
}

const OTHER_LINES = "It is a checkpoint of other lines than those before it.";
const OTHERWISE = "It is a checkpoint that remembers otherwise than the lines before it say.";

/** Whether a checkpoint says what is known. */
export function isTold(own: readonly LedgerLine[], known: Recollection): boolean {
  const told = recallFromCheckpoint();
  for (const line of own) told.take(line);
  return spell(told.recall()) === spell(known);
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

/** All parts, from one checkpoint to the next in the order in which whoever begins with one of them takes their lines. */
function verifyParts(
  place: LedgerPlace,
  division: Division | undefined,
  checkpoints: readonly JointCheckpoint[],
): Promise<Omit<VerifiedLedger, "exists">> {
  const names: readonly PartName[] = ["account", ...listShards(division)];
  const following = names.map((part) => ({ part }));
  return followParts(place, following, async ({ follow, headOf, shownOf, endOf }) => {
    const recalling = startRecalling();
    const texts = new Map(names.map((part) => [part, countText()]));
    let last: Digest | undefined;
    const take = (line: LedgerLine, part: PartName): void => {
      recalling.take(line);
      texts.get(part)?.add(formatLines([line]));
      last = line.digest;
    };
    for (const { line, length, positions } of checkpoints) {
      await follow(take, (part) => (part === "account" ? line - length : (positions[part - 1]?.lines ?? 0)));
      const isOfThese =
        positions.length < names.length &&
        positions.every((position, index) => {
          const { seq, digest } = headOf(index + 1);
          return isSameJson(position, { lines: seq, last: digest, ...texts.get(index + 1)?.tell() });
        });
      const own: LedgerLine[] = [];
      const takeOwn = (each: LedgerLine): void => {
        take(each, "account");
        own.push(each);
      };
      await follow(takeOwn, (part) => (part === "account" ? line : 0));
      const place = { file: shownOf("account"), number: line };
      if (!isOfThese) throw breakOf("AX501", place, OTHER_LINES);
      if (!isTold(own, recalling.recall())) throw breakOf("AX501", place, OTHERWISE);
    }
    await follow(take);
    const notes: Diagnostic[] = [];
    for (const part of names) notes.push(...(await endOf(part)).notes);
    return { lines: names.reduce<number>((sum, part) => sum + headOf(part).seq, 0), last, notes };
  });
}

/** The text of what was taken of a part. */
function countText(): {
  readonly add: (text: string) => void;
  readonly tell: () => Pick<PartPosition, "bytes" | "before">;
} {
  const digest = digestGrowing();
  let bytes = 0;
  return {
    add: (text) => {
      digest.add(text);
      bytes += Buffer.byteLength(text);
    },
    tell: () => ({ bytes, before: digest.after("") }),
  };
}
