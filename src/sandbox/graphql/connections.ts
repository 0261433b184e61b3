import type { Account } from "../account.ts";
import { mixNumber, seedNumber } from "../ids.ts";

/** The Relay arguments; explicit nulls count as absent. */
export interface PageArguments {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
}

/** What a connection is made of. */
interface ConnectionOf<T> {
  /** The name of the field, for messages. */
  readonly field: string;
  readonly items: readonly T[];
  readonly numberOf: (item: T) => number;
  readonly show: (item: T) => unknown;
}

/** Tells whether a connection refuses to be asked without first or last. */
export function needsSize(account: Account, field: string): boolean {
  const { requireFirst } = account.switches();
  return requireFirst === "all" || (requireFirst === "most" && field !== "accountOrganizationUsers");
}

/** Makes one page of a Relay connection; refuses a missing first and last, and cuts long pages, by switch. */
export function makeConnection<T>(account: Account, args: PageArguments, of: ConnectionOf<T>): unknown {
  const { pageSizeCap, shuffle } = account.switches();
  if (needsSize(account, of.field) && args.first == null && args.last == null) {
    throw new Error(`You must provide a "first" or "last" value to paginate the "${of.field}" connection.`);
  }
  if ((args.first ?? 0) < 0 || (args.last ?? 0) < 0) throw new Error(`"first" and "last" must not be negative.`);
  const seed = seedNumber(account.store.settings().seed);
  const keyed = of.items
    .map((item) => ({ item, key: shuffle ? mixNumber(of.numberOf(item), seed) : of.numberOf(item) }))
    .sort((a, b) => a.key - b.key);
  const after = readCursor(args.after) ?? Number.NEGATIVE_INFINITY;
  const before = readCursor(args.before) ?? Number.POSITIVE_INFINITY;
  const range = keyed.filter(({ key }) => key > after && key < before);
  const page = cutRange(range, args, pageSizeCap);
  return {
    totalCount: of.items.length,
    pageInfo: describePage(range, page),
    edges: page.map(({ item, key }) => ({ cursor: writeCursor(key), node: () => of.show(item) })),
  };
}

interface Keyed {
  readonly key: number;
}

function cutRange<T extends Keyed>(range: readonly T[], args: PageArguments, cap: number): readonly T[] {
  if (args.first == null && args.last != null) return range.slice(Math.max(0, range.length - Math.min(args.last, cap)));
  return range.slice(0, Math.min(args.first ?? cap, cap));
}

function describePage<T extends Keyed>(range: readonly T[], page: readonly T[]): unknown {
  const first = page.at(0);
  const last = page.at(-1);
  return {
    hasNextPage: page.length > 0 && last !== range.at(-1),
    hasPreviousPage: page.length > 0 && first !== range.at(0),
    startCursor: first === undefined ? null : writeCursor(first.key),
    endCursor: last === undefined ? null : writeCursor(last.key),
  };
}

function writeCursor(key: number): string {
  return Buffer.from(`cursor:${key}`, "latin1").toString("base64");
}

function readCursor(text: string | null | undefined): number | undefined {
  if (text == null || text === "") return undefined;
  const [, key] = /^cursor:(\d+)$/.exec(Buffer.from(text, "base64").toString("latin1")) ?? [];
  if (key === undefined) throw new Error(`"${text}" is not a valid cursor.`);
  return Number(key);
}
