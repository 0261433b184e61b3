import { quoteName } from "../quote-name.ts";
import { predefinedLookalike } from "../role-words.ts";
import type { CheckContext } from "./check-context.ts";

/** No custom role is called like a predefined one, whatever its case: nobody could tell which is meant. */
export function checkRoleNames({ draft, problems }: CheckContext): void {
  for (const role of draft.roles?.entries.values() ?? []) {
    const taken = predefinedLookalike(role.name);
    if (taken === undefined) continue;
    problems.report("AX209", {
      at: role.at,
      detail: `${quoteName(role.name)} can be taken for the predefined role ${quoteName(taken)}, which always exists.`,
      fix: "Give the custom role another name, or use the predefined role and remove this entry.",
    });
  }
}
