import { isPending } from "../access/effective-access.ts";
import { listBots } from "../access/list-bots.ts";
import { listPeople } from "../access/questions.ts";
import type { AccessSettings, AccessShift } from "../model/access.ts";
import { type Address, kindOf, pathPart, pathText } from "../model/address.ts";
import { compareText } from "../model/json.ts";
import type { Plan } from "../model/plan.ts";
import type { World } from "../model/resource.ts";
import { fillAccount, type MatrixTables, makeSideTable } from "./fill-account.ts";
import { fillDifferences } from "./fill-differences.ts";
import { listNotices } from "./list-notices.ts";
import { type Both, type KnownPlace, listAllPlaces, orderPlaces, sidesOf } from "./list-places.ts";
import { listShifts } from "./list-shifts.ts";
import { type Approvals, listSteps } from "./list-steps.ts";
import type { PageCommands, PageMatrix, PageModel, PagePerson, PageServed, PageShift } from "./page-model.ts";
import { makeSetTables, makeTable } from "./tables.ts";

/** What a page is made of. */
export interface PageInput {
  readonly plan: Plan;
  /** The account before and after, where it was read; undefined: the page tells the differences that the plan holds. */
  readonly worlds: Both | undefined;
  /** Grants that may be in the worlds and cannot be seen: an inherited admin right hides them. */
  readonly hidden?: readonly Address[];
  readonly settings: AccessSettings;
  readonly summary: string;
  readonly commands: PageCommands;
  readonly served?: PageServed;
  /** What approvals need by the rules of the plan, a line each. */
  readonly needs?: readonly string[];
  /** The approvals that are there already. */
  readonly approvals?: Approvals;
  readonly sortOf: (shift: AccessShift) => PageShift["sort"];
}

/** Larger matrices than this are cut down to whom and what the plan touches. */
const MOST_CELLS = 2_000_000;

/** Makes all that the review page shows. Pure: the same input gives the same model. */
export function makePageModel(input: PageInput, mostCells: number = MOST_CELLS): PageModel {
  const { plan, worlds = NO_WORLDS } = input;
  const { scope, people, places } = chooseExtent(input, mostCells);
  const sets = makeSetTables();
  const tables: MatrixTables = { sides: makeSideTable(), roles: makeTable<string>((role) => role), sets };
  const personNumbers = new Map(people.map((person, number) => [person, number]));
  const placeNumbers = new Map<string, number>(places.map(({ address }, number) => [address, number]));
  const stepNumbers = new Map(plan.steps.map(({ address }, number) => [address, number]));
  const personOf = (person: Address): number => personNumbers.get(pathText(person)) as number;
  const shifts = listShifts(
    {
      access: plan.access,
      sortOf: input.sortOf,
      personOf,
      placeOf: (place) => placeNumbers.get(place) ?? -1,
      stepOf: (address) => stepNumbers.get(address),
    },
    tables,
  );
  const cells =
    scope === "differences"
      ? fillDifferences(shifts, { people: people.length, places: places.length })
      : fillAccount({ worlds, settings: input.settings, people, places }, tables);
  const { name, url } = plan.account;
  return {
    format: 1,
    digest: plan.digest,
    account: { url, ...(name === undefined ? {} : { name }) },
    ...(plan.basis.ledger === undefined ? {} : { ledger: plan.basis.ledger }),
    ...(plan.basis.undo === undefined ? {} : { undo: plan.basis.undo }),
    summary: input.summary,
    commands: input.commands,
    notices: listNotices(plan, input.needs),
    steps: listSteps(plan.steps, personOf, {
      ...(plan.approvals !== undefined && { needed: plan.approvals.needed }),
      ...(input.approvals !== undefined && { approvals: input.approvals }),
    }),
    people: describePeople(people, { worlds, plan, isTold: scope === "differences" }),
    places: places.map(({ told }) => told),
    roles: tables.roles.items,
    permissions: sets.permissions.items,
    sets: sets.sets.items,
    shifts,
    matrix: { scope, ...tellHidden(input.hidden ?? []), sides: tables.sides.items, ...cells },
    ...(input.served === undefined ? {} : { served: input.served }),
  };
}

/** So many hidden grants are named. */
const MOST_NAMED = 50;

function tellHidden(hidden: readonly Address[]): Pick<PageMatrix, "hidden"> {
  if (hidden.length === 0) return {};
  return { hidden: { count: hidden.length, some: [...hidden].sort(compareText).slice(0, MOST_NAMED) } };
}

const NO_WORLDS: Both = { before: new Map(), after: new Map() };

interface Extent {
  readonly scope: PageMatrix["scope"];
  readonly people: readonly string[];
  readonly places: readonly KnownPlace[];
}

/** Everybody and everything that was read; where that is too much, or nothing was read, whom and what the plan names. */
function chooseExtent({ plan, worlds }: PageInput, mostCells: number): Extent {
  const named = listNamed(plan);
  if (worlds === undefined) return { scope: "differences", ...orderExtent(named, NO_WORLDS, plan) };
  const all = {
    people: new Set([...listPeople(worlds.before), ...listPeople(worlds.after), ...named.people].map(pathText)),
    places: new Set([...listAllPlaces(worlds), ...named.places]),
  };
  const isWhole = all.people.size * all.places.size <= mostCells;
  return isWhole
    ? { scope: "account", ...orderExtent(all, worlds, plan) }
    : { scope: "touched", ...orderExtent(named, worlds, plan) };
}

interface Named {
  readonly people: Iterable<string>;
  readonly places: Iterable<Address>;
}

/** Everybody and every place that a change or a difference of the plan names. */
function listNamed({ steps, access }: Plan): { readonly people: Set<Address>; readonly places: Set<Address> } {
  const people = new Set<Address>();
  const places = new Set<Address>();
  for (const { address, loses = [] } of steps) {
    const kind = kindOf(address);
    if (kind === "user") people.add(address);
    if (PLACES.has(kind)) places.add(address);
    for (const person of loses) people.add(person);
  }
  for (const { person, place } of access.shifts) {
    people.add(person);
    if (place !== "account") places.add(place);
  }
  return { people, places };
}

const PLACES: ReadonlySet<string> = new Set(["organization", "space", "project"]);

function orderExtent({ people, places }: Named, worlds: Both, plan: Plan): Omit<Extent, "scope"> {
  const bots = listAllBots(worlds, plan);
  const rankOf = (person: string): number => {
    if (bots.has(person)) return 2;
    return isAdmin(worlds.before, person) || isAdmin(worlds.after, person) ? 0 : 1;
  };
  const texts = new Set(
    [...people].map((person) => (person.startsWith("user:") ? pathText(person as Address) : person)),
  );
  return {
    people: [...texts].sort((a, b) => rankOf(a) - rankOf(b) || compareText(a, b)),
    places: orderPlaces(places, worlds),
  };
}

function describePeople(
  people: readonly string[],
  { worlds, plan, isTold }: { readonly worlds: Both; readonly plan: Plan; readonly isTold: boolean },
): readonly PagePerson[] {
  const bots = listAllBots(worlds, plan);
  const awaited = new Set(plan.access.shifts.flatMap(({ person, isPending }) => (isPending ? pathText(person) : [])));
  return people.map((person) => {
    const address: Address = `user:${person}`;
    const { before, after } = worlds;
    const admin = sidesOf(isAdmin(before, person), isAdmin(after, person));
    const pending = awaited.has(person) || isPending(after.get(address) ?? before.get(address));
    return {
      email: pathPart(address, 0),
      ...(bots.has(person) ? { bot: 1 as const } : {}),
      ...(pending ? { pending: 1 as const } : {}),
      ...(admin === 0 ? {} : { admin }),
      // Whoever is known by a grant alone is in no list of people: they neither come nor go by the plan.
      there:
        isTold || !(before.has(address) || after.has(address)) ? 3 : sidesOf(before.has(address), after.has(address)),
    };
  });
}

function listAllBots({ before, after }: Both, { access }: Plan): ReadonlySet<string> {
  const told = access.shifts.flatMap(({ person, isBot }) => (isBot ? person : []));
  return new Set([...listBots(before), ...listBots(after), ...told].map(pathText));
}

function isAdmin(world: World, person: string): boolean {
  return world.get(`user:${person}`)?.spec["role"] === "admin";
}
