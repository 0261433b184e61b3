import { FlatDrafts } from "../flat-grants.ts";
import { quoteName } from "../quote-name.ts";
import { readExpiry } from "../read-expiry.ts";
import type { CheckContext } from "./check-context.ts";

/** Every end of a grant is a date or an instant. One in the past is no fault: the grant is planned for removal. */
export function checkExpiries({ scopes, problems }: CheckContext): void {
  for (const scope of scopes) {
    if (scope.written.entries instanceof FlatDrafts) continue;
    for (const { expires } of scope.written.entries.values()) {
      if (expires === undefined || readExpiry(expires.value) !== undefined) continue;
      problems.report("AX223", {
        at: expires.at,
        detail: `${quoteName(expires.value)} is not a date that exists, or not written as RFC 3339 wants it.`,
        fix: "Write a date such as 2027-01-31, or an instant with its offset such as 2027-01-31T18:00:00Z.",
      });
    }
  }
}
