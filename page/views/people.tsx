import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { PageShift } from "../../src/page/page-model.ts";
import { splitWords } from "../filter.ts";
import { Difference } from "../parts/difference.tsx";
import { Check, Choice, Search } from "../parts/fields.tsx";
import { PersonName } from "../parts/person-name.tsx";
import { VirtualList } from "../parts/virtual-list.tsx";
import { count } from "../parts/words.ts";
import { isChanged, type Review, rolesOf, sidesOfCell, sideWords } from "../review.ts";
import type { ViewProps } from "./view-props.ts";

interface PeopleFilter {
  readonly text: string;
  readonly place: string;
  readonly sort: "" | PageShift["sort"];
  readonly everybody: boolean;
}

interface PeopleProps extends ViewProps {
  readonly openStep: (step: number) => void;
  readonly openCell: (person: number, place: number) => void;
}

/** Before and after of each person in each place where it differs; new admins first, then whoever loses. */
export function PeopleView({ review, printing, announce, openStep, openCell }: PeopleProps): JSX.Element {
  const { model } = review;
  const [filter, setFilter] = useState<PeopleFilter>({ text: "", place: "", sort: "", everybody: false });
  const order = useMemo(() => orderPeople(review), [review]);
  const shown = useMemo(() => selectPeople(review, order, filter), [review, order, filter]);
  const narrow = (part: Partial<PeopleFilter>): void => {
    const next = { ...filter, ...part };
    setFilter(next);
    announce(`${count(selectPeople(review, order, next).length, "person", "people")} shown`);
  };
  return (
    <>
      <form class="filters" aria-label="Narrow the people" onSubmit={(event) => event.preventDefault()}>
        <Search label="Person or permission" value={filter.text} onValue={(text) => narrow({ text })} list="people" />
        <Search label="Space or place" value={filter.place} onValue={(place) => narrow({ place })} list="places" />
        <Choice
          label="What happens"
          value={filter.sort}
          options={SORTS}
          onValue={(sort) => narrow({ sort: sort as PeopleFilter["sort"] })}
        />
        {model.matrix.scope !== "differences" && (
          <Check
            label="Also whose access stays"
            checked={filter.everybody}
            onChecked={(everybody) => narrow({ everybody })}
          />
        )}
        <p class="shown">{count(shown.length, "person", "people")}</p>
      </form>
      {shown.length === 0 && (
        <p class="empty">{order.changed === 0 ? "Nobody gains or loses access." : "Nobody fits."}</p>
      )}
      <VirtualList
        label="People"
        keys={shown}
        estimate={110}
        printing={printing}
        row={(key, isCurrent) => (
          <PersonCard
            review={review}
            person={key}
            place={filter.place}
            openStep={openStep}
            openCell={openCell}
            isCurrent={isCurrent}
          />
        )}
      />
    </>
  );
}

const SORTS: readonly (readonly [string, string])[] = [
  ["", "any"],
  ["admin", "becomes admin"],
  ["loses", "loses"],
  ["gains", "gains"],
];
const RANKS: Readonly<Record<PageShift["sort"], number>> = { admin: 0, loses: 1, gains: 2 };

interface PeopleOrder {
  readonly people: readonly number[];
  /** So many among them, the first ones, gain or lose. */
  readonly changed: number;
}

function orderPeople({ model, shiftsOf }: Review): PeopleOrder {
  const rankOf = (person: number): number =>
    Math.min(3, ...(shiftsOf[person] ?? []).map((shift) => RANKS[model.shifts[shift]?.sort ?? "gains"]));
  const ranks = model.people.map((_, person) => rankOf(person));
  const people = ranks.map((_, person) => person).sort((a, b) => (ranks[a] ?? 3) - (ranks[b] ?? 3) || a - b);
  return { people, changed: ranks.filter((rank) => rank < 3).length };
}

function selectPeople(review: Review, { people, changed }: PeopleOrder, filter: PeopleFilter): readonly number[] {
  const { model, shiftsOf } = review;
  const words = splitWords(filter.text);
  const place = filter.place.toLowerCase();
  return people.slice(0, filter.everybody ? undefined : changed).filter((person) => {
    const shifts = (shiftsOf[person] ?? []).flatMap((number) => model.shifts[number] ?? []);
    if (filter.sort !== "" && !shifts.some(({ sort }) => sort === filter.sort)) return false;
    if (place !== "" && !inPlace(review, person, place)) return false;
    const text = words.length === 0 ? "" : textOf(review, person, shifts);
    return words.every((word) => text.includes(word));
  });
}

function inPlace({ placeNames, rowOf, model, shiftsOf }: Review, person: number, place: string): boolean {
  const shifted = (shiftsOf[person] ?? []).some((number) =>
    placeNames(model.shifts[number]?.place ?? -1)
      .toLowerCase()
      .includes(place),
  );
  return shifted || rowOf(person).some((cell, at) => cell > 0 && placeNames(at).toLowerCase().includes(place));
}

function textOf({ model }: Review, person: number, shifts: readonly PageShift[]): string {
  const sets = shifts.flatMap(({ gained, lost }) => [...(model.sets[gained] ?? []), ...(model.sets[lost] ?? [])]);
  const names = [...new Set(sets)].map((number) => model.permissions[number] ?? "");
  return [model.people[person]?.email ?? "", ...names].join(" ").toLowerCase();
}

interface CardProps extends Pick<PeopleProps, "openStep" | "openCell"> {
  readonly review: Review;
  readonly person: number;
  readonly place: string;
  readonly isCurrent: boolean;
}

/** So many places are told of one person at first. */
const MOST_PLACES = 12;

function PersonCard({ review, person, place, isCurrent, openStep, openCell }: CardProps): JSX.Element | null {
  const { model, shiftsOf, placeNames } = review;
  const [isWhole, setWhole] = useState(false);
  const known = model.people[person];
  if (known === undefined) return null;
  const shifts = (shiftsOf[person] ?? [])
    .flatMap((number) => model.shifts[number] ?? [])
    .filter((shift) => placeNames(shift.place).toLowerCase().includes(place.toLowerCase()) || place === "");
  const shown = isWhole ? shifts : shifts.slice(0, MOST_PLACES);
  return (
    <article class="card">
      <h3>
        <PersonName person={known} />
      </h3>
      {shown.map((shift) => (
        <Difference
          key={`${shift.place}`}
          review={review}
          shift={shift}
          openStep={openStep}
          openCell={openCell}
          isCurrent={isCurrent}
        />
      ))}
      {shifts.length > shown.length && (
        <button type="button" class="link" tabIndex={isCurrent ? 0 : -1} onClick={() => setWhole(true)}>
          {count(shifts.length - shown.length, "more place")}
        </button>
      )}
      {shifts.length === 0 && <Kept review={review} person={person} />}
    </article>
  );
}

/** What somebody has whose access stays: role by role, with the number of places. */
function Kept({ review, person }: { readonly review: Review; readonly person: number }): JSX.Element {
  const { model } = review;
  const groups = new Map<string, string[]>();
  for (const [place, cell] of review.rowOf(person).entries()) {
    if (cell === 0 || isChanged(model, cell)) continue;
    const { after } = sidesOfCell(model, cell);
    const words = rolesOf(model, after).length === 0 ? sideWords(model, after) : rolesOf(model, after).join(" and ");
    groups.set(words, [...(groups.get(words) ?? []), review.placeNames(place)]);
  }
  if (groups.size === 0) return <p class="faint">No access anywhere that was read.</p>;
  return (
    <dl class="facts">
      {[...groups].map(([words, places]) => (
        <>
          <dt>{words}</dt>
          <dd>
            {places.slice(0, MOST_PLACES).join(", ")}
            {places.length > MOST_PLACES && ` and ${places.length - MOST_PLACES} more`}
          </dd>
        </>
      ))}
    </dl>
  );
}
