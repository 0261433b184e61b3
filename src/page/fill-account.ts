import { evaluateAccess } from "../access/effective-access.ts";
import { describeFacet } from "../access/plan-scene.ts";
import type { AccessPath, AccessSettings, EffectiveAccess } from "../model/access.ts";
import type { Address } from "../model/address.ts";
import type { Resource, World } from "../model/resource.ts";
import { type AccountGrants, indexGrants } from "./account-grants.ts";
import type { Both, KnownPlace } from "./list-places.ts";
import { type PageMatrix, type PagePath, type PageSide, UNKNOWN, WAYS } from "./page-model.ts";
import { makeTable, type SetTables, type Table } from "./tables.ts";

/** What the matrix is made of, beside the tables that the rest of the page uses too. */
export interface AccountInput {
  readonly worlds: Both;
  readonly settings: AccessSettings;
  /** As addresses spell them, without the kind. */
  readonly people: readonly string[];
  /** In tree order. */
  readonly places: readonly KnownPlace[];
}

export interface MatrixTables {
  readonly sides: Table<PageSide>;
  readonly roles: Table<string>;
  readonly sets: SetTables;
}

/**
 * Evaluates everybody's access to every place, before and after. What decides is mostly the same for many people, so that each
 * constellation is evaluated once, by the evaluator that everything else uses.
 */
export function fillAccount(input: AccountInput, tables: MatrixTables): Omit<PageMatrix, "scope" | "sides"> {
  const [before, after] = [openSide(input.worlds.before, input, tables), openSide(input.worlds.after, input, tables)];
  const cells: (readonly [number, number])[] = [[0, 0]];
  const numbers = new Map<number, number>([[0, 0]]);
  const cellOf = (had: number, has: number): number => {
    const key = had * MOST_SIDES + has;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, cells.length);
    cells.push([had, has]);
    return cells.length - 1;
  };
  const rows = makeTable<readonly number[]>((row) => row.join());
  const rowOf = input.people.map((person) => {
    const [had, has] = [before(person), after(person)];
    return rows.numberOf(encodeRow(input.places.length, (place) => cellOf(had[place] ?? 0, has[place] ?? 0)));
  });
  return { cells, rows: rows.items, rowOf };
}

/** More sides than cells there cannot be. */
const MOST_SIDES = 2 ** 26;

/** The table of sides: number 0 is no access at all. */
export function makeSideTable(): Table<PageSide> {
  const sides = makeTable<PageSide>((side) => JSON.stringify(side));
  sides.numberOf({ paths: [], total: -2 });
  return sides;
}

/** Writes a row as runs; empty cells at its end are left out. */
export function encodeRow(length: number, cellAt: (place: number) => number): readonly number[] {
  const runs: number[] = [];
  for (let place = 0; place < length; place += 1) {
    const cell = cellAt(place);
    if (runs.length > 0 && runs.at(-2) === cell) runs[runs.length - 1] = (runs.at(-1) as number) + 1;
    else runs.push(cell, 1);
  }
  if (runs.at(-2) === 0) runs.splice(-2);
  return runs;
}

/** By person the number of what they have in each place; empty for whoever has nothing anywhere. */
type Side = (person: string) => Int32Array;

const NOTHING = new Int32Array();

function openSide(world: World, { settings, places }: AccountInput, tables: MatrixTables): Side {
  const grants = indexGrants(world);
  const facets = makeTable<string>((facet) => facet);
  const seen = new Map<Resource | undefined, number>();
  // Asked millions of times: what a resource comes to is put into words once.
  const facetOf = (resource: Resource | undefined): number => {
    const facet = seen.get(resource) ?? facets.numberOf(describeFacet(resource));
    seen.set(resource, facet);
    return facet;
  };
  const grounds = describeGrounds(places, world, grants);
  const known = new Map<number, Map<number, number>>();
  return (person) => {
    const own = grants.byPerson.get(person);
    const address: Address = `user:${person}`;
    const user = world.get(address);
    if (own === undefined && user?.spec["role"] !== "admin") return NOTHING;
    const sides = new Int32Array(places.length);
    const held = places.map(({ path }) => facetOf(own?.get(path)));
    for (const [number, ground] of grounds.entries()) {
      if (ground === undefined) continue;
      const { kind, above } = ground;
      const group = facetOf(user) * MOST_FACETS + kind;
      const answers = known.get(group) ?? new Map<number, number>();
      known.set(group, answers);
      const key = above.reduce((sum, place) => sum * MOST_FACETS + (held[place] as number), 0);
      const answer = answers.get(key) ?? judge(number, address);
      answers.set(key, answer);
      sides[number] = answer;
    }
    return sides;
  };

  function judge(number: number, person: Address): number {
    const { address } = places[number] as KnownPlace;
    return tables.sides.numberOf(describeAccess(evaluateAccess(world, person, address, settings), tables));
  }
}

/** Three of them are one number: roles, and what is hidden of them, are far fewer. */
const MOST_FACETS = 2 ** 17;

/** What of a place decides for everybody alike, and the numbers of the places in which somebody may hold a grant that counts. */
interface Ground {
  /** Equal for grounds that come to the same. */
  readonly kind: number;
  readonly text: string;
  readonly above: readonly number[];
}

/** The ground of each place; undefined for one that is not there, or whose containers are not. */
function describeGrounds(
  places: readonly KnownPlace[],
  world: World,
  { restricted }: AccountGrants,
): readonly (Ground | undefined)[] {
  const grounds: (Ground | undefined)[] = [];
  const kinds = makeTable<string>((text) => text);
  for (const [number, { address, path, told }] of places.entries()) {
    const container = grounds[told.within];
    const isThere = world.has(address) && (told.within < 0 || container !== undefined);
    const isPrivate = String(world.get(address)?.spec["private"]);
    const text = `${container?.text ?? ""}/${isPrivate}${restricted.has(path) ? " restricted" : ""}`;
    const above = [...(container?.above ?? []), number];
    grounds.push(isThere ? { kind: kinds.numberOf(text), text, above } : undefined);
  }
  return grounds;
}

function describeAccess(access: EffectiveAccess, tables: MatrixTables): PageSide {
  const { permissions, paths, cutOff, isLowerBound, assumptions } = access;
  const tell = (path: AccessPath): PagePath => [
    WAYS.indexOf(path.reason),
    tables.roles.numberOf(path.role),
    path.permissions === "unknown" ? UNKNOWN : tables.sets.setOf(path.permissions),
  ];
  return {
    paths: paths.map(tell),
    ...(cutOff.length === 0 ? {} : { cut: cutOff.map(tell) }),
    total: tables.sets.setOf(permissions),
    ...(isLowerBound ? { low: 1 as const } : {}),
    ...(assumptions.length === 0 ? {} : { assumed: assumptions }),
  };
}
