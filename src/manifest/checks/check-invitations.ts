import { quoteName } from "../quote-name.ts";
import type { CheckContext } from "./check-context.ts";

/** Whoever can be invited has a name and an account role, because the platform wants both; and only some invitations bring a password. */
export function checkInvitations({ draft, problems }: CheckContext): void {
  for (const person of draft.people?.values() ?? []) {
    if (person.password !== undefined && person.invite !== "temporary_password") {
      problems.report("AX236", {
        at: person.password.at,
        detail: `${quoteName(person.email)} is given no temporary password, so there is none to put anywhere.`,
        fix: "Add invite: temporary_password, or leave password out.",
      });
    }
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
