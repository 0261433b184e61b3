import type { JSX } from "preact";

interface TabsProps<T extends string> {
  readonly tabs: readonly { readonly id: T; readonly label: string; readonly count: number | undefined }[];
  readonly current: T;
  readonly onTab: (tab: T) => void;
}

/** The parts of the page as links: each is a stop of its own, and one of them is where the reader is. */
export function Tabs<T extends string>({ tabs, current, onTab }: TabsProps<T>): JSX.Element {
  return (
    <nav class="tabs" aria-label="Parts of the review">
      {tabs.map(({ id, label, count }) => (
        <a
          key={id}
          id={`tab-${id}`}
          href={`#${id}`}
          aria-current={id === current ? "page" : undefined}
          onClick={(event) => {
            event.preventDefault();
            onTab(id);
          }}
        >
          {label}
          {count !== undefined && <span class="count">{count.toLocaleString("en")}</span>}
        </a>
      ))}
    </nav>
  );
}
