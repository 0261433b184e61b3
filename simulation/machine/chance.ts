import type { Random } from "../../src/model/ports.ts";

/** Chance that repeats: the same seed and name give the same numbers. */
export interface Chance extends Random {
  /** A whole number from 0 up to, and without, a limit. */
  below(limit: number): number;
  happens(probability: number): boolean;
  /** One of a list, which must not be empty. */
  pick<T>(list: readonly T[]): T;
  /** Chance of its own for a purpose, so that one purpose more moves no other. */
  fork(name: string): Chance;
  /** Where it stands, for another of the same seed to go on from there. */
  state(): number;
  goOn(state: number): void;
}

/** Makes the chance of a seed. */
export function makeChance(seed: number | string): Chance {
  let state = hashText(String(seed));
  const fraction = (): number => {
    // Mulberry32: small, and good enough to choose by.
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(fraction() * limit);
  let ids = 0;
  return {
    fraction,
    below,
    happens: (probability) => fraction() < probability,
    pick: (list) => list[below(list.length)] as (typeof list)[number],
    fork: (name) => makeChance(`${seed}/${name}`),
    state: () => state,
    goOn: (from) => {
      state = from;
    },
    id: () => {
      ids += 1;
      return `${hashText(`${seed}#${ids}`).toString(16).padStart(8, "0")}-${ids}`;
    },
  };
}

/** FNV-1a, 32 bits. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
