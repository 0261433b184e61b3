import type { Address } from "../model/address.ts";
import type { Finding } from "../model/change.ts";

/** A hazard, and the step of the plan that carries it. */
export interface StepFinding {
  readonly step: Address;
  readonly finding: Finding;
}

/** Says so many names of a list, and how many there are beside them. */
export function nameFirst(names: readonly string[], limit: number): string {
  const named = names.slice(0, limit).join(", ");
  return names.length > limit ? `${named} and ${names.length - limit} more` : named;
}

/** Adds to the list that a map holds under a key. */
export function appendTo<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
