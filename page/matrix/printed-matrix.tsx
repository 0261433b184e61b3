import type { JSX } from "preact";
import type { Review } from "../review.ts";
import type { CellLook } from "./glyphs.ts";

/** Larger matrices fit no paper. */
const MOST_PLACES = 14;
const MOST_PEOPLE = 120;

/** A small matrix as a table for paper; of a large one that it is not printed. */
export function PrintedMatrix(props: {
  readonly review: Review;
  readonly people: readonly number[];
  readonly places: readonly number[];
  readonly lookOf: (cell: number) => CellLook;
}): JSX.Element {
  const { review, people, places, lookOf } = props;
  if (places.length > MOST_PLACES || people.length > MOST_PEOPLE) {
    return <p>The matrix is too large for paper. Switch on “Only what changes” to print a smaller one.</p>;
  }
  return (
    <table class="printed-matrix">
      <thead>
        <tr>
          <th scope="col">Person</th>
          {places.map((place) => (
            <th key={place} scope="col">
              {review.placeNames(place)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {people.map((person) => (
          <tr key={person}>
            <th scope="row">{review.model.people[person]?.email}</th>
            {places.map((place) => {
              const look = lookOf(review.rowOf(person)[place] ?? 0);
              return (
                <td key={place}>
                  {look.sign} {look.word}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
