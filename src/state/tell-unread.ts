import { compareAddresses } from "../model/address.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { UnreadPlace } from "../model/kind.ts";

/** How many places are named: the list of them all would hide what else there is to say. */
const MOST_NAMED = 5;

/** Tells whose members are not known and what follows from that: one warning for each reason, with the number and the first places. */
export function tellUnread(unread: readonly UnreadPlace[]): readonly Diagnostic[] {
  const byReason = new Map<string, Set<UnreadPlace["place"]>>();
  for (const { place, because } of unread) byReason.set(because, (byReason.get(because) ?? new Set()).add(place));
  return [...byReason].map(([because, places]): Diagnostic => {
    const sorted = [...places].sort(compareAddresses);
    const more = sorted.length > MOST_NAMED ? ` and ${sorted.length - MOST_NAMED} more` : "";
    const names = sorted.slice(0, MOST_NAMED).join(", ");
    const whose =
      sorted.length === 1 ? `${names} are not known` : `${sorted.length} places are not known: ${names}${more}`;
    return {
      code: "AX302",
      severity: "warning",
      summary: "Members could not be read",
      detail: `The members of ${whose}. ${because}`,
      fix: "Nobody is removed there; who is missing is added.",
    };
  });
}
