import { groupNameOf } from "../draft.ts";
import { quoteName } from "../quote-name.ts";
import { isEmail } from "../read-email.ts";
import type { CheckContext } from "./check-context.ts";
import { listApprovers, listPeopleUsed } from "./list-mentions.ts";

/** People are named by e-mail. */
export function checkEmails({ draft, scopes, problems }: CheckContext): void {
  const listed = [...(draft.people?.values() ?? [])].map(({ email, at }) => ({ value: email, at }));
  const approvers = listApprovers(draft).filter(({ value }) => groupNameOf(value) === undefined);
  for (const named of [listed, listPeopleUsed(draft, scopes), draft.offboard, approvers]) {
    for (const place of named) {
      const { value } = place;
      if (isEmail(value)) continue;
      const isGroup = draft.groups.has(value);
      problems.report("AX202", {
        at: place.at,
        detail: `${quoteName(value)} is not an e-mail address.`,
        fix: isGroup ? `Write group:${value} for the group of that name.` : "Write the person's e-mail, or group:name.",
      });
    }
  }
}
