/** A map that is made of something else where it is asked, so that nothing of it is held twice. Each answer is a value of its own. */
export abstract class MapView<K, V> implements ReadonlyMap<K, V> {
  abstract get size(): number;
  abstract get(key: K): V | undefined;
  abstract has(key: K): boolean;
  abstract keys(): MapIterator<K>;
  abstract entries(): MapIterator<[K, V]>;

  *values(): MapIterator<V> {
    for (const [, value] of this.entries()) yield value;
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries();
  }

  forEach(visit: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    for (const [key, value] of this.entries()) visit(value, key, this);
  }
}

/** A map with the keys of another, and values that are made of the other's. */
export class DerivedMap<K, From, To> extends MapView<K, To> {
  private readonly from: ReadonlyMap<K, From>;
  private readonly make: (value: From, key: K) => To;

  constructor(from: ReadonlyMap<K, From>, make: (value: From, key: K) => To) {
    super();
    this.from = from;
    this.make = make;
  }

  get size(): number {
    return this.from.size;
  }

  get(key: K): To | undefined {
    const value = this.from.get(key);
    return value === undefined ? undefined : this.make(value, key);
  }

  has(key: K): boolean {
    return this.from.has(key);
  }

  keys(): MapIterator<K> {
    return this.from.keys();
  }

  *entries(): MapIterator<[K, To]> {
    for (const [key, value] of this.from) yield [key, this.make(value, key)];
  }
}
