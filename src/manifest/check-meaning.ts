import type { Manifest } from "../model/manifest.ts";
import { checkAnnotators } from "./checks/check-annotators.ts";
import { checkApprovalRules } from "./checks/check-approvals.ts";
import { checkAssertions } from "./checks/check-assertions.ts";
import type { CheckContext } from "./checks/check-context.ts";
import { checkEmails } from "./checks/check-emails.ts";
import { checkExpiries } from "./checks/check-expiries.ts";
import { checkGroupAgreement } from "./checks/check-group-agreement.ts";
import { checkGroups } from "./checks/check-groups.ts";
import { checkIgnored } from "./checks/check-ignored.ts";
import { checkInvitations } from "./checks/check-invitations.ts";
import { checkKeys } from "./checks/check-keys.ts";
import { checkKnownPeople } from "./checks/check-known-people.ts";
import { checkMappings } from "./checks/check-mappings.ts";
import { checkMembership } from "./checks/check-membership.ts";
import { checkNames } from "./checks/check-names.ts";
import { checkOldNames } from "./checks/check-old-names.ts";
import { checkPatterns } from "./checks/check-patterns.ts";
import { checkPermissions } from "./checks/check-permissions.ts";
import { checkRemovals } from "./checks/check-removals.ts";
import { checkRestrictedProjects } from "./checks/check-restricted-projects.ts";
import { checkRoleNames } from "./checks/check-role-names.ts";
import { checkRoles } from "./checks/check-roles.ts";
import { checkSinks } from "./checks/check-sinks.ts";
import { listScopes } from "./checks/list-scopes.ts";
import type { Problems } from "./collect-problems.ts";
import type { Draft } from "./draft.ts";

/** What a manifest must mean to be accepted. Each check is one rule, or one rule seen from its two ends; their order is that of reading. */
const CHECKS: readonly ((context: CheckContext) => void)[] = [
  checkEmails,
  checkInvitations,
  checkKnownPeople,
  checkGroups,
  checkGroupAgreement,
  checkRoleNames,
  checkPermissions,
  checkRoles,
  checkMappings,
  checkExpiries,
  checkAnnotators,
  checkMembership,
  checkKeys,
  checkSinks,
  checkRestrictedProjects,
  checkOldNames,
  checkPatterns,
  checkIgnored,
  checkRemovals,
  checkNames,
  checkAssertions,
  checkApprovalRules,
];

/** Holds a manifest against every rule that the schema cannot express. */
export function checkMeaning(draft: Draft, manifest: Manifest, problems: Problems): void {
  const context: CheckContext = { draft, manifest, scopes: listScopes(draft, manifest), problems };
  for (const check of CHECKS) check(context);
}
