import type { JSX } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { ASSUMPTIONS } from "../../src/model/access.ts";
import { ALL, type PageSide } from "../../src/page/page-model.ts";
import { stepWords } from "../parts/difference.tsx";
import { Members } from "../parts/step-row.tsx";
import { isChanged, isUntold, membersOf, missingIn, type Review, sidesOfCell, sideWords } from "../review.ts";
import { layOutWhy, listWhy, type WhyEdge, type WhyNode } from "./why-graph.ts";

interface WhyProps {
  readonly review: Review;
  readonly person: number;
  readonly place: number;
  readonly openStep: (step: number) => void;
  readonly onClose: () => void;
}

/** Why somebody has an access, before and after, as a drawing and as a list. */
export function WhyPanel({ review, person, place, openStep, onClose }: WhyProps): JSX.Element {
  const { model, placeNames } = review;
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus({ preventScroll: true }), []);
  const cell = review.rowOf(person)[place] ?? 0;
  const { before, after } = sidesOfCell(model, cell);
  const changed = isChanged(model, cell);
  const through = useMemo(() => findThrough(review, person, place), [review, person, place]);
  const email = model.people[person]?.email ?? "";
  return (
    <section
      class="why"
      aria-labelledby="why-heading"
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
    >
      <header>
        <h3 id="why-heading" tabIndex={-1} ref={heading}>
          {email}
          <span class="faint"> in {placeNames(place)}</span>
        </h3>
        <button type="button" class="quiet" onClick={onClose}>
          Close
        </button>
      </header>
      {isUntold(model, cell) && (
        <p>
          The saved plan tells no difference of this very place. That does not mean that there is no access: what
          somebody has where nothing differs is not in a saved plan, and what differs alike in all of a place stands at
          that place.
        </p>
      )}
      {changed && (
        <>
          <Side title="Before" {...{ review, person, place, side: before }} />
          <Side title="After" {...{ review, person, place, side: after }} />
          <Members added={missingIn(model, after, before)} removed={missingIn(model, before, after)} />
        </>
      )}
      {!(changed || isUntold(model, cell)) && (
        <Side title="Before and after" {...{ review, person, place, side: after }} />
      )}
      {through.length > 0 && (
        <p class="through">
          <span class="faint">through </span>
          {through.map((step) => (
            <button key={step} type="button" class="link" onClick={() => openStep(step)}>
              {stepWords(review, step)}
            </button>
          ))}
        </p>
      )}
      <Permissions review={review} side={after} />
    </section>
  );
}

/** The changes that make a difference here, or in what the place is in. */
function findThrough({ model, shiftsOf }: Review, person: number, place: number): readonly number[] {
  const above = new Set<number>([-1]);
  for (let at = place; at >= 0; at = model.places[at]?.within ?? -1) above.add(at);
  const shifts = (shiftsOf[person] ?? []).flatMap((number) => model.shifts[number] ?? []);
  const own = shifts.filter((shift) => shift.place === place);
  const told = own.length > 0 ? own : shifts.filter((shift) => above.has(shift.place));
  return [...new Set(told.flatMap(({ through }) => through))];
}

interface SideProps {
  readonly title: string;
  readonly review: Review;
  readonly person: number;
  readonly place: number;
  readonly side: PageSide;
}

function Side({ title, review, person, place, side }: SideProps): JSX.Element {
  const graph = useMemo(() => layOutWhy(review, person, place, side), [review, person, place, side]);
  const words = sideWords(review.model, side);
  const isEmpty = side.paths.length === 0 && side.cut === undefined;
  return (
    <section class="why-side">
      <h4>
        {title}: <span>{words}</span>
      </h4>
      {!isEmpty && (
        <svg
          role="img"
          aria-label={`${title}: ${words}. The list below tells the same.`}
          viewBox={`0 0 ${graph.width} ${graph.height}`}
          width={graph.width}
          height={graph.height}
        >
          {graph.edges.map((edge) => (
            <Edge key={edge.id} edge={edge} />
          ))}
          {graph.nodes.map((node) => (
            <Box key={node.id} node={node} />
          ))}
        </svg>
      )}
      <details open={isEmpty}>
        <summary>As a list</summary>
        <ul class="lines">
          {listWhy(review, place, side).map((line) => (
            <li key={line}>{line}</li>
          ))}
          {(side.assumed ?? []).map((code) => (
            <li key={code}>Assumed: {ASSUMPTIONS[code]}</li>
          ))}
        </ul>
      </details>
    </section>
  );
}

function Box({ node }: { readonly node: WhyNode }): JSX.Element {
  const { x: left, y: top } = node;
  return (
    <g class={`box ${node.tone}`}>
      <title>{`${node.title}: ${node.under}`}</title>
      <rect x={left} y={top} width={node.width} height={node.height} rx={6} />
      <text x={left + 10} y={top + 18} class="box-title">
        {shorten(node.title, 23)}
      </text>
      <text x={left + 10} y={top + 34} class="box-under">
        {shorten(node.under, 26)}
      </text>
    </g>
  );
}

function Edge({ edge: { from, to, isCut } }: { readonly edge: WhyEdge }): JSX.Element {
  const bend = (to.x - from.x) / 2;
  return (
    <g class={isCut ? "edge cut" : "edge"}>
      <path d={`M${from.x},${from.y}C${from.x + bend},${from.y} ${to.x - bend},${to.y} ${to.x - 6},${to.y}`} />
      <path class="tip" d={`M${to.x - 8},${to.y - 4}L${to.x - 1},${to.y}L${to.x - 8},${to.y + 4}Z`} />
    </g>
  );
}

function shorten(text: string, most: number): string {
  const letters = [...text];
  return letters.length <= most ? text : `${letters.slice(0, most - 1).join("")}…`;
}

function Permissions({ review, side }: { readonly review: Review; readonly side: PageSide }): JSX.Element | null {
  const names = membersOf(review.model, side.total);
  if (side.total === ALL || names.length === 0) return null;
  return (
    <details>
      <summary>All {names.length} permissions afterwards</summary>
      <ul class="columns">
        {names.map((name) => (
          <li key={name}>{name}</li>
        ))}
      </ul>
    </details>
  );
}
