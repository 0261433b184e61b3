/**
 * Packs items into as few batches as is easily found, each costing no more than the budget: the dearest first, each into the first
 * batch with room. An item dearer than the budget stands alone. Nothing is lost, nothing doubled.
 */
export function packByCost<T>(
  items: readonly T[],
  costOf: (item: T) => number,
  budget: number,
): readonly (readonly T[])[] {
  const batches: { readonly items: T[]; cost: number }[] = [];
  // Full batches are left behind, so that ten thousand items do not look at thousands of them each.
  let firstWithRoom = 0;
  const dearestFirst = [...items].sort((a, b) => costOf(b) - costOf(a));
  const least = dearestFirst.length === 0 ? 0 : costOf(dearestFirst[dearestFirst.length - 1] as T);
  for (const item of dearestFirst) {
    const cost = costOf(item);
    let at = firstWithRoom;
    while (at < batches.length && (batches[at]?.cost ?? 0) + cost > budget) at += 1;
    const batch = batches[at];
    if (batch === undefined) batches.push({ items: [item], cost });
    else {
      batch.items.push(item);
      batch.cost += cost;
    }
    while (firstWithRoom < batches.length && (batches[firstWithRoom]?.cost ?? 0) + least > budget) firstWithRoom += 1;
  }
  return batches.map((batch) => batch.items);
}
