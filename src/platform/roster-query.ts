import type { OptionalPart, Roster } from "./roster.ts";

type Dropped = ReadonlySet<OptionalPart>;

/** A page of a roster as a selection on `node`. `page.cursor` names the variable that holds where to go on. */
export function selectPage<R>(
  roster: Roster<R>,
  dropped: Dropped,
  page: { readonly first: number; readonly cursor: string },
): string {
  const has = (part: OptionalPart): boolean => roster.optional.has(part) && !dropped.has(part);
  const user = ["id", ...(has("email") ? ["email"] : []), ...(has("userType") ? ["userType"] : [])].join(" ");
  const entry = [...roster.entryFields(has), `user { ${user} }`].join(" ");
  const fields = [
    ...(has("totalCount") ? ["totalCount"] : []),
    ...(has("pageInfo") ? ["pageInfo { hasNextPage endCursor }"] : []),
    `edges { node { ${entry} } }`,
  ].join(" ");
  const after = has("after") ? [`after: $${page.cursor}`] : [];
  return selectConnection(roster, [...(has("first") ? [`first: ${page.first}`] : []), ...after], fields);
}

/** Only the size of a roster: one entry is asked for, because some servers insist, and none is selected. */
export function selectSize<R>(roster: Roster<R>, dropped: Dropped): string {
  return selectConnection(roster, dropped.has("first") ? [] : ["first: 1"], "totalCount");
}

/** What pages cost while no further part is dropped. */
export interface PageMeasure {
  /** Points of each entry that is asked for. */
  readonly perEntry: number;
  /** Points that a page of so many entries costs. */
  costOf(first: number): number;
  /** The longest page that fits a budget; at least one entry. */
  longestWithin(budget: number): number;
}

/**
 * Measures by the documented arithmetic: one point for each node and field outside the entries, and for each entry that is asked
 * for, whether there or not, one for each field, `edges` and `node` included. Some points are added for what is not documented.
 */
export function measurePages<R>(roster: Roster<R>, dropped: Dropped): PageMeasure {
  const perEntry = costOfEntry(roster, dropped);
  return {
    perEntry,
    costOf: (first) => PAGE_COST + first * perEntry,
    longestWithin: (budget) => Math.max(1, Math.floor((budget - PAGE_COST) / perEntry)),
  };
}

/** Points that a size costs. */
export const SIZE_COST = 6;

/** node, connection, totalCount, pageInfo, hasNextPage, endCursor, and four for luck. */
const PAGE_COST = 10;

function costOfEntry<R>(roster: Roster<R>, dropped: Dropped): number {
  const page = selectPage(roster, dropped, { first: 1, cursor: "c" });
  return (page.slice(page.indexOf("edges")).match(/\w+/g) ?? []).length;
}

function selectConnection<R>(roster: Roster<R>, args: readonly string[], fields: string): string {
  const list = args.length === 0 ? "" : `(${args.join(", ")})`;
  return `... on ${roster.typeName} { ${roster.connection}${list} { ${fields} } }`;
}
