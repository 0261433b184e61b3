import type { ApprovalRules } from "../model/approval-rules.ts";
import type { AssertionRule } from "../model/assertion.ts";
import type { Position } from "../model/diagnostic.ts";
import type { IdentityProvider, ManageMode, Person, Placed, RoleMapping, Section } from "../model/manifest.ts";
import type { Policy } from "../model/policy.ts";

/** What the merged text says, word for word: names are not looked up, groups not expanded, dates not read. */
export interface Draft {
  readonly account: Placed<string> | undefined;
  readonly people: ReadonlyMap<string, DraftPerson> | undefined;
  readonly groups: ReadonlyMap<string, DraftGroup>;
  readonly roles: Section<DraftRole> | undefined;
  readonly organizations: Section<DraftOrganization> | undefined;
  readonly saml: ReadonlyMap<string, DraftProvider> | undefined;
  readonly offboard: readonly Placed<string>[];
  readonly absent: readonly Placed<string>[];
  readonly ignore: readonly Placed<string>[];
  readonly protect: readonly Placed<string>[];
  readonly owners: readonly DraftOwnership[];
  readonly policy: DraftPolicy;
  readonly assertions: readonly DraftAssertion[];
}

/** Who answers for what fits a pattern. */
export interface DraftOwnership {
  readonly on: Placed<string>;
  /** E-mails in lower case, and `group:name`. */
  readonly who: readonly Placed<string>[];
}

/** The limits a plan is judged by; hazards and permissions stand in one list, as they are written. */
export interface DraftPolicy
  extends Pick<Policy, "minAdmins" | "maxRemovals" | "maxRemovalPercent" | "assume" | "expire" | "reinvite"> {
  readonly hold: readonly Placed<string>[];
  readonly forbid: readonly Placed<string>[];
  readonly separate: readonly DraftSeparation[];
  readonly approvals: DraftApprovalRules | undefined;
}

/** The rules for approvals, word for word. */
export interface DraftApprovalRules extends Omit<ApprovalRules, "by"> {
  readonly at: Position;
  /** E-mails in lower case, and `group:name`; undefined: anybody. */
  readonly by: readonly Placed<string>[] | undefined;
}

/** Two permissions to be kept apart. */
export interface DraftSeparation {
  readonly permissions: readonly Placed<string>[];
  readonly on: Placed<string> | undefined;
}

export interface DraftAssertion {
  readonly at: Position;
  /** E-mails and patterns of them in lower case, `group:name`, `admins`. */
  readonly who: readonly Placed<string>[];
  readonly on: readonly Placed<string>[];
  /** What is demanded: of `can`, `never` and `only` those that are written, which should be one. */
  readonly demands: readonly DraftDemand[];
  readonly atLeast: Placed<number> | undefined;
}

export interface DraftDemand {
  readonly rule: Exclude<AssertionRule, "at-least">;
  readonly permissions: readonly Placed<string>[];
}

export interface DraftPerson extends Omit<Person, "password"> {
  readonly password: DraftSink | undefined;
  /** Where `role` is written. */
  readonly roleAt: Position;
}

export interface DraftGroup {
  readonly name: string;
  readonly at: Position;
  /** E-mails in lower case, and `group:name`. */
  readonly members: readonly Placed<string>[];
}

/** What is written of one identity provider. */
export interface DraftProvider extends Pick<IdentityProvider, "domain" | "at" | "sync" | "managesMemberships"> {
  readonly mode: ManageMode;
  readonly mappings: readonly DraftMapping[] | undefined;
}

export interface DraftMapping extends Pick<RoleMapping, "at" | "accountAdmin"> {
  readonly when: ReadonlyMap<string, string>;
  readonly organization: { readonly name: Placed<string>; readonly role: Placed<string> } | undefined;
  /** The role by the path of the space, names as in addresses. */
  readonly spaces: readonly { readonly path: Placed<string>; readonly role: Placed<string> }[];
}

/** Something that has a name and may have had others. */
export interface DraftNamed {
  readonly name: string;
  readonly at: Position;
  readonly previously: readonly Placed<string>[];
}

export interface DraftRole extends DraftNamed {
  readonly description: string | undefined;
  readonly permissions: readonly Placed<string>[] | undefined;
}

export interface DraftOrganization extends DraftNamed {
  readonly description: string | undefined;
  readonly members: Section<DraftGrant> | undefined;
  readonly spaces: Section<DraftSpace> | undefined;
}

export interface DraftSpace extends DraftNamed {
  readonly description: string | undefined;
  readonly private: boolean | undefined;
  readonly members: Section<DraftGrant> | undefined;
  readonly projects: Section<DraftProject> | undefined;
  readonly serviceKeys: Section<DraftKey> | undefined;
}

/** A service key, word for word. */
export interface DraftKey {
  readonly name: string;
  readonly at: Position;
  readonly description: string | undefined;
  readonly role: Placed<string>;
  readonly organizationRole: string | undefined;
  readonly accountRole: string | undefined;
  readonly alsoIn: readonly DraftSpaceRole[];
  readonly expires: Placed<string>;
  readonly secret: DraftSink;
  readonly rotate: DraftRotation | undefined;
}

export interface DraftSpaceRole {
  readonly space: Placed<string>;
  readonly role: Placed<string>;
}

/** Where a secret is to go, with every key that is written, whether it belongs there or not. */
export interface DraftSink {
  readonly at: Position;
  readonly to: string;
  readonly texts: ReadonlyMap<string, Placed<string>>;
  readonly command: readonly Placed<string>[] | undefined;
}

export interface DraftRotation {
  readonly at: Position;
  readonly beforeExpiry: Placed<string>;
  readonly grace: Placed<string> | undefined;
}

export interface DraftProject extends DraftNamed {
  readonly restricted: Placed<boolean> | undefined;
  readonly bindings: Section<DraftGrant> | undefined;
}

/** One line of members or bindings. */
export interface DraftGrant {
  /** An e-mail in lower case, or `group:name`. */
  readonly who: string;
  readonly at: Position;
  readonly role: Placed<string>;
  readonly reason: string | undefined;
  readonly expires: Placed<string> | undefined;
}

const GROUP_PREFIX = "group:";

/** The name of the group that a key or list entry stands for; undefined when it is not a group. */
export function groupNameOf(who: string): string | undefined {
  return who.startsWith(GROUP_PREFIX) ? who.slice(GROUP_PREFIX.length) : undefined;
}
