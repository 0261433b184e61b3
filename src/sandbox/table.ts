import type { Row } from "./rows.ts";

/** How an index finds the keys of a row; no key means the row is not in that index. */
export type IndexKeys<R> = (row: R) => string | readonly string[] | undefined;

/** Rows by id in the order of their numbers, with named indexes, so that no request scans what it need not. */
export interface Table<R extends Row, I extends string> {
  readonly size: () => number;
  readonly get: (id: string) => R | undefined;
  /** The same list until something is written: what was made of it, such as an order, may be kept with it. */
  readonly all: () => readonly R[];
  readonly find: (index: I, key: string) => readonly R[];
  readonly one: (index: I, key: string) => R | undefined;
  /** Stores a row and gives back the one it replaced. */
  readonly put: (row: R) => R | undefined;
  readonly drop: (id: string) => R | undefined;
}

/** Makes an empty table with the given indexes. */
export function makeTable<R extends Row, I extends string>(keys: Readonly<Record<I, IndexKeys<R>>>): Table<R, I> {
  const rows = new Map<string, R>();
  const indexes = Object.entries<IndexKeys<R>>(keys).map(([name, keysOf]) => [name, makeIndex(keysOf)] as const);
  const byName = new Map<string, Index<R>>(indexes);
  const each = indexes.map(([, index]) => index);
  let list: readonly R[] | undefined;
  const find = (name: I, key: string): readonly R[] => [...(byName.get(name)?.find(key) ?? [])];
  return {
    size: () => rows.size,
    get: (id) => rows.get(id),
    all: () => {
      list ??= [...rows.values()];
      return list;
    },
    find,
    one: (name, key) => byName.get(name)?.find(key)[Symbol.iterator]().next().value,
    put: (row) => {
      const before = rows.get(row.id);
      list = undefined;
      rows.set(row.id, row);
      for (const index of each) index.replace(before, row);
      return before;
    },
    drop: (id) => {
      const before = rows.get(id);
      list = undefined;
      rows.delete(id);
      for (const index of each) index.replace(before, undefined);
      return before;
    },
  };
}

interface Index<R> {
  readonly find: (key: string) => Iterable<R>;
  readonly replace: (before: R | undefined, after: R | undefined) => void;
}

function makeIndex<R extends Row>(keysOf: IndexKeys<R>): Index<R> {
  const buckets = new Map<string, Map<string, R>>();
  return {
    find: (key) => buckets.get(key)?.values() ?? [],
    replace: (before, after) => {
      const now = listKeys(keysOf, after);
      for (const key of listKeys(keysOf, before)) {
        if (before !== undefined && !now.includes(key)) removeFrom(buckets, key, before.id);
      }
      for (const key of now) {
        if (after !== undefined) bucketOf(buckets, key).set(after.id, after);
      }
    },
  };
}

function listKeys<R>(keysOf: IndexKeys<R>, row: R | undefined): readonly string[] {
  const keys = row === undefined ? undefined : keysOf(row);
  if (keys === undefined) return [];
  return typeof keys === "string" ? [keys] : keys;
}

function bucketOf<R>(buckets: Map<string, Map<string, R>>, key: string): Map<string, R> {
  const bucket = buckets.get(key) ?? new Map<string, R>();
  buckets.set(key, bucket);
  return bucket;
}

function removeFrom<R>(buckets: Map<string, Map<string, R>>, key: string, id: string): void {
  const bucket = buckets.get(key);
  bucket?.delete(id);
  if (bucket?.size === 0) buckets.delete(key);
}
