/** How good it is to stop after some of the changes: bit `n` of a mask stands for change `n`. */
export type MomentJudge = (mask: number) => "fine" | "gap" | "excess";

/** The freedom that is left to the order of a few changes, by their numbers. */
export interface SafeSequence {
  /** One change before another, without which a bad moment could come: the mask of what would be done then. */
  readonly rules: readonly {
    readonly first: number;
    readonly second: number;
    readonly avoids: "excess" | "gap";
    readonly mask: number;
  }[];
  /** Changes from which on a bad moment comes that no order avoids, with the mask of what is done then. */
  readonly moments: readonly { readonly change: number; readonly is: "excess" | "gap"; readonly mask: number }[];
}

/**
 * Finds the fewest rules under which a few changes may run in any order, side by side and only in part, without a bad moment:
 * no excess first of all, then no gap. `waits` tells for each change the mask of those it comes after anyway. Costs about 2^n.
 */
export function findSafeSequence(waits: readonly number[], judge: MomentJudge): SafeSequence {
  const order = findBestOrder(waits, judge);
  const allowed = new Set<number>();
  const moments: SafeSequence["moments"][number][] = [];
  let mask = 0;
  for (const change of order) {
    const was = judge(mask);
    mask |= 1 << change;
    const is = judge(mask);
    if (is !== "fine") {
      allowed.add(mask);
      if (is !== was) moments.push({ change, is, mask });
    }
  }
  return { rules: relax({ order, waits, judge, allowed }), moments };
}

const COST = { fine: 0, gap: 1, excess: 1000 } as const;

/** The order with the least bad moments; of several the one that begins with the lowest numbers. */
function findBestOrder(waits: readonly number[], judge: MomentJudge): readonly number[] {
  const full = (1 << waits.length) - 1;
  const cost = new Float64Array(full + 1).fill(Number.POSITIVE_INFINITY);
  const next = new Int8Array(full + 1);
  cost[full] = 0;
  for (let mask = full - 1; mask >= 0; mask -= 1) {
    for (const [change, needed] of waits.entries()) {
      const bit = 1 << change;
      if ((mask & bit) !== 0 || (needed & ~mask) !== 0) continue;
      const total = COST[judge(mask | bit)] + (cost[mask | bit] as number);
      if (total < (cost[mask] as number)) {
        cost[mask] = total;
        next[mask] = change;
      }
    }
  }
  const order: number[] = [];
  for (let mask = 0; mask !== full; mask |= 1 << (next[mask] as number)) order.push(next[mask] as number);
  return order;
}

interface Relaxing {
  readonly order: readonly number[];
  readonly waits: readonly number[];
  readonly judge: MomentJudge;
  /** Bad moments that no order avoids. */
  readonly allowed: ReadonlySet<number>;
}

/** Begins with the whole order and drops every rule that is not needed. */
function relax({ order, waits, judge, allowed }: Relaxing): SafeSequence["rules"] {
  const before = [...waits];
  order.forEach((change, at) => {
    for (const earlier of order.slice(0, at)) before[change] = (before[change] as number) | (1 << earlier);
  });
  const rules: SafeSequence["rules"][number][] = [];
  for (const [first, second] of pairsOf(order)) {
    const bit = 1 << first;
    if (((waits[second] as number) & bit) !== 0) continue;
    before[second] = (before[second] as number) & ~bit;
    const worst = findWorst(before, judge, allowed);
    if (worst === undefined) continue;
    before[second] = (before[second] as number) | bit;
    rules.push({ first, second, avoids: worst.is, mask: worst.mask });
  }
  return rules;
}

/** Every two in their order, the farthest apart first, so that what remains are the nearest. */
function pairsOf(order: readonly number[]): readonly (readonly [number, number])[] {
  const pairs: (readonly [number, number])[] = [];
  for (let distance = order.length - 1; distance > 0; distance -= 1) {
    for (let at = 0; at + distance < order.length; at += 1)
      pairs.push([order[at] as number, order[at + distance] as number]);
  }
  return pairs;
}

/** The worst moment that can come while each change only waits for those in its mask; undefined where all are fine. */
function findWorst(
  before: readonly number[],
  judge: MomentJudge,
  allowed: ReadonlySet<number>,
): { readonly is: "excess" | "gap"; readonly mask: number } | undefined {
  let gap: { readonly is: "gap"; readonly mask: number } | undefined;
  for (let mask = 1; mask < 1 << before.length; mask += 1) {
    const isReachable = before.every((needed, change) => (mask & (1 << change)) === 0 || (needed & ~mask) === 0);
    if (!isReachable || allowed.has(mask)) continue;
    const is = judge(mask);
    if (is === "excess") return { is, mask };
    if (is === "gap") gap ??= { is, mask };
  }
  return gap;
}
