import type { JSX } from "preact";
import { Lines } from "../parts/step-row.tsx";
import { count, splitAddress } from "../parts/words.ts";
import type { Review } from "../review.ts";

/** What the matrix does not hold, so that nobody takes what is missing for no access. */
export function ScopeNote({ review: { model } }: { readonly review: Review }): JSX.Element | null {
  const { scope, hidden } = model.matrix;
  if (scope === "differences") {
    return (
      <p class="hint scope">
        <strong>Only what differs.</strong> A saved plan does not hold who has access now. A hatched or empty cell, and
        whoever or whatever is missing here, may have access all the same. What differs alike in a place and all that is
        in it stands once, at that place. The page that plan writes shows everybody.
      </p>
    );
  }
  return (
    <>
      {scope === "touched" && (
        <p class="hint scope">
          <strong>Only what the plan touches.</strong> The account is too large to be shown whole: whoever and whatever
          is missing here may have access all the same.
        </p>
      )}
      {hidden !== undefined && <HiddenNote hidden={hidden} />}
    </>
  );
}

function HiddenNote({ hidden }: { readonly hidden: NonNullable<Review["model"]["matrix"]["hidden"]> }): JSX.Element {
  const more = hidden.count - hidden.some.length;
  const lines = hidden.some.map((address) => `${splitAddress(address).kind} ${splitAddress(address).names}`);
  return (
    <details class="hint scope">
      <summary>
        <strong>{count(hidden.count, "grant")} may be there, and cannot be seen:</strong> an inherited admin right hides
        what else its holder was given. The matrix counts none of it, so whoever loses that right may keep more than it
        shows.
      </summary>
      <Lines lines={more > 0 ? [...lines, `and ${more.toLocaleString("en")} more`] : lines} />
    </details>
  );
}
