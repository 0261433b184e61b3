/**
 * Everything the platform notes leave open, and everything that can be switched on, by name.
 * A default is the documented behaviour of the 1.28.0 contract or, where nothing is documented,
 * the assumption under which a client that is right here is not unsafe there.
 */
export interface SandboxSwitches {
  /** Contract generation: "2026-07" and "2026-09" change the defaults of the switches marked so below. */
  readonly contract: "2026-07" | "1.28.0" | "2026-09";
  /** Name of the account, given when a directory is first used. */
  readonly accountName: string;

  /** Whether POST /v2/users accepts `is_developer` (true; false in 2026-09). */
  readonly developerFlagInUserCreate: boolean;
  /** Whether role names must match the documented pattern (false; true in 2026-09). */
  readonly roleNamePattern: boolean;
  /** Whether the permission identifiers added in September 2026 are accepted (false; true in 2026-09). */
  readonly laterPermissions: boolean;
  /** Whether bindings are visible to the whole account or only with ROLE_BINDING_READ ("account"; "narrowed" in 2026-09). */
  readonly bindingVisibility: "account" | "narrowed";
  /** Whether restrictions of dashboards exist and appear when `resource_type` is omitted (false; true in 2026-09). */
  readonly dashboardRestrictions: boolean;
  /** Whether listed service keys carry `bot_user` (false; true in 2026-09). */
  readonly botUserOnListedKeys: boolean;
  /** Status for a binding on a resource that is missing or unreadable (404; 403 in 2026-09). */
  readonly bindingResourceMissingStatus: 403 | 404;
  /** Whether spaces have `is_private` in REST (true; false in 2026-07, whose strict clients refuse unknown fields). */
  readonly spacePrivacyField: boolean;
  /** Enum values of REST answers: "old" answers lower case with hyphens, as before July 2026. */
  readonly enumSpelling: "new" | "old";

  /** Status of a body that breaks its schema (inferred: 400). */
  readonly bodyViolationStatus: 400 | 422;
  /** Answer of a list whose scope is missing or unreadable: 404 (newer contracts) or an empty page. */
  readonly unreadableScope: "404" | "empty";
  /** Whether names that differ only in case collide (unknown; false). */
  readonly namesIgnoreCase: boolean;
  /** Whether users without developer access are refused with 403 (documented that it is needed; true). */
  readonly developerAccessEnforced: boolean;
  /** The account-wide lock that stops user keys and all key creation (false). */
  readonly developerAccessLock: boolean;
  /** Whether SAML login is enforced, which makes resend-invitation answer 400 (false). */
  readonly samlEnforced: boolean;
  /** Whether identity providers are managed by a file, which makes them read-only (false). */
  readonly samlManagedByFile: boolean;
  /** Whether a login that applies mappings again takes away what no mapping mentions (unknown; true). */
  readonly samlSyncRemovesUnmapped: boolean;
  /** Status of deleting oneself (unknown; 400). */
  readonly selfDeletionStatus: 400 | 403 | 409 | 422;
  /** Answer of creating with invite mode NONE while an invitation is open (unknown; 409). */
  readonly noneWhileInvited: "conflict" | "existing";

  /** Whether the creator of an organization or space becomes its admin member (unknown; false). */
  readonly creatorBecomesMember: boolean;
  /** Whether removing an organization member also drops project bindings in its spaces (unknown; true). */
  readonly orgRemovalDropsProjectBindings: boolean;
  /** Whether removing a space member also drops project bindings in that space (unknown; false). */
  readonly spaceRemovalDropsProjectBindings: boolean;
  /** Whether the membership row stays when a member is switched to a custom role (unknown; true). */
  readonly customSwitchLeavesRow: boolean;
  /** Whether the binding stays when a member is switched to a predefined role (unknown; true). */
  readonly predefinedSwitchLeavesBinding: boolean;
  /** Whether the membership id of a custom space role is the binding's id (unknown; false). */
  readonly customMembershipIdIsBindingId: boolean;
  /** Bindings for users outside the organization: refused with 400, or accepted and without effect (unknown; "refused"). */
  readonly bindingWithoutOrgMembership: "refused" | "accepted";
  /** Whether SPACE bindings may name the predefined space roles (unknown; false, then 422). */
  readonly predefinedRoleOnSpaceBinding: boolean;
  /** Whether a project binding alone opens a project in a private space one was not added to (unknown; false). */
  readonly projectBindingOpensPrivateSpace: boolean;
  /** What deleting a role does to its bindings: they stay and still grant, they go, or 409 (unknown; "keeps"). */
  readonly roleDeletion: "keeps" | "drops" | "refuses";
  /** Whether the name of a deleted role can be used again at once (unknown; false). */
  readonly deletedRoleNameReusable: boolean;
  /** Projects whose name matches this pattern are not generative and cannot be restricted; undefined = none. */
  readonly nonGenerativeProjects: string | undefined;
  /** Status of restricting a project that is not generative (unknown; 422). */
  readonly nonGenerativeStatus: 400 | 422;
  /** Whether refreshing a key keeps its id (contradictory sources; false, as the vendor's tests assert). */
  readonly refreshKeepsId: boolean;
  /** Whether revoking the last key of a bot user deactivates the bot (unknown; false). */
  readonly revokeRemovesBotUser: boolean;
  /** Whether deleting a space revokes service keys bound only to it (unknown; true). */
  readonly spaceDeletionRevokesKeys: boolean;
  /** Whether bot users appear in GET /v2/users (unknown; true, so that clients must tell them apart). */
  readonly botsInUserList: boolean;
  /** Whether audit logging is enabled; otherwise GET /v2/audit-logs answers 403 (true). */
  readonly auditLogEnabled: boolean;

  /** Whether /graphql exists for this account; otherwise 403 (true). */
  readonly graphqlEnabled: boolean;
  /** Whether introspection is answered (documented; true). */
  readonly introspection: boolean;
  /** Whether AccountOrganizationUser has a `role` field (inferred; true). */
  readonly orgUserRole: boolean;
  /** Whether the organization roster includes account admins who are not members (unknown; false). */
  readonly accountAdminsInOrgRoster: boolean;
  /** Whether an inherited admin right hides an explicit membership in `spaceUsers` (unknown; true). */
  readonly adminsHideExplicitMembership: boolean;
  /** Whether `spaceUsers` includes bots when `userType` is null (inferred; true). */
  readonly botsInSpaceUsers: boolean;
  /** What `spaceUsers` shows for somebody in both stores (unknown; "both"). */
  readonly bothStoresShown: "both" | "custom" | "predefined";
  /** What `node` answers for an unreadable object: null, or null with an error (unknown; "null"). */
  readonly unreadableNode: "null" | "error";
  /** Which connections refuse a call without first or last; "most" spares the roster, as public examples call it bare. */
  readonly requireFirst: "none" | "most" | "all";
  /** Largest page of a GraphQL connection; longer requests are cut to it (number assumed: 100). */
  readonly pageSizeCap: number;
  /** Points one GraphQL call may cost (documented: 1000); undefined = no limit. */
  readonly complexityLimit: number | undefined;
  /** GraphQL queries per minute (documented: 100); undefined = no limit. */
  readonly graphqlQueriesPerMinute: number | undefined;
  /** GraphQL mutations per minute (documented: 300); undefined = no limit. */
  readonly graphqlMutationsPerMinute: number | undefined;
  /** How GraphQL says that the rate is exceeded: status 429, or 200 with an error that mentions the rate limit. */
  readonly graphqlRateSignal: "429" | "error";

  /** REST requests per minute and key; undefined = no limit (no number is published). */
  readonly restRequestsPerMinute: number | undefined;
  /** Delay of every answer in milliseconds (0). */
  readonly latencyMs: number;
  /** Further delay of up to so many milliseconds, repeatable for a seed (0). */
  readonly latencyJitterMs: number;
  /** Lists that put an empty page with more to come before each page: none, those where it is documented or feared, all. */
  readonly emptyPages: "none" | "documented" | "all";
  /** Whether lists without a documented order come in an order that means nothing (false). */
  readonly shuffle: boolean;
}

const DEFAULTS: SandboxSwitches = {
  contract: "1.28.0",
  accountName: "sandbox",
  developerFlagInUserCreate: true,
  roleNamePattern: false,
  laterPermissions: false,
  bindingVisibility: "account",
  dashboardRestrictions: false,
  botUserOnListedKeys: false,
  bindingResourceMissingStatus: 404,
  spacePrivacyField: true,
  enumSpelling: "new",
  bodyViolationStatus: 400,
  unreadableScope: "404",
  namesIgnoreCase: false,
  developerAccessEnforced: true,
  developerAccessLock: false,
  samlEnforced: false,
  samlManagedByFile: false,
  samlSyncRemovesUnmapped: true,
  selfDeletionStatus: 400,
  noneWhileInvited: "conflict",
  creatorBecomesMember: false,
  orgRemovalDropsProjectBindings: true,
  spaceRemovalDropsProjectBindings: false,
  customSwitchLeavesRow: true,
  predefinedSwitchLeavesBinding: true,
  customMembershipIdIsBindingId: false,
  bindingWithoutOrgMembership: "refused",
  predefinedRoleOnSpaceBinding: false,
  projectBindingOpensPrivateSpace: false,
  roleDeletion: "keeps",
  deletedRoleNameReusable: false,
  nonGenerativeProjects: undefined,
  nonGenerativeStatus: 422,
  refreshKeepsId: false,
  revokeRemovesBotUser: false,
  spaceDeletionRevokesKeys: true,
  botsInUserList: true,
  auditLogEnabled: true,
  graphqlEnabled: true,
  introspection: true,
  orgUserRole: true,
  accountAdminsInOrgRoster: false,
  adminsHideExplicitMembership: true,
  botsInSpaceUsers: true,
  bothStoresShown: "both",
  unreadableNode: "null",
  requireFirst: "most",
  pageSizeCap: 100,
  complexityLimit: 1000,
  graphqlQueriesPerMinute: 100,
  graphqlMutationsPerMinute: 300,
  graphqlRateSignal: "429",
  restRequestsPerMinute: undefined,
  latencyMs: 0,
  latencyJitterMs: 0,
  emptyPages: "none",
  shuffle: false,
};

const SEPTEMBER: Partial<SandboxSwitches> = {
  developerFlagInUserCreate: false,
  roleNamePattern: true,
  laterPermissions: true,
  bindingVisibility: "narrowed",
  dashboardRestrictions: true,
  botUserOnListedKeys: true,
  bindingResourceMissingStatus: 403,
};

const GENERATIONS: Readonly<Record<SandboxSwitches["contract"], Partial<SandboxSwitches>>> = {
  "2026-07": { spacePrivacyField: false },
  "1.28.0": {},
  "2026-09": SEPTEMBER,
};

/** Fills the switches that were not set with their defaults for the chosen contract; an unknown name is an error. */
export function resolveSwitches(chosen: Partial<SandboxSwitches>): SandboxSwitches {
  for (const name of Object.keys(chosen)) {
    if (!Object.hasOwn(DEFAULTS, name)) throw new Error(`The sandbox has no switch called "${name}".`);
  }
  const contract = chosen.contract ?? DEFAULTS.contract;
  if (!Object.hasOwn(GENERATIONS, contract)) throw new Error(`The sandbox knows no contract "${contract}".`);
  return { ...DEFAULTS, ...GENERATIONS[contract], ...chosen };
}
