import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { PersonName } from "../parts/person-name.tsx";
import { KINDS, type Review } from "../review.ts";
import type { CellLook } from "./glyphs.ts";
import { type GridSizes, type Span, showCell, spanOf, useSight } from "./window.ts";

/** A place in the grid, by row and column as drawn. */
export interface GridPlace {
  readonly row: number;
  readonly column: number;
}

interface GridProps {
  readonly review: Review;
  readonly people: readonly number[];
  readonly places: readonly number[];
  readonly lookOf: (cell: number) => CellLook;
  readonly isWide: boolean;
  readonly at: GridPlace;
  /** Another object each time that the cell is to get the focus. */
  readonly focus: object | undefined;
  readonly onMove: (at: GridPlace) => void;
  readonly onOpen: (at: GridPlace) => void;
  readonly opened: GridPlace | undefined;
}

const WIDE: GridSizes = { row: 30, column: 124, head: 60, side: 268 };
const NARROW: GridSizes = { row: 25, column: 30, head: 150, side: 268 };

/**
 * People by places, of which only what is in sight is in the document. One stop for Tab; arrow keys, Home, End, Page Up and
 * Page Down move, with Ctrl to the ends.
 */
export function Grid(props: GridProps): JSX.Element {
  const { review, people, places, at, isWide, opened } = props;
  const { area, sight } = useSight();
  const shape = isWide ? WIDE : NARROW;
  // In a narrow window the names leave room for the cells.
  const sizes = { ...shape, side: Math.min(shape.side, Math.max(120, Math.round(sight.width * 0.42))) };
  const hasMoved = useRef(false);
  const rows = spanOf(sight.top, sight.height - sizes.head, sizes.row, people.length);
  const columns = spanOf(sight.left, sight.width - sizes.side, sizes.column, places.length);
  useLayoutEffect(() => {
    if (props.focus === undefined || area.current === null) return;
    showCell(area.current, at, sizes);
    hasMoved.current = true;
  }, [props.focus]);
  // What explains a cell takes room: the cell stays in sight beside it.
  useLayoutEffect(() => {
    if (opened !== undefined && area.current !== null) showCell(area.current, opened, sizes);
  }, [opened?.row, opened?.column]);
  useLayoutEffect(() => {
    if (!hasMoved.current) return;
    const cell = area.current?.querySelector<HTMLElement>('[role="gridcell"][tabindex="0"]');
    if (cell === null || cell === undefined) return;
    hasMoved.current = false;
    cell.focus({ preventScroll: true });
  });
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table could not leave out what is not in sight
    <div
      class={isWide ? "grid wide" : "grid"}
      ref={area}
      role="grid"
      aria-label={
        review.model.matrix.scope === "differences" ? "People by places, only what differs" : "People by places"
      }
      aria-rowcount={people.length + 1}
      aria-colcount={places.length + 1}
      tabIndex={-1}
      onKeyDown={(event) => pressKey(event, props, Math.floor((sight.height - sizes.head) / sizes.row))}
    >
      <div
        class="grid-inner"
        role="presentation"
        style={{
          width: `${sizes.side + places.length * sizes.column}px`,
          height: `${sizes.head + people.length * sizes.row}px`,
        }}
      >
        <Head {...props} sizes={sizes} columns={columns} />
        {withCurrent(rows, at.row, people.length).map((row) => (
          <Row key={people[row]} {...props} sizes={sizes} columns={columns} row={row} />
        ))}
      </div>
    </div>
  );
}

/** The numbers of a span, and that of the cell that has the focus, so that it stays when it is scrolled out of sight. */
function withCurrent({ from, to }: Span, current: number, total: number): readonly number[] {
  const numbers = Array.from({ length: to - from }, (_, index) => from + index);
  if (current >= from && current < to) return numbers;
  if (current >= total) return numbers;
  return current < from ? [current, ...numbers] : [...numbers, current];
}

interface PartProps extends GridProps {
  readonly sizes: GridSizes;
  readonly columns: Span;
}

function Head({ review, places, sizes, columns, at }: PartProps): JSX.Element {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table could not leave out what is not in sight
    // biome-ignore lint/a11y/useFocusableInteractive: its cells have the focus
    <div class="grid-head" role="row" aria-rowindex={1} style={{ height: `${sizes.head}px` }}>
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: as above */}
      <div class="corner" role="columnheader" aria-colindex={1} style={{ width: `${sizes.side}px` }}>
        Person
      </div>
      {withCurrent(columns, at.column, places.length).map((column) => {
        const place = review.model.places[places[column] ?? -1];
        const name = review.placeNames(places[column] ?? -1);
        const parent = place === undefined || place.within < 0 ? "" : review.placeNames(place.within);
        return (
          // biome-ignore lint/a11y/useSemanticElements: as above
          // biome-ignore lint/a11y/useFocusableInteractive: as above
          <div
            key={places[column]}
            role="columnheader"
            aria-colindex={column + 2}
            aria-label={`${KINDS[place?.depth ?? 0]} ${name}${closedWords(place?.closed, place?.depth)}`}
            title={`${KINDS[place?.depth ?? 0]} ${name}${closedWords(place?.closed, place?.depth)}`}
            class={`place depth${place?.depth}${column === at.column ? " current" : ""}`}
            style={{
              left: `${sizes.side + column * sizes.column}px`,
              width: `${sizes.column}px`,
              height: `${sizes.head}px`,
            }}
          >
            <span class="place-kind">
              {KINDS[place?.depth ?? 0]}
              {place?.closed !== undefined && place.closed > 1 && (
                <> · {place.depth === 1 ? "private" : "restricted"}</>
              )}
            </span>
            <span class="place-name">{place?.name}</span>
            <span class="place-parent">{parent}</span>
          </div>
        );
      })}
    </div>
  );
}

function closedWords(closed: number | undefined, depth: number | undefined): string {
  if (closed === undefined) return "";
  const word = depth === 1 ? "private" : "restricted";
  return [", ", `, ${word} until now`, `, becomes ${word}`, `, ${word}`][closed] ?? "";
}

function Row(props: PartProps & { readonly row: number }): JSX.Element {
  const { review, people, places, sizes, columns, row, at, lookOf, onOpen, isWide, opened } = props;
  const person = people[row] ?? 0;
  const cells = review.rowOf(person);
  const known = review.model.people[person];
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table could not leave out what is not in sight
    // biome-ignore lint/a11y/useFocusableInteractive: its cells have the focus
    <div
      role="row"
      aria-rowindex={row + 2}
      class={row === at.row ? "grid-row current" : "grid-row"}
      style={{ top: `${sizes.head + row * sizes.row}px`, height: `${sizes.row}px` }}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: as above */}
      <div
        class="grid-person"
        role="rowheader"
        aria-colindex={1}
        style={{ width: `${sizes.side}px` }}
        title={known?.email}
      >
        {known !== undefined && <PersonName person={known} />}
      </div>
      {withCurrent(columns, at.column, places.length).map((column) => {
        const look = lookOf(cells[places[column] ?? -1] ?? 0);
        const shown = isWide ? look.word : look.glyph;
        const isCurrent = row === at.row && column === at.column;
        const isOpened = opened?.row === row && opened.column === column;
        return (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys of all its cells
          // biome-ignore lint/a11y/useSemanticElements: as above
          <div
            key={places[column]}
            role="gridcell"
            aria-colindex={column + 2}
            aria-label={shown === "" ? look.label : `${look.sign}${shown}, ${look.label}`}
            aria-selected={isOpened}
            tabIndex={isCurrent ? 0 : -1}
            class={`cell ${look.tone}${look.sign === "" ? "" : " changed"}${isOpened ? " opened" : ""}`}
            style={{ left: `${sizes.side + column * sizes.column}px`, width: `${sizes.column}px` }}
            onClick={() => onOpen({ row, column })}
          >
            {look.sign !== "" && <span class="sign">{look.sign}</span>}
            <span class="role">{shown}</span>
          </div>
        );
      })}
    </div>
  );
}

function pressKey(event: KeyboardEvent, { at, people, places, onMove, onOpen }: GridProps, page: number): void {
  if (event.altKey || event.metaKey) return;
  const [lastRow, lastColumn] = [people.length - 1, places.length - 1];
  const toEnds: Readonly<Record<string, GridPlace>> = {
    Home: { row: 0, column: 0 },
    End: { row: lastRow, column: lastColumn },
    ArrowUp: { row: 0, column: at.column },
    ArrowDown: { row: lastRow, column: at.column },
    ArrowLeft: { row: at.row, column: 0 },
    ArrowRight: { row: at.row, column: lastColumn },
  };
  const steps: Readonly<Record<string, GridPlace>> = {
    ArrowUp: { row: at.row - 1, column: at.column },
    ArrowDown: { row: at.row + 1, column: at.column },
    ArrowLeft: { row: at.row, column: at.column - 1 },
    ArrowRight: { row: at.row, column: at.column + 1 },
    Home: { row: at.row, column: 0 },
    End: { row: at.row, column: lastColumn },
    PageUp: { row: at.row - page, column: at.column },
    PageDown: { row: at.row + page, column: at.column },
  };
  const target = (event.ctrlKey ? toEnds : steps)[event.key];
  if (target !== undefined) {
    event.preventDefault();
    const row = Math.max(0, Math.min(lastRow, target.row));
    onMove({ row, column: Math.max(0, Math.min(lastColumn, target.column)) });
  } else if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    onOpen(at);
  }
}
