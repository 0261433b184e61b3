import type { Position } from "../model/diagnostic.ts";
import { ListMap } from "../model/list-map.ts";
import { MapView } from "../model/map-view.ts";
import type { MapEntry, ScalarNode, TreeNode } from "./tree.ts";

/** A single value as it is written. */
export type Word = ScalarNode["value"];

/** Line, column and length of a key, column and length of its value. */
const NUMBERS_EACH = 5;
/** With fewer entries a list of numbers takes less than an array of bytes. */
const FEW = 16;

/**
 * The entries of a mapping whose values are all single words, each on the line of its key, as nearly all entries of a large
 * manifest are. They are held in columns, in a sixth of what an object for each key, value and position takes.
 */
export class FlatEntries extends MapView<string, MapEntry> {
  /** The values without their places. */
  readonly words: ListMap<Word>;
  private readonly file: string;
  private readonly places: ArrayLike<number>;

  private constructor(file: string, words: ListMap<Word>, places: readonly number[]) {
    super();
    this.file = file;
    this.words = words;
    this.places = words.size < FEW ? places.slice() : Uint32Array.from(places);
  }

  /** Undefined where a key stands twice. */
  static of(file: string, { texts, words, places }: Columns): FlatEntries | undefined {
    const named = ListMap.of(texts.slice(), words.slice());
    return named && new FlatEntries(file, named, places);
  }

  get size(): number {
    return this.words.size;
  }

  get(key: string): MapEntry | undefined {
    const at = this.words.indexOf(key);
    return at < 0 ? undefined : this.entryAt(at);
  }

  has(key: string): boolean {
    return this.words.has(key);
  }

  keys(): MapIterator<string> {
    return this.words.keys();
  }

  *entries(): MapIterator<[string, MapEntry]> {
    let at = 0;
    for (const key of this.words.keys()) {
      yield [key, this.entryAt(at)];
      at += 1;
    }
  }

  private entryAt(at: number): MapEntry {
    const { file, places } = this;
    const from = at * NUMBERS_EACH;
    const line = places[from] as number;
    return {
      keyAt: { file, line, column: places[from + 1] as number, length: places[from + 2] as number },
      value: {
        kind: "scalar",
        value: this.words.listValues()[at] as Word,
        at: { file, line, column: places[from + 3] as number, length: places[from + 4] as number },
      },
    };
  }
}

interface Columns {
  readonly texts: string[];
  readonly words: Word[];
  readonly places: number[];
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
