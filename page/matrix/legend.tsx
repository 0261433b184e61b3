import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { Review } from "../review.ts";
import { nameGlyphs } from "./glyphs.ts";

/** What the signs and letters of the cells mean. */
export function Legend({ review, isWide }: { readonly review: Review; readonly isWide: boolean }): JSX.Element {
  const glyphs = useMemo(() => usedGlyphs(review), [review]);
  return (
    <ul class="legend" aria-label="Legend">
      <li>
        <span class="sample changed">+</span> gains
      </li>
      <li>
        <span class="sample changed">−</span> loses
      </li>
      <li>
        <span class="sample changed">±</span> both, or comes another way
      </li>
      <li>
        <span class="sample cut">{isWide ? "cut off" : "×"}</span> cut off by a restriction
      </li>
      {review.model.matrix.scope === "differences" && (
        <li>
          <span class="sample untold" /> not told, may be access
        </li>
      )}
      {!isWide &&
        glyphs.map(([name, glyph]) => (
          <li key={name}>
            <span class={glyph === "A" ? "sample all" : "sample"}>{glyph}</span> {name}
          </li>
        ))}
    </ul>
  );
}

function usedGlyphs(review: Review): readonly (readonly [string, string])[] {
  const used = new Set(review.model.roles.map((role) => role));
  const built = ["admin", "member", "read-only", "annotator"];
  return [...nameGlyphs(review)].filter(([name, glyph]) => {
    if (built.includes(name)) return used.has(name);
    return glyph !== "?" || used.has("?");
  });
}
