/** The same map in the order of its keys, code unit by code unit, as addresses are ordered. */
export function sortByKey<K extends string, V>(map: ReadonlyMap<K, V>): Map<K, V> {
  return new Map([...map.keys()].sort().map((key) => [key, map.get(key) as V]));
}
