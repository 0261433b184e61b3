import type { Position } from "../model/diagnostic.ts";
import { MapView } from "../model/map-view.ts";
import type { MapEntry, ScalarNode, TreeNode } from "./tree.ts";

type Value = ScalarNode["value"];

/** Line, column and length of a key, column and length of its value. */
const NUMBERS_EACH = 5;
/** With fewer entries a list of numbers takes less than an array of bytes. */
const FEW = 16;

/**
 * The entries of a mapping whose values are all single words, each on the line of its key, as nearly all entries of a large
 * manifest are. They are held in columns, in a sixth of what an object for each key, value and position takes.
 */
export class FlatEntries extends MapView<string, MapEntry> {
  private readonly file: string;
  private readonly texts: readonly string[];
  private readonly words: readonly Value[];
  private readonly places: ArrayLike<number>;
  /** Where the keys are not sorted: which of them comes first, second and so on. */
  private readonly order: Uint32Array | undefined;

  private constructor(file: string, columns: Columns, order: Uint32Array | undefined) {
    super();
    this.file = file;
    this.texts = columns.texts.slice();
    this.words = columns.words.slice();
    this.places = columns.texts.length < FEW ? columns.places.slice() : Uint32Array.from(columns.places);
    this.order = order;
  }

  /** Undefined where a key stands twice. */
  static of(file: string, columns: Columns): FlatEntries | undefined {
    const { texts } = columns;
    if (isRising(texts, undefined)) return new FlatEntries(file, columns, undefined);
    const order = Uint32Array.from(texts.keys()).sort((a, b) => ((texts[a] as string) < (texts[b] as string) ? -1 : 1));
    return isRising(texts, order) ? new FlatEntries(file, columns, order) : undefined;
  }

  get size(): number {
    return this.texts.length;
  }

  get(key: string): MapEntry | undefined {
    const at = this.indexOf(key);
    return at < 0 ? undefined : this.entryAt(at);
  }

  has(key: string): boolean {
    return this.indexOf(key) >= 0;
  }

  keys(): MapIterator<string> {
    return this.texts.values();
  }

  *entries(): MapIterator<[string, MapEntry]> {
    for (let at = 0; at < this.texts.length; at += 1) yield [this.texts[at] as string, this.entryAt(at)];
  }

  /** All values, without their places. */
  listWords(): readonly Value[] {
    return this.words;
  }

  private entryAt(at: number): MapEntry {
    const { file, places } = this;
    const from = at * NUMBERS_EACH;
    const line = places[from] as number;
    return {
      keyAt: { file, line, column: places[from + 1] as number, length: places[from + 2] as number },
      value: {
        kind: "scalar",
        value: this.words[at] as Value,
        at: { file, line, column: places[from + 3] as number, length: places[from + 4] as number },
      },
    };
  }

  private indexOf(key: string): number {
    const { texts, order } = this;
    let low = 0;
    let high = texts.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const at = order === undefined ? middle : (order[middle] as number);
      const text = texts[at] as string;
      if (text === key) return at;
      if (text < key) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }
}

interface Columns {
  readonly texts: string[];
  readonly words: Value[];
  readonly places: number[];
}

function isRising(texts: readonly string[], order: Uint32Array | undefined): boolean {
  for (let at = 1; at < texts.length; at += 1) {
    const [before, after] = order === undefined ? [at - 1, at] : [order[at - 1], order[at]];
    if ((texts[before as number] as string) >= (texts[after as number] as string)) return false;
  }
  return true;
}

/** Takes the entries of a mapping one after the other; all in columns as long as it may. */
export interface EntryCollector {
  add(key: string, keyAt: Position, value: TreeNode): void;
  /** Undefined where a key stands twice. */
  finish(): ReadonlyMap<string, MapEntry> | undefined;
}

export function collectEntries(file: string): EntryCollector {
  const columns: Columns = { texts: [], words: [], places: [] };
  /** Where something else than a word came: that, and what came after it. */
  const others: [string, MapEntry][] = [];
  return {
    add: (key, keyAt, value) => {
      if (others.length > 0 || value.kind !== "scalar") {
        others.push([key, { keyAt, value }]);
        return;
      }
      columns.texts.push(key);
      columns.words.push(value.value);
      columns.places.push(keyAt.line, keyAt.column, keyAt.length, value.at.column, value.at.length);
    },
    finish: () => {
      const flat = FlatEntries.of(file, columns);
      if (others.length === 0 || flat === undefined) return flat;
      const entries = new Map([...flat, ...others]);
      return entries.size === flat.size + others.length ? entries : undefined;
    },
  };
}
