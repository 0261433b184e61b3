import { type ApprovalRules, normalizeApprover } from "../model/approval-rules.ts";
import { HAZARD_TITLES, type HazardCode } from "../model/change.ts";
import { compareText } from "../model/json.ts";
import type { Group, Placed } from "../model/manifest.ts";
import type { Policy } from "../model/policy.ts";
import { type DraftApprovalRules, type DraftPolicy, type DraftSeparation, groupNameOf } from "./draft.ts";
import { resolvePermissions } from "./resolve-permissions.ts";

/** Resolves a policy: hazards and permissions are told apart, patterns of permissions resolved. Pairs that are none are left out. */
export function buildPolicy(
  { hold, forbid, separate, approvals, ...limits }: DraftPolicy,
  groups: ReadonlyMap<string, Group>,
): Policy {
  return {
    ...limits,
    hold: hold.map(({ value }) => value).filter(isHazard),
    forbid: forbid.map(({ value }) => value).filter(isHazard),
    holdPermissions: resolvePermissions(listPermissionWords(hold)),
    forbidPermissions: resolvePermissions(listPermissionWords(forbid)),
    separate: separate.flatMap(buildSeparation),
    ...(approvals !== undefined && { approvals: buildApprovalRules(approvals, groups) }),
  };
}

function buildApprovalRules(
  { at: _, by, ...rules }: DraftApprovalRules,
  groups: ReadonlyMap<string, Group>,
): ApprovalRules {
  if (by === undefined) return rules;
  const people = by.flatMap(({ value }) => {
    const group = groupNameOf(value);
    return group === undefined ? [value] : (groups.get(group)?.people ?? []);
  });
  return { ...rules, by: [...new Set(people.map(normalizeApprover))].sort(compareText) };
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
