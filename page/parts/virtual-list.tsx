import {
  defaultRangeExtractor,
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type Range,
  type VirtualItem,
  Virtualizer,
} from "@tanstack/virtual-core";
import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useReducer, useRef, useState } from "preact/hooks";

interface ListProps {
  readonly label: string;
  /** What each row is, so that it keeps its height when the list is narrowed. */
  readonly keys: readonly number[];
  /** Height in pixels that a row is taken to have until it is seen. */
  readonly estimate: number;
  /** On paper everything is told, as far as it is bearable. */
  readonly printing: boolean;
  /** What a row shows; `isCurrent` where it is the one that Tab comes to. */
  readonly row: (key: number, isCurrent: boolean) => ComponentChildren;
  /** Enter or the space bar on a row. */
  readonly onOpen?: (key: number) => void;
  /** A row to be shown and to get the focus; another object each time. */
  readonly goTo?: { readonly key: number } | undefined;
}

/** So many rows go to paper. */
const MOST_PRINTED = 2000;

/**
 * A list of which only what is in sight is in the document. It is one stop for Tab: the arrow keys, Page Up, Page Down, Home
 * and End go through its rows.
 */
export function VirtualList(props: ListProps): JSX.Element {
  const { keys, row, printing, label } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState(0);
  const wanted = useRef<number | undefined>(undefined);
  const at = Math.min(current, Math.max(0, keys.length - 1));
  const list = useVirtualizer(props, scroller, at);
  const go = (index: number): void => {
    const target = Math.max(0, Math.min(keys.length - 1, index));
    wanted.current = target;
    setCurrent(target);
    list.scrollToIndex(target, { align: "auto" });
  };
  useLayoutEffect(() => {
    if (props.goTo === undefined) return;
    const index = keys.indexOf(props.goTo.key);
    if (index >= 0) go(index);
  }, [props.goTo]);
  useLayoutEffect(() => {
    if (wanted.current === undefined) return;
    const element = scroller.current?.querySelector<HTMLElement>(`[data-index="${wanted.current}"]`);
    if (element === null || element === undefined) return;
    wanted.current = undefined;
    element.focus({ preventScroll: true });
  });
  if (printing) return <PrintedList keys={keys} row={row} label={label} />;
  const items = list.getVirtualItems();
  return (
    <div class="scroller" ref={scroller} tabIndex={-1}>
      <ul class="rows" aria-label={label} style={{ height: `${list.getTotalSize()}px` }}>
        {items.map((item: VirtualItem) => (
          <li
            key={item.key}
            data-index={item.index}
            ref={list.measureElement}
            aria-setsize={keys.length}
            aria-posinset={item.index + 1}
            class="row"
            tabIndex={item.index === at ? 0 : -1}
            style={{ transform: `translateY(${item.start}px)` }}
            onFocus={() => setCurrent(item.index)}
            onKeyDown={(event) =>
              pressKey(event, { at: item.index, last: keys.length - 1, go, open: props.onOpen, keys })
            }
          >
            {row(keys[item.index] ?? 0, item.index === at)}
          </li>
        ))}
      </ul>
    </div>
  );
}

function PrintedList({ keys, row, label }: Pick<ListProps, "keys" | "row" | "label">): JSX.Element {
  return (
    <>
      <ul aria-label={label}>
        {keys.slice(0, MOST_PRINTED).map((key) => (
          <li key={key} class="row printed">
            {row(key, false)}
          </li>
        ))}
      </ul>
      {keys.length > MOST_PRINTED && <p>{keys.length - MOST_PRINTED} more are not printed.</p>}
    </>
  );
}

interface KeyScene {
  readonly at: number;
  readonly last: number;
  readonly keys: readonly number[];
  readonly go: (index: number) => void;
  readonly open: ((key: number) => void) | undefined;
}

/** How many rows Page Up and Page Down go. */
const PAGE = 10;

function pressKey(event: KeyboardEvent, { at, last, keys, go, open }: KeyScene): void {
  // What stands in a row, such as a button, keeps its own keys.
  if (event.target !== event.currentTarget || event.altKey || event.ctrlKey || event.metaKey) return;
  const targets: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + PAGE,
    PageUp: at - PAGE,
    Home: 0,
    End: last,
  };
  const target = targets[event.key];
  if (target !== undefined) {
    event.preventDefault();
    go(target);
  } else if ((event.key === "Enter" || event.key === " ") && open !== undefined) {
    event.preventDefault();
    open(keys[at] ?? 0);
  }
}

function useVirtualizer(
  { keys, estimate }: ListProps,
  scroller: { readonly current: HTMLDivElement | null },
  current: number,
): Virtualizer<HTMLDivElement, Element> {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const options = {
    count: keys.length,
    estimateSize: () => estimate,
    getItemKey: (index: number) => keys[index] ?? index,
    getScrollElement: () => scroller.current,
    overscan: 6,
    // The row that has the focus stays in the document when it is scrolled out of sight.
    rangeExtractor: (range: Range) =>
      [...new Set([...defaultRangeExtractor(range), current])]
        .filter((index) => index < keys.length)
        .sort((a, b) => a - b),
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => redraw(undefined as never),
    // Before the first look at the window there has to be something to draw.
    initialRect: { width: 800, height: 900 },
  };
  const [list] = useState(() => new Virtualizer<HTMLDivElement, Element>(options));
  list.setOptions(options);
  useLayoutEffect(() => list._didMount(), []);
  useLayoutEffect(() => list._willUpdate());
  return list;
}
