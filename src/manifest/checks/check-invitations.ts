import { quoteName } from "../quote-name.ts";
import type { CheckContext } from "./check-context.ts";

/** Whoever can be invited has a name and an account role, because the platform wants both. */
export function checkInvitations({ draft, problems }: CheckContext): void {
  for (const person of draft.people?.values() ?? []) {
    if (person.invite === undefined) continue;
    const missing = [person.name === undefined ? "name" : "", person.role === undefined ? "role" : ""].filter(Boolean);
    if (missing.length === 0) continue;
    problems.report("AX224", {
      at: person.at,
      detail: `${quoteName(person.email)} has an invite without ${missing.join(" and ")}, and could not be created.`,
      fix: `Add ${missing.join(" and ")}, or leave invite out if the person exists already.`,
    });
  }
}
