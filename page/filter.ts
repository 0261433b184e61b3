import type { PageStep } from "../src/page/page-model.ts";
import { membersOf, type Review } from "./review.ts";

/** What the list of changes is narrowed to; an empty text narrows nothing. */
export interface ChangeFilter {
  readonly text: string;
  readonly person: string;
  readonly place: string;
  readonly permission: string;
  readonly verb: "" | PageStep["op"];
  readonly heldOnly: boolean;
}

/** Narrows nothing. */
export const NO_FILTER: ChangeFilter = {
  text: "",
  person: "",
  place: "",
  permission: "",
  verb: "",
  heldOnly: false,
};

/** Makes the list of changes that fit, by number, in the order they run. */
export function makeStepFilter(review: Review): (filter: ChangeFilter) => readonly number[] {
  const { model } = review;
  const texts = model.steps.map(textOf);
  return (filter) => {
    const words = splitWords(filter.text);
    const people = filter.person === "" ? undefined : findPeople(review, filter.person);
    const places = filter.place === "" ? undefined : findPlaces(review, filter.place);
    const sets = filter.permission === "" ? undefined : findSets(review, filter.permission);
    const permission = filter.permission.toUpperCase();
    const fits = (step: PageStep, number: number): boolean =>
      (filter.verb === "" || step.op === filter.verb) &&
      (!filter.heldOnly || step.gate.state === "held") &&
      words.every((word) => (texts[number] ?? "").includes(word)) &&
      (people === undefined || hitsPerson(step, review.peopleOfStep[number], people, filter.person)) &&
      (places === undefined || hitsPlace(step, review.placesOfStep[number], places, filter.place)) &&
      (sets === undefined || intersects(review.setsOfStep[number], sets) || namesPermission(step, permission));
    return model.steps.flatMap((step, number) => (fits(step, number) ? number : []));
  };
}

/** Words of a search, lower case; every one has to be found. */
export function splitWords(text: string): readonly string[] {
  return text.toLowerCase().split(/\s+/u).filter(Boolean);
}

function textOf(step: PageStep): string {
  return [
    step.id,
    step.op,
    step.address,
    step.gate.state,
    step.source,
    step.group,
    step.justification,
    ...step.hazards.flatMap(({ code, detail }) => [code, detail]),
    ...step.cascade,
    ...step.notes,
    JSON.stringify(step.fields),
    JSON.stringify(step.to ?? step.from ?? ""),
  ]
    .join(" ")
    .toLowerCase();
}

function findPeople({ model }: Review, text: string): ReadonlySet<number> {
  const wanted = text.toLowerCase();
  return new Set(model.people.flatMap(({ email }, number) => (email.toLowerCase().includes(wanted) ? number : [])));
}

/** A place and all that is in it. */
function findPlaces({ model, placeNames }: Review, text: string): ReadonlySet<number> {
  const wanted = text.toLowerCase();
  return new Set(
    model.places.flatMap((_, number) => (placeNames(number).toLowerCase().includes(wanted) ? number : [])),
  );
}

function findSets(review: Review, text: string): ReadonlySet<number> {
  const wanted = text.toUpperCase();
  const { model } = review;
  const named = model.sets.flatMap((_, set) =>
    membersOf(model, set).some((name) => name.toUpperCase().includes(wanted)) ? set : [],
  );
  // Whoever gains or loses everything gains or loses this too.
  return new Set([-1, ...named]);
}

function hitsPerson(
  { address }: PageStep,
  hit: ReadonlySet<number> | undefined,
  people: ReadonlySet<number>,
  text: string,
): boolean {
  return address.toLowerCase().includes(text.toLowerCase()) || intersects(hit, people);
}

function hitsPlace(
  { address }: PageStep,
  hit: ReadonlySet<number> | undefined,
  places: ReadonlySet<number>,
  text: string,
): boolean {
  const names = address
    .slice(address.indexOf(":") + 1)
    .replaceAll("/", " / ")
    .toLowerCase();
  const isPlace = !/^(user|role):/u.test(address);
  return (isPlace && names.includes(text.toLowerCase())) || intersects(hit, places);
}

function namesPermission({ fields, to, from }: PageStep, permission: string): boolean {
  const listed = fields.flatMap(({ added = [], removed = [] }) => [...added, ...removed]);
  const held = Object.keys((to ?? from)?.["permissions"] ?? {});
  return [...listed, ...held].some((name) => name.toUpperCase().includes(permission));
}

function intersects(one: ReadonlySet<number> | undefined, other: ReadonlySet<number>): boolean {
  if (one === undefined) return false;
  for (const number of one) if (other.has(number)) return true;
  return false;
}
