import { KNOWN_PERMISSIONS, RENAMED_PERMISSIONS } from "../known-permissions.ts";
import { quoteName } from "../quote-name.ts";
import { matchPermissions } from "../resolve-permissions.ts";
import { suggestWord } from "../suggest-word.ts";
import type { CheckContext } from "./check-context.ts";

/** Every permission is one the platform knows, and every pattern fits at least one: the platform refuses the others. */
export function checkPermissions({ draft, problems }: CheckContext): void {
  for (const role of draft.roles?.entries.values() ?? []) {
    for (const { value, at } of role.permissions ?? []) {
      if (matchPermissions(value).length > 0) continue;
      if (value.includes("*")) {
        problems.report("AX212", {
          at,
          detail: `The pattern ${quoteName(value)} fits none of the ${KNOWN_PERMISSIONS.length} known permissions.`,
          fix: "Write it as part of an identifier in upper case, such as DATASET_* or *_READ.",
        });
      } else {
        problems.report("AX211", { at, detail: detailOf(value), fix: fixOf(value) });
      }
    }
  }
}

function detailOf(value: string): string {
  const today = RENAMED_PERMISSIONS.get(value);
  if (today === undefined) return `${quoteName(value)} is not among the ${KNOWN_PERMISSIONS.length} known permissions.`;
  return `The permission ${quoteName(value)} is called ${quoteName(today)} now.`;
}

function fixOf(value: string): string {
  const meant = RENAMED_PERMISSIONS.get(value) ?? suggestWord(value, KNOWN_PERMISSIONS);
  if (meant !== undefined) return `Did you mean "${meant}"?`;
  return "Remove it; if the platform has it by now, use a newer axcess.";
}
