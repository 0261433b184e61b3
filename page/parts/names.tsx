import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { Review } from "../review.ts";

/** More names than this slow down every field that offers them. */
const MOST_NAMES = 3000;

/** What the search fields offer. */
export function Names({ review }: { readonly review: Review }): JSX.Element {
  const { model } = review;
  const lists = useMemo(
    () => ({
      people: model.people.map(({ email }) => email).slice(0, MOST_NAMES),
      places: model.places.map((_, place) => review.placeNames(place)).slice(0, MOST_NAMES),
      permissions: model.permissions.filter((name) => !name.startsWith("(")).sort(),
    }),
    [review],
  );
  return (
    <>
      {Object.entries(lists).map(([id, names]) => (
        <datalist key={id} id={id}>
          {names.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      ))}
    </>
  );
}
