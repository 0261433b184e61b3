import { ALL, NONE, type SetNumber } from "./page-model.ts";

/** Values that stand there once and are then named by number, in the order in which they first came. */
export interface Table<T> {
  readonly items: readonly T[];
  numberOf(item: T): number;
}

/** Makes a table of values that are the same where their key is. */
export function makeTable<T>(keyOf: (item: T) => string): Table<T> {
  const items: T[] = [];
  const numbers = new Map<string, number>();
  return {
    items,
    numberOf: (item) => {
      const key = keyOf(item);
      const known = numbers.get(key);
      if (known !== undefined) return known;
      numbers.set(key, items.length);
      items.push(item);
      return items.length - 1;
    },
  };
}

/** The tables of permissions and of sets of them. */
export interface SetTables {
  readonly permissions: Table<string>;
  readonly sets: Table<readonly number[]>;
  setOf(permissions: Iterable<string> | "all"): SetNumber;
}

/** Makes the tables. The same permissions are the same set, in whatever order they come. */
export function makeSetTables(): SetTables {
  const permissions = makeTable<string>((name) => name);
  const sets = makeTable<readonly number[]>((members) => members.join());
  return {
    permissions,
    sets,
    setOf: (members) => {
      if (members === "all") return ALL;
      const numbers = [...members].map((name) => permissions.numberOf(name)).sort((a, b) => a - b);
      return numbers.length === 0 ? NONE : sets.numberOf(numbers);
    },
  };
}
