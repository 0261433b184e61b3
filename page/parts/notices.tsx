import type { JSX } from "preact";
import type { PageNotice } from "../../src/page/page-model.ts";
import { Lines } from "./step-row.tsx";
import { count } from "./words.ts";

const TONES: Readonly<Record<PageNotice["tone"], string>> = { error: "Fails", warning: "Warning", note: "Note" };

/** What must be known before the rest is trusted, folded up. */
export function Notices({
  notices,
  printing,
}: {
  readonly notices: readonly PageNotice[];
  readonly printing: boolean;
}): JSX.Element | null {
  if (notices.length === 0) return null;
  return (
    <section class="notices" aria-label="What must be known">
      {notices.map(({ tone, title, items }) => (
        <details key={title} class={tone} open={printing}>
          <summary>
            <span class="tone">{TONES[tone]}</span> {title}{" "}
            <span class="faint">{count(items.length, "entry", "entries")}</span>
          </summary>
          <Lines lines={items.map(({ text, more }) => (more === undefined ? text : `${text} — ${more}`))} />
        </details>
      ))}
    </section>
  );
}
