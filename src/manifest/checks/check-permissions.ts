import type { Placed } from "../../model/manifest.ts";
import { isHazard } from "../build-policy.ts";
import { KNOWN_PERMISSIONS, RENAMED_PERMISSIONS } from "../known-permissions.ts";
import { quoteName } from "../quote-name.ts";
import { matchPermissions } from "../resolve-permissions.ts";
import { suggestWord } from "../suggest-word.ts";
import type { CheckContext } from "./check-context.ts";

/** Every permission is one the platform knows, and every pattern fits at least one: the platform refuses the others. */
export function checkPermissions({ draft, problems }: CheckContext): void {
  const inRoles = [...(draft.roles?.entries.values() ?? [])].flatMap((role) => role.permissions ?? []);
  const inAssertions = draft.assertions.flatMap(({ demands }) => demands.flatMap(({ permissions }) => permissions));
  const inPolicy = [...draft.policy.hold, ...draft.policy.forbid].filter(({ value }) => !isHazard(value));
  for (const entry of [...inRoles, ...inPolicy, ...inAssertions]) checkPermission(entry, problems);
  for (const { permissions } of draft.policy.separate) checkPair(permissions, problems);
}

function checkPermission({ value, at }: Placed<string>, problems: CheckContext["problems"]): void {
  if (matchPermissions(value).length > 0) return;
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

/** Two permissions are kept apart one from one: a pattern would say less than it seems to. */
function checkPair(permissions: readonly Placed<string>[], problems: CheckContext["problems"]): void {
  for (const entry of permissions) {
    if (!entry.value.includes("*")) checkPermission(entry, problems);
    else {
      problems.report("AX211", {
        at: entry.at,
        detail: `${quoteName(entry.value)} is a pattern, and a separation names two permissions.`,
        fix: "Write a pair for each permission.",
      });
    }
  }
  const [one, other] = permissions;
  if (one === undefined || one.value !== other?.value) return;
  problems.report("AX201", {
    at: other.at,
    detail: `${quoteName(other.value)} cannot be kept apart from itself.`,
    fix: "Write two permissions.",
    related: [{ at: one.at, message: "It is first written here." }],
  });
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
