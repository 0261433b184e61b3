import { encodeRow } from "./fill-account.ts";
import type { PageMatrix, PageShift } from "./page-model.ts";
import { makeTable } from "./tables.ts";

/** The matrix of what a saved plan tells by itself: cells that differ, and nothing else. */
export function fillDifferences(
  shifts: readonly PageShift[],
  size: { readonly people: number; readonly places: number },
): Omit<PageMatrix, "scope" | "sides"> {
  const cells = makeTable<readonly [number, number]>((pair) => pair.join());
  cells.numberOf([0, 0]);
  const byPerson = new Map<number, Map<number, number>>();
  for (const { person, place, before, after } of shifts) {
    if (place < 0) continue;
    const row = byPerson.get(person) ?? new Map<number, number>();
    byPerson.set(person, row);
    row.set(place, cells.numberOf([before, after]));
  }
  const rows = makeTable<readonly number[]>((row) => row.join());
  const rowOf = Array.from({ length: size.people }, (_, person) => {
    const row = byPerson.get(person);
    return rows.numberOf(row === undefined ? [] : encodeRow(size.places, (place) => row.get(place) ?? 0));
  });
  return { cells: cells.items, rows: rows.items, rowOf };
}
