import { MapView } from "./map-view.ts";

/** A map that is a list of keys and one of values: for many that never change. */
export class ListMap<V> extends MapView<string, V> {
  private readonly names: readonly string[];
  private readonly list: readonly V[];
  /** Where the keys are not sorted: which of them comes first, second and so on. */
  private readonly order: Uint32Array | undefined;
  /** Where the last key was found: whoever goes through one map asks for the next of another. */
  private last = -1;

  private constructor(names: readonly string[], list: readonly V[], order: Uint32Array | undefined) {
    super();
    this.names = names;
    this.list = list;
    this.order = order;
  }

  /** A map of the same entries in the order of their keys. Undefined where a key stands twice. */
  static sorted<V>(entries: readonly (readonly [string, V])[]): ListMap<V> | undefined {
    const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
    const names = sorted.map(([name]) => name);
    return isRising(names, undefined)
      ? new ListMap(
          names,
          sorted.map(([, value]) => value),
          undefined,
        )
      : undefined;
  }

  /** A map of keys and their values, both as they stand. Undefined where a key stands twice. */
  static of<V>(names: readonly string[], list: readonly V[]): ListMap<V> | undefined {
    if (isRising(names, undefined)) return new ListMap(names, list, undefined);
    const order = Uint32Array.from(names.keys()).sort((a, b) => ((names[a] as string) < (names[b] as string) ? -1 : 1));
    return isRising(names, order) ? new ListMap(names, list, order) : undefined;
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

  /** All values, in the order of their keys. */
  listValues(): readonly V[] {
    return this.list;
  }

  /** Found by halving, unless it is the next one; -1 where it is not there. */
  indexOf(key: string): number {
    const { names, order } = this;
    if (names[this.last + 1] === key) {
      this.last += 1;
      return this.last;
    }
    let low = 0;
    let high = names.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const at = order === undefined ? middle : (order[middle] as number);
      const name = names[at] as string;
      if (name === key) {
        this.last = at;
        return at;
      }
      if (name < key) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }
}

function isRising(names: readonly string[], order: Uint32Array | undefined): boolean {
  for (let at = 1; at < names.length; at += 1) {
    const [before, after] = order === undefined ? [at - 1, at] : [order[at - 1], order[at]];
    if ((names[before as number] as string) >= (names[after as number] as string)) return false;
  }
  return true;
}
