import type { Address, ClassKey } from "./address.ts";

/** How a person comes to an access. */
export type PathReason =
  /** A built-in admin role: above every restriction. */
  | "account-admin"
  | "organization-admin"
  | "space-admin"
  /** A role in the space, predefined or custom. */
  | "space-role"
  /** The organization role, which counts in public spaces for whoever has no entry there. */
  | "organization-fallback"
  /** Membership of the organization itself. */
  | "organization-role"
  /** A role on the project itself. */
  | "project-binding";

/** What a role holds; `all` for the built-in admin roles, `unknown` where neither the account nor the documentation says. */
export type PermissionSet = ReadonlySet<string> | "all" | "unknown";

/** One grant that gives a person something in a place. */
export interface AccessPath {
  readonly reason: PathReason;
  /** The resource whose removal closes the path. */
  readonly grant: Address;
  /** The role, as specs spell it. */
  readonly role: string;
  readonly permissions: PermissionSet;
}

/** A point on which the platform's documentation is silent and an answer rests. */
export type AssumptionCode =
  | "binding-does-not-open-private-space"
  | "binding-opens-private-space"
  | "binding-needs-organization"
  | "binding-works-outside-organization"
  | "annotator-may-hold-binding"
  | "annotator-may-not-hold-binding"
  | "public-unless-said";

/** Every assumption, in a sentence. */
export const ASSUMPTIONS: Readonly<Record<AssumptionCode, string>> = {
  "binding-does-not-open-private-space":
    "A role on a project is taken to give nothing in a private space that the person was not added to.",
  "binding-opens-private-space":
    "A role on a project is taken to count in a private space that the person was not added to, as the policy says.",
  "binding-needs-organization": "A role on a project is taken to give nothing to somebody outside the organization.",
  "binding-works-outside-organization":
    "A role on a project is taken to count for somebody outside the organization, as the policy says.",
  "annotator-may-hold-binding": "An annotator is taken to have what a role on a project gives.",
  "annotator-may-not-hold-binding": "An annotator is taken to have nothing by a role on a project, as the policy says.",
  "public-unless-said": "A space of which nobody says that it is private is taken for public, as a new one is.",
};

/** How the points are settled on which the documentation is silent, where an account is known to do otherwise than is assumed. */
export interface AccessSettings {
  /** A role on a project also counts in a private space that the person was not added to. */
  readonly bindingOpensPrivateSpace: boolean;
  /** A role on a project also counts for somebody outside the organization. */
  readonly bindingWorksOutsideOrganization: boolean;
  /** A role on a project also counts for an annotator. */
  readonly annotatorMayHoldBinding: boolean;
}

/** What is assumed unless the manifest says otherwise. */
export const ASSUMED: AccessSettings = {
  bindingOpensPrivateSpace: false,
  bindingWorksOutsideOrganization: false,
  annotatorMayHoldBinding: true,
};

/** What one person may do in one place, and through what. */
export interface EffectiveAccess {
  /** Union of all paths; nothing denies. */
  readonly permissions: ReadonlySet<string> | "all";
  readonly paths: readonly AccessPath[];
  /** True where a role counts whose contents are not known: there may be more. */
  readonly isLowerBound: boolean;
  /** True when the person was invited and has not come yet: they have this once they do. */
  readonly isPending: boolean;
  /** Paths that would give something and do not, because the project is restricted. */
  readonly cutOff: readonly AccessPath[];
  readonly assumptions: readonly AssumptionCode[];
}

/** The name of a set of permissions in `AccessDelta.sets`, such as `p3`; `all` and `none` stand in no table. */
export type SetName = string;

/** True for a member of a set that stands for all that a role of unknown contents holds, such as `(role Auditor)`. */
export function isPlaceholder(member: string): boolean {
  return member.startsWith("(");
}

/** A person's access to a place, on one side of a plan. */
export interface AccessSide {
  readonly permissions: SetName;
  /** The roles it comes through, as specs spell them, sorted. */
  readonly roles: readonly string[];
  /** True where a role counts whose contents are not known: there may be more. */
  readonly isLowerBound: boolean;
}

/** How one person's access to one place, and to what is in it, differs once a plan is done. */
export interface AccessShift {
  readonly person: Address;
  /** An organization, space or project; `account` for whoever becomes an account admin, or is one no longer. */
  readonly place: Address | "account";
  /** How many places inside it share the difference: they have no shift of their own. */
  readonly within: { readonly spaces: number; readonly projects: number };
  readonly before: AccessSide;
  readonly after: AccessSide;
  /** What the person has afterwards and not before; `all` where a built-in admin right comes. */
  readonly gained: SetName;
  /** What the person has before and not afterwards; `all` where a built-in admin right goes: what remains then is in `after`. */
  readonly lost: SetName;
  /** The changes of the plan that bring it about, by address, sorted. */
  readonly through: readonly Address[];
  /** Those among them by which something is gained. */
  readonly givenBy: readonly Address[];
  /** Those among them by which something is lost. */
  readonly takenBy: readonly Address[];
  /** RFC 3339 instant at which all that is gained lapses again; left out where some of it lasts. */
  readonly until?: string;
  /** True when the person was invited and has not come: they have it once they do. */
  readonly isPending: boolean;
  readonly isBot: boolean;
  readonly assumptions: readonly AssumptionCode[];
}

/** Who gains and who loses what by a plan. */
export interface AccessDelta {
  /** Sorted permission identifiers by name; among them words in brackets, which stand for roles of unknown contents. */
  readonly sets: Readonly<Record<SetName, readonly string[]>>;
  /** Sorted by person, then by place. */
  readonly shifts: readonly AccessShift[];
  /** Classes that were not read whole and may hold people or places that a change also touches, sorted. */
  readonly unseen: readonly ClassKey[];
}

/** One change that must come after another for the sake of one person's access to one place. */
export interface OrderRule {
  readonly first: Address;
  readonly second: Address;
  /** What the other order would bring about: access that nobody is to have, or a moment without access that is to stay. */
  readonly avoids: "excess" | "gap";
  readonly person: Address;
  readonly place: Address;
  /** What there would be too much or too little of, sorted; `all` for everything. */
  readonly permissions: readonly string[] | "all";
}

/** What no order avoids: for a moment, from this change on, a person has too much in a place, or too little. */
export interface BadMoment {
  readonly change: Address;
  readonly is: "excess" | "gap";
  readonly person: Address;
  readonly place: Address;
  /** What there is too much or too little of, sorted; `all` for everything. */
  readonly permissions: readonly string[] | "all";
}

/** Nobody gains or loses anything. */
export const NO_SHIFTS: AccessDelta = { sets: {}, shifts: [], unseen: [] };
