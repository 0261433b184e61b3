import { Impossible } from "../model/errors.ts";
import type { LedgerStore } from "../model/ledger-store.ts";
import { type LeasedBackend, type LeaseRecord, makeLeasedStore } from "../state/leased-store.ts";
import { makeTurns } from "./in-turn.ts";
import { readS3Location } from "./s3-location.ts";
import { type Condition, type Objects, openObjects } from "./s3-objects.ts";
import { formatSegment, nameSegment, parseSegment, SEGMENT_CHARACTERS, type Segment } from "./s3-segment.ts";
import { storeError } from "./store-errors.ts";

/**
 * Opens a ledger in S3: numbered objects, of which only the last is ever written again. It holds the lock as well as lines, so
 * that whoever takes the lock makes every write impossible that was begun before.
 */
export async function openS3Store(location: string): Promise<LedgerStore> {
  const place = readS3Location(location);
  return makeLeasedStore(makeBackend(await openObjects(place), place.shown));
}

/** The last segment as it was seen, and the characters of all lines before it where they were read. */
interface Head {
  readonly segment: Segment;
  readonly tag: string;
  readonly age: number;
  readonly before: number | undefined;
}

function makeBackend(objects: Objects, shown: string): LeasedBackend {
  const inTurn = makeTurns();
  let head: Head | undefined;
  /** How long the first segments are that were read and are never written again. */
  const closed: SegmentSize[] = [];

  /** Writes what comes next, if the head is still what it was. */
  const advance = async (change: Partial<Pick<Segment, "epoch" | "holder" | "lines">>): Promise<boolean> => {
    const next = nextSegment(head?.segment, change);
    const condition: Condition =
      head === undefined || head.segment.number < next.number ? { absent: true } : { tag: head.tag };
    const tag = await putOnce(objects, next, condition);
    if (tag === undefined) return false;
    head = { segment: next, tag, age: 0, before: charactersBefore(head, next) };
    return true;
  };
  const look = async (): Promise<LeaseRecord | undefined> => {
    const { last } = await listSegments(objects, shown);
    const found = last === 0 ? undefined : await readSegment(objects, last, shown);
    head = found && { ...found, before: undefined };
    if (head === undefined) return undefined;
    const { epoch, holder } = head.segment;
    return { epoch, holder, mark: head.tag, idle: head.age };
  };

  return {
    shown,
    readInPieces: async (take, from) => {
      const start = findStart(closed, from?.bytes ?? 0);
      const { last } = await inTurn(() => listSegments(objects, shown));
      let left = (from?.bytes ?? 0) - start.bytes;
      let characters = start.characters;
      for (let read = start.segments; read < last; ) {
        // The turn ends before the lines are taken, which may be waited for: a renewal of the lock comes between.
        const segments = await inTurn(async () => {
          const next = await readSegments(objects, { after: read, last }, shown);
          const found = read + next.length === last ? next.at(-1) : undefined;
          // What this run wrote meanwhile may be in a segment of its own, beyond those that were listed.
          if (found !== undefined && (head?.segment.number ?? 0) <= last)
            head = { ...found, before: characters + countCharacters(next.slice(0, -1)) };
          return next;
        });
        for (const { segment } of segments) {
          const bytes = new TextEncoder().encode(segment.lines);
          if (segment.closed && closed.length === segment.number - 1) {
            closed.push({ bytes: bytes.length, characters: segment.lines.length });
          }
          await take(bytes.subarray(left));
          left = 0;
        }
        read += segments.length;
        characters += countCharacters(segments);
      }
      return characters === 0 ? undefined : characters;
    },
    readLease: () => inTurn(look),
    swapLease: (seen, holder) =>
      inTurn(async () => {
        if (head?.tag !== seen?.mark) return undefined;
        const epoch = (seen?.epoch ?? 0) + 1;
        if (!(await advance({ epoch, holder }))) return undefined;
        if (holder !== undefined) await proveConditions(objects, head, shown);
        return epoch;
      }),
    renewLease: (epoch) => inTurn(async () => (head?.segment.epoch === epoch && (await advance({})) ? "held" : "lost")),
    append: (text, { epoch, end }) =>
      inTurn(async () => {
        if (head?.segment.epoch !== epoch) return "lost";
        if (endOf(head) !== end) return "moved";
        const lines = head.segment.closed ? text : `${head.segment.lines}${text}`;
        return (await advance({ lines })) ? end + text.length : "lost";
      }),
    close: async () => objects.close(),
  };
}

function nextSegment(last: Segment | undefined, change: Partial<Segment>): Segment {
  const empty = { number: 1, epoch: 1, write: 0, holder: undefined, lines: "" };
  const base = last === undefined ? empty : last.closed ? { ...last, number: last.number + 1, lines: "" } : last;
  const next = { ...base, ...change, write: base.write + 1 };
  return { ...next, closed: next.lines.length > SEGMENT_CHARACTERS };
}

function charactersBefore(head: Head | undefined, next: Segment): number | undefined {
  if (head === undefined) return 0;
  return head.segment.number === next.number ? head.before : endOf(head);
}

function endOf({ before, segment }: Head): number | undefined {
  return before === undefined ? undefined : before + segment.lines.length;
}

/** Writes a segment. Where an answer was lost, and the write is asked for again, the condition fails on what this very write left there. */
async function putOnce(objects: Objects, next: Segment, condition: Condition): Promise<string | undefined> {
  const name = nameSegment(next.number);
  const text = formatSegment(next);
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const tag = await objects.put(name, text, condition);
    if (tag !== undefined) return tag;
    const there = await objects.get(name);
    if (there?.text === text) return there.tag;
    // Two writes that meet may both be refused, and what was there still is.
    if (there?.tag !== ("tag" in condition ? condition.tag : undefined)) return undefined;
  }
  return undefined;
}

const MAX_TRIES = 3;

/** How many segments there are: they are numbered from 1 without a gap. */
async function listSegments(objects: Objects, shown: string): Promise<{ readonly last: number }> {
  const names = await objects.list();
  names.forEach((name, index) => {
    if (name === nameSegment(index + 1)) return;
    throw storeError("not-a-ledger", shown, `There is an object "${name}" where ${nameSegment(index + 1)} should be.`);
  });
  return { last: names.length };
}

type ReadSegment = Omit<Head, "before">;

async function readSegment(objects: Objects, number: number, shown: string): Promise<ReadSegment> {
  const found = await objects.get(nameSegment(number));
  const segment = found && parseSegment(found.text, number);
  if (segment === undefined) {
    throw storeError("not-a-ledger", shown, `The object "${nameSegment(number)}" is no segment of a ledger.`);
  }
  return { segment, tag: found?.tag ?? "", age: found?.age ?? 0 };
}

const READ_AT_ONCE = 16;

/** The next segments, some at once. */
function readSegments(
  objects: Objects,
  { after, last }: { readonly after: number; readonly last: number },
  shown: string,
): Promise<readonly ReadSegment[]> {
  const numbers = Array.from({ length: Math.min(READ_AT_ONCE, last - after) }, (_, at) => after + at + 1);
  return Promise.all(numbers.map((number) => readSegment(objects, number, shown)));
}

function countCharacters(segments: readonly ReadSegment[]): number {
  return segments.reduce((sum, { segment }) => sum + segment.lines.length, 0);
}

interface SegmentSize {
  readonly bytes: number;
  readonly characters: number;
}

/** How many whole segments come before a byte, and how long they are together. */
function findStart(closed: readonly SegmentSize[], byte: number): SegmentSize & { readonly segments: number } {
  let start = { segments: 0, bytes: 0, characters: 0 };
  for (const { bytes, characters } of closed) {
    if (start.bytes + bytes > byte) break;
    start = {
      segments: start.segments + 1,
      bytes: start.bytes + bytes,
      characters: start.characters + characters,
    };
  }
  return start;
}

/** A server that takes no notice of conditions would let two runs apply at once: it is asked for two writes that it must refuse. */
async function proveConditions(objects: Objects, head: Head | undefined, shown: string): Promise<void> {
  if (head === undefined) throw new Impossible("a lock was taken that is nowhere");
  const name = nameSegment(head.segment.number);
  const text = formatSegment(head.segment);
  const strange = `"${"0".repeat(32)}"`;
  for (const condition of [{ absent: true }, { tag: strange }] as const) {
    if ((await objects.put(name, text, condition)) === undefined) continue;
    throw storeError("unconditional", shown, "It wrote an object although the condition did not hold.");
  }
}
