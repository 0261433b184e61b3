import type { Address } from "./address.ts";

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
  | "binding-needs-organization"
  | "annotator-may-hold-binding"
  | "public-unless-said";

/** Every assumption, in a sentence. */
export const ASSUMPTIONS: Readonly<Record<AssumptionCode, string>> = {
  "binding-does-not-open-private-space":
    "A role on a project is taken to give nothing in a private space that the person was not added to.",
  "binding-needs-organization": "A role on a project is taken to give nothing to somebody outside the organization.",
  "annotator-may-hold-binding": "An annotator is taken to have what a role on a project gives.",
  "public-unless-said": "A space of which nobody says that it is private is taken for public, as a new one is.",
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
