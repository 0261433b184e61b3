import type { JSX } from "preact";
import type { PageNotice } from "../../src/page/page-model.ts";
import { Lines } from "./step-row.tsx";
import { count } from "./words.ts";

/** What to read aloud when the page opens: the heading of everything but mere notes; empty where there is none. */
export function noticeWords(notices: readonly PageNotice[]): string {
  return notices
    .filter(({ tone }) => tone !== "note")
    .map(({ tone, title, items }) => `${TONES[tone]}: ${title}, ${count(items.length, "entry", "entries")}.`)
    .join(" ");
}

const TONES: Readonly<Record<PageNotice["tone"], string>> = { error: "Fails", warning: "Warning", note: "Note" };

/** What must be known before the rest is trusted: what may change a decision unfolded, the rest folded up. */
export function Notices({
  notices,
  printing,
}: {
  readonly notices: readonly PageNotice[];
  readonly printing: boolean;
}): JSX.Element | null {
  if (notices.length === 0) return null;
  return (
    <section class="notices" aria-labelledby="known">
      <h2 id="known" class="sr">
        What must be known
      </h2>
      {notices.map(({ tone, open, title, items }) => (
        <details key={title} class={tone} open={printing || open === 1}>
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
