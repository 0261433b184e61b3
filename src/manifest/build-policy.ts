import { HAZARD_TITLES, type HazardCode } from "../model/change.ts";
import type { Placed } from "../model/manifest.ts";
import type { Policy } from "../model/policy.ts";
import type { DraftPolicy, DraftSeparation } from "./draft.ts";
import { resolvePermissions } from "./resolve-permissions.ts";

/** Resolves a policy: hazards and permissions are told apart, patterns of permissions resolved. Pairs that are none are left out. */
export function buildPolicy({ hold, forbid, separate, ...limits }: DraftPolicy): Policy {
  return {
    ...limits,
    hold: hold.map(({ value }) => value).filter(isHazard),
    forbid: forbid.map(({ value }) => value).filter(isHazard),
    holdPermissions: resolvePermissions(listPermissionWords(hold)),
    forbidPermissions: resolvePermissions(listPermissionWords(forbid)),
    separate: separate.flatMap(buildSeparation),
  };
}

/** True for the code of a hazard; what else a policy holds or forbids is a permission. */
export function isHazard(word: string): word is HazardCode {
  return Object.hasOwn(HAZARD_TITLES, word);
}

function listPermissionWords(entries: readonly Placed<string>[]): readonly string[] {
  return entries.map(({ value }) => value).filter((value) => !isHazard(value));
}

function buildSeparation({ permissions, on }: DraftSeparation): Policy["separate"] {
  const [one, other] = permissions;
  if (one === undefined || other === undefined) return [];
  return [{ permissions: [one.value, other.value], on: on?.value }];
}
