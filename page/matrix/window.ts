import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** What of a scrolled area is in sight, in pixels. */
export interface Sight {
  readonly top: number;
  readonly left: number;
  readonly width: number;
  readonly height: number;
}

/** Sizes of a grid, in pixels. */
export interface GridSizes {
  readonly row: number;
  readonly column: number;
  readonly head: number;
  readonly side: number;
}

/** Numbers of what is drawn, from the first to the one behind the last. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** So many more rows and columns are drawn than are in sight. */
const MORE = 4;

/** Which of so many things of one size are to be drawn. */
export function spanOf(offset: number, extent: number, size: number, total: number): Span {
  const from = Math.max(0, Math.floor(offset / size) - MORE);
  const to = Math.min(total, Math.ceil((offset + extent) / size) + MORE);
  return { from: Math.min(from, total), to: Math.max(to, Math.min(from, total)) };
}

/** Follows what of an element is in sight; a frame draws at most once. */
export function useSight(): { readonly area: { current: HTMLDivElement | null }; readonly sight: Sight } {
  const area = useRef<HTMLDivElement>(null);
  const [sight, setSight] = useState<Sight>({ top: 0, left: 0, width: 1200, height: 700 });
  useLayoutEffect(() => {
    const element = area.current;
    if (element === null) return undefined;
    let frame = 0;
    const look = (): void => {
      frame = 0;
      const { scrollTop, scrollLeft, clientWidth, clientHeight } = element;
      setSight({ top: scrollTop, left: scrollLeft, width: clientWidth, height: clientHeight });
    };
    const ask = (): void => {
      if (frame === 0) frame = requestAnimationFrame(look);
    };
    look();
    element.addEventListener("scroll", ask, { passive: true });
    const sizes = new ResizeObserver(ask);
    sizes.observe(element);
    return () => {
      cancelAnimationFrame(frame);
      element.removeEventListener("scroll", ask);
      sizes.disconnect();
    };
  }, []);
  return { area, sight };
}

/** Scrolls as little as needed for a cell to be seen beside the heads that stay. */
export function showCell(
  element: HTMLElement,
  at: { readonly row: number; readonly column: number },
  sizes: GridSizes,
): void {
  const [top, left] = [at.row * sizes.row, at.column * sizes.column];
  const [height, width] = [element.clientHeight - sizes.head, element.clientWidth - sizes.side];
  if (top < element.scrollTop) element.scrollTop = top;
  else if (top + sizes.row > element.scrollTop + height) element.scrollTop = top + sizes.row - height;
  if (left < element.scrollLeft) element.scrollLeft = left;
  else if (left + sizes.column > element.scrollLeft + width) element.scrollLeft = left + sizes.column - width;
}
