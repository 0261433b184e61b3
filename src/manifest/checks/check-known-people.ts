import { quoteName } from "../quote-name.ts";
import { isEmail } from "../read-email.ts";
import { suggestWord } from "../suggest-word.ts";
import type { CheckContext } from "./check-context.ts";
import { listPeopleUsed } from "./list-mentions.ts";

/** Comparing each unknown address with each known one is slow where both are thousands. */
const MAX_SUGGESTED = 100;

/** Where `people` is written, it lists everybody whom the manifest uses. */
export function checkKnownPeople({ draft, scopes, problems }: CheckContext): void {
  const { people } = draft;
  if (people === undefined) return;
  const meant = new Map<string, string | undefined>();
  for (const used of listPeopleUsed(draft, scopes)) {
    const { value } = used;
    if (people.has(value) || !isEmail(value)) continue;
    if (!meant.has(value) && meant.size < MAX_SUGGESTED) meant.set(value, suggestWord(value, people.keys()));
    const suggestion = meant.get(value);
    const line = suggestion === undefined ? undefined : people.get(suggestion)?.at;
    problems.report("AX203", {
      at: used.at,
      detail: `${quoteName(value)} is not listed in people.`,
      fix:
        suggestion === undefined
          ? "Add the person to people; {} stands for somebody who exists already."
          : `Did you mean "${suggestion}"?`,
      ...(line === undefined ? {} : { related: [{ at: line, message: "A person with a similar address." }] }),
    });
  }
}
