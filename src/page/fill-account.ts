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
  const cells = makeTable<readonly [number, number]>((pair) => pair.join());
  cells.numberOf([0, 0]);
  const rows = makeTable<readonly number[]>((row) => row.join());
  const rowOf = input.people.map((person) => {
    const [had, has] = [before(person), after(person)];
    return rows.numberOf(encodeRow(input.places.length, (place) => cells.numberOf([had(place), has(place)])));
  });
  return { cells: cells.items, rows: rows.items, rowOf };
}

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
    if (runs.length > 0 && runs.at(-2) === cell) runs[runs.length - 1] = (runs.at(-1) ?? 0) + 1;
    else runs.push(cell, 1);
  }
  if (runs.at(-2) === 0) runs.splice(-2);
  return runs;
}

/** By person, then by the number of a place, the number of what they have there. */
type Side = (person: string) => (place: number) => number;

function openSide(world: World, { settings, places }: AccountInput, tables: MatrixTables): Side {
  const grants = indexGrants(world);
  const facets = places.map((place) => describePlaceFacet(place, world, grants));
  const numbers = new Map<Resource, string>();
  const facetOf = (resource: Resource | undefined): string => {
    if (resource === undefined) return "-";
    const facet = numbers.get(resource) ?? describeFacet(resource);
    numbers.set(resource, facet);
    return facet;
  };
  const known = new Map<string, number>();
  return (person) => {
    const own = grants.byPerson.get(person);
    const address: Address = `user:${person}`;
    const user = world.get(address);
    if (own === undefined && user?.spec["role"] !== "admin") return () => 0;
    const userFacet = facetOf(user);
    return (number) => {
      const place = places[number] as KnownPlace;
      const facet = facets[number];
      if (facet === undefined) return 0;
      const held = facet.above.map((path) => facetOf(own?.get(path))).join("|");
      const key = `${facet.text}|${userFacet}|${held}`;
      const answer =
        known.get(key) ??
        tables.sides.numberOf(describeAccess(evaluateAccess(world, address, place.address, settings), tables));
      known.set(key, answer);
      return answer;
    };
  };
}

/** What of a place decides, the same for everybody, and the paths in which somebody may hold a grant; undefined where it is not there. */
function describePlaceFacet(
  { address, path }: KnownPlace,
  world: World,
  { restricted }: AccountGrants,
): { readonly text: string; readonly above: readonly string[] } | undefined {
  const names = path.split("/");
  const above = names.map((_name, depth) => names.slice(0, depth + 1).join("/"));
  const [organization, space = ""] = above;
  const spaceAt = world.get(`space:${space}`);
  const isThere =
    world.has(address) && world.has(`organization:${organization}`) && (above.length < 2 || spaceAt !== undefined);
  if (!isThere) return undefined;
  return { text: `${above.length} ${String(spaceAt?.spec["private"])} ${restricted.has(path)}`, above };
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
