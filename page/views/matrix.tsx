import type { JSX } from "preact";
import { useLayoutEffect, useMemo, useState } from "preact/hooks";
import { makeLooks } from "../matrix/glyphs.ts";
import { Grid, type GridPlace } from "../matrix/grid.tsx";
import { Legend } from "../matrix/legend.tsx";
import { PrintedMatrix } from "../matrix/printed-matrix.tsx";
import { ScopeNote } from "../matrix/scope-note.tsx";
import { WhyPanel } from "../matrix/why-panel.tsx";
import { Check, Choice } from "../parts/fields.tsx";
import { Jump } from "../parts/jump.tsx";
import { count } from "../parts/words.ts";
import { isChanged, type Review } from "../review.ts";
import type { ViewProps } from "./view-props.ts";

interface MatrixProps extends ViewProps {
  readonly openStep: (step: number) => void;
  /** A cell to be shown and explained; another object each time. */
  readonly goTo: { readonly person: number; readonly place: number } | undefined;
}

/** Up to so many places their columns are wide enough for words. */
const WIDE_PLACES = 40;

/** Who may do what where, and for any cell why. */
export function MatrixView({ review, printing, announce, openStep, goTo }: MatrixProps): JSX.Element {
  const { model } = review;
  const changed = useMemo(() => findChanged(review), [review]);
  const lookOf = useMemo(() => makeLooks(review), [review]);
  const [onlyChanged, setOnlyChanged] = useState(false);
  const [isWide, setWide] = useState(model.places.length <= WIDE_PLACES);
  const [at, setAt] = useState<GridPlace>({ row: 0, column: 0 });
  const [focus, setFocus] = useState<object | undefined>(undefined);
  const [opened, setOpened] = useState<{ readonly person: number; readonly place: number } | undefined>(undefined);
  const people = useMemo(() => (onlyChanged ? changed.people : [...model.people.keys()]), [onlyChanged, changed]);
  const places = useMemo(() => (onlyChanged ? changed.places : [...model.places.keys()]), [onlyChanged, changed]);
  const moveTo = (next: GridPlace): void => {
    setAt(next);
    setFocus({});
  };
  const openAt = (next: GridPlace): void => {
    setAt(next);
    setOpened({ person: people[next.row] ?? 0, place: places[next.column] ?? 0 });
  };
  const jump = (person: number, place: number): void => {
    const isThere = people.includes(person) && places.includes(place);
    if (!isThere) setOnlyChanged(false);
    moveTo(isThere ? { row: people.indexOf(person), column: places.indexOf(place) } : { row: person, column: place });
  };
  useLayoutEffect(() => {
    if (goTo === undefined) return;
    jump(goTo.person, goTo.place);
    setOpened(goTo);
  }, [goTo]);
  if (model.people.length === 0 || model.places.length === 0)
    return (
      <>
        <ScopeNote review={review} />
        <p class="empty">There is nobody, or no place, to show.</p>
      </>
    );
  if (printing)
    return (
      <>
        <ScopeNote review={review} />
        <PrintedMatrix review={review} people={people} places={places} lookOf={lookOf} />
      </>
    );
  const here = { person: people[at.row] ?? 0, place: places[at.column] ?? 0 };
  return (
    <>
      <form class="filters" aria-label="Find in the matrix" onSubmit={(event) => event.preventDefault()}>
        <Jump
          label="Go to person"
          list="people"
          names={model.people.map(({ email }) => email)}
          onFound={(person) => jump(person, here.place)}
          announce={announce}
        />
        <Jump
          label="Go to place"
          list="places"
          names={model.places.map((_, place) => review.placeNames(place))}
          onFound={(place) => jump(here.person, place)}
          announce={announce}
        />
        <Choice
          label="Cells show"
          value={isWide ? "words" : "letters"}
          options={SHAPES}
          onValue={(shape) => setWide(shape === "words")}
        />
        <Check
          label="Only what changes"
          checked={onlyChanged}
          onChecked={(only) => {
            setOnlyChanged(only);
            setAt({ row: 0, column: 0 });
            const [whom, where] = only ? [changed.people, changed.places] : [model.people, model.places];
            announce(`${count(whom.length, "person", "people")} by ${count(where.length, "place")}`);
          }}
        />
        <p class="shown">
          {count(people.length, "person", "people")} × {count(places.length, "place")}
        </p>
      </form>
      <ScopeNote review={review} />
      <Legend review={review} isWide={isWide} />
      <div class={opened === undefined ? "matrix-body" : "matrix-body with-panel"}>
        {people.length === 0 ? (
          <p class="empty">No cell changes.</p>
        ) : (
          <Grid
            review={review}
            people={people}
            places={places}
            lookOf={lookOf}
            isWide={isWide}
            at={{ row: Math.min(at.row, people.length - 1), column: Math.min(at.column, places.length - 1) }}
            focus={focus}
            onMove={moveTo}
            onOpen={openAt}
            opened={opened && { row: people.indexOf(opened.person), column: places.indexOf(opened.place) }}
          />
        )}
        {opened !== undefined && (
          <WhyPanel
            key={`${opened.person} ${opened.place}`}
            review={review}
            person={opened.person}
            place={opened.place}
            openStep={openStep}
            onClose={() => {
              setOpened(undefined);
              setFocus({});
            }}
          />
        )}
      </div>
    </>
  );
}

const SHAPES: readonly (readonly [string, string])[] = [
  ["words", "roles in words"],
  ["letters", "letters"],
];

/** People and places with at least one cell that changes. */
function findChanged({ model, rowOf }: Review): {
  readonly people: readonly number[];
  readonly places: readonly number[];
} {
  const changing = new Set(model.matrix.cells.flatMap((_, cell) => (isChanged(model, cell) ? cell : [])));
  const places = new Set<number>();
  const rows = new Map<number, boolean>();
  for (const [person, row] of model.matrix.rowOf.entries()) {
    if (rows.has(row)) continue;
    let hit = false;
    for (const [place, cell] of rowOf(person).entries()) {
      if (!changing.has(cell)) continue;
      hit = true;
      places.add(place);
    }
    rows.set(row, hit);
  }
  return {
    people: model.people.flatMap((_, person) => (rows.get(model.matrix.rowOf[person] ?? -1) === true ? person : [])),
    places: [...places].sort((a, b) => a - b),
  };
}
