import { MapView } from "./map-view.ts";

/** A map that is two lists, sorted by key: for many small ones that never change. */
export class SortedMap<V> extends MapView<string, V> {
  private readonly names: readonly string[];
  private readonly list: readonly V[];

  private constructor(names: readonly string[], list: readonly V[]) {
    super();
    this.names = names;
    this.list = list;
  }

  /** Undefined where a key stands twice. */
  static of<V>(entries: readonly (readonly [string, V])[]): SortedMap<V> | undefined {
    const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
    const isDoubled = sorted.some(([key], at) => at > 0 && sorted[at - 1]?.[0] === key);
    if (isDoubled) return undefined;
    return new SortedMap(
      sorted.map(([key]) => key),
      sorted.map(([, value]) => value),
    );
  }

  get size(): number {
    return this.names.length;
  }

  get(key: string): V | undefined {
    return this.list[this.indexOf(key)];
  }

  has(key: string): boolean {
    return this.indexOf(key) >= 0;
  }

  keys(): MapIterator<string> {
    return this.names.values();
  }

  *entries(): MapIterator<[string, V]> {
    for (let at = 0; at < this.names.length; at += 1) yield [this.names[at] as string, this.list[at] as V];
  }

  /** Found by halving; -1 where it is not there. */
  private indexOf(key: string): number {
    let low = 0;
    let high = this.names.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const name = this.names[middle] as string;
      if (name === key) return middle;
      if (name < key) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }
}

/** The same map in the order of its keys, code unit by code unit, as addresses are ordered. */
export function sortByKey<K extends string, V>(map: ReadonlyMap<K, V>): Map<K, V> {
  return new Map([...map.keys()].sort().map((key) => [key, map.get(key) as V]));
}
