import type { JsonObject } from "./json.ts";

/** Who the key belongs to, as far as it can be found out. */
export interface Caller {
  readonly userId: string | undefined;
  readonly email: string | undefined;
  readonly accountName: string | undefined;
  /** Only `yes` proves that lists are not silently filtered. */
  readonly accountAdmin: "yes" | "no" | "unknown";
  /** Whether the GraphQL endpoint answers, and so whether members can be read. */
  readonly graphql: "available" | "unavailable";
}

/** One row of a REST collection, as it came, enum spellings of older servers normalised. */
export type Row = JsonObject;

export interface ListRequest {
  /** Path without query, `/v2/users`. */
  readonly path: string;
  /** Filters; paging is not among them. */
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  /** Name of the collection in the response, `users`. */
  readonly collection: string;
  /** What alone is kept of each row, in the order of the fields; left out: all of it. Of a list of a million rows that is most of what it takes. */
  readonly fields?: readonly string[];
  /** For a log, of which the newest part is enough: no more pages than this. What decides about access is never read so. */
  readonly mostPages?: number;
  /** Names of filters in `query` that only save rows: whoever asks picks from what comes, so that the list without them answers as well. */
  readonly narrowing?: readonly string[];
}

/** An explicit or inherited entry of a space's member list, from GraphQL `spaceUsers`. Roles are spelled as in manifests. */
export interface SpaceMemberRow {
  readonly userId: string;
  /** undefined also where nobody asked for it: `describePeople` tells it of those whom the list of people does not have. */
  readonly email: string | undefined;
  readonly membership: "ACCOUNT_ADMIN" | "ORGANIZATION_ADMIN" | "EXPLICIT_MEMBERSHIP" | "PUBLIC_MEMBERSHIP" | "UNKNOWN";
  readonly role: string | undefined;
  readonly customRoleId: string | undefined;
  /** `bot`; anything else for a person, and where the server does not say. */
  readonly userType: string | undefined;
}

/** A space to be found by its name. */
export interface WantedSpace {
  /** The platform's id of its organization. */
  readonly organization: string;
  readonly name: string;
}

/** An entry of an organization's roster, from GraphQL `accountOrganizationUsers`. */
export interface OrganizationMemberRow {
  readonly userId: string;
  readonly email: string | undefined;
  /** undefined where the server has no role on this type: the organization role is then write-only. */
  readonly role: string | undefined;
  readonly userType: string | undefined;
}

/** A member list, named by what it is of. */
export interface MemberList {
  readonly of: "organization" | "space";
  /** The platform's id of the container. */
  readonly id: string;
}

/**
 * How member lists are read. `lean`: without e-mails, which the list of people has. `named`: with them, for whoever has not read that
 * list. `few`: the same of a handful of short lists, which are asked for right away, neither their sizes nor the server's schema first.
 */
export type RosterDetail = "lean" | "named" | "few";

/** What GraphQL tells of a person. */
export interface PersonFacts {
  readonly email: string | undefined;
  readonly userType: string | undefined;
}

/** One rule of an identity provider: who logs in with all of the attributes gets the roles. Roles are spelled as in manifests. */
export interface RoleMappingRow {
  /** undefined for one that is to be made. */
  readonly id: string | undefined;
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly isAccountAdmin: boolean;
  readonly organization: { readonly id: string; readonly role: string } | undefined;
  /** Predefined roles by the id of the space. */
  readonly spaceRoles: readonly (readonly [space: string, role: string])[];
  /** Ids of custom roles by the id of the space. */
  readonly spaceCustomRoles: readonly (readonly [space: string, role: string])[];
}

/** A SAML identity provider, from GraphQL `samlIdPs`. The order of its mappings means something. */
export interface IdentityProviderRow {
  readonly id: string;
  /** In lower case, sorted. */
  readonly domains: readonly string[];
  /** True where the mappings are applied again at every login. */
  readonly syncsRoles: boolean;
  /** True where whoever no mapping fits is let in with defaults. */
  readonly allowsDefaults: boolean;
  /** True where no call can change it. */
  readonly isManagedByFile: boolean;
  readonly mappings: readonly RoleMappingRow[];
}

/** A change of an identity provider, which the platform only takes as a whole. */
export interface IdentityProviderEdit {
  readonly id: string;
  /**
   * Makes the new state from the one that was read right before the write. Only `syncsRoles` and `mappings` may differ; all
   * else is written back as it came. Throws PlatformError where what it is to change is no longer as it was.
   */
  change(current: IdentityProviderRow): IdentityProviderRow;
  readonly beforeSending?: BeforeSending;
}

/** Asked right before a change is sent, each time anew; with what it rejects the change ends, unsent. */
export type BeforeSending = () => Promise<void>;

/** What an edit left behind. */
export interface EditedIdentityProvider {
  readonly provider: IdentityProviderRow;
  /** What else is different since, in sentences. */
  readonly notes: readonly string[];
}

/** The members of one container, or why they could not be read whole. */
export type MemberReading<R> =
  | { readonly state: "complete"; readonly rows: readonly R[] }
  | { readonly state: "unreadable"; readonly because: string };

/** All that planning may ask of an account. It cannot write, and the compiler says so. */
export interface PlatformReader {
  identify(): Promise<Caller>;
  /** The name of the account, as far as it can be found out: a part of what `identify` finds, for one call instead of two. */
  nameAccount(): Promise<string | undefined>;
  /** All rows of a collection, page after page until `has_more` is false. Throws PlatformError; returns a part only of a log that was asked for so. */
  list(request: ListRequest): Promise<readonly Row[]>;
  /** How many pages a list had when it was last read whole; undefined where it was not. Asks nothing. */
  pagesOf?(request: ListRequest): number | undefined;
  /** One object; undefined for 404, which may also mean that the caller may not see it. */
  get(path: string): Promise<Row | undefined>;
  /** Members of many spaces, in as few queries as the cost limit allows. Every requested id is in the answer. */
  readSpaceMembers(
    spaceIds: readonly string[],
    how?: RosterDetail,
  ): Promise<ReadonlyMap<string, MemberReading<SpaceMemberRow>>>;
  /**
   * Spaces by their exact names, as rows of REST have them, by the wanted space; what is not in the answer was not found, which
   * says nothing: it may be there all the same.
   */
  findSpaces(wanted: readonly WantedSpace[]): Promise<ReadonlyMap<WantedSpace, Row>>;
  readOrganizationMembers(
    organizationIds: readonly string[],
    how?: Exclude<RosterDetail, "few">,
  ): Promise<ReadonlyMap<string, MemberReading<OrganizationMemberRow>>>;
  /** Tells how many entries member lists may well have, by the ids of the containers: of use where they were not read before. Asks nothing. */
  expectLengths?(lengths: ReadonlyMap<string, number>): void;
  /** What is told of people who stand in member lists, by their ids, of each with a list that has them. Who is not in the answer, of them nothing is told. */
  describePeople(seen: ReadonlyMap<string, MemberList>): Promise<ReadonlyMap<string, PersonFacts>>;
  /** True when `accountOrganizationUsers` nodes carry a role. */
  readsOrganizationRoles(): Promise<boolean>;
  readIdentityProviders(): Promise<MemberReading<IdentityProviderRow>>;
}

/** A write and how to find out, after an answer was lost, whether it took effect. */
export interface WriteRequest {
  readonly method: "POST" | "PATCH" | "PUT";
  readonly path: string;
  readonly body: JsonObject;
  /**
   * How a lost answer is settled. `repeat`: sending it again is harmless. `look`: ask by natural key; a row means the write
   * took effect (or somebody else's did, which the caller judges), undefined means it did not and may be sent again.
   */
  readonly settle: "repeat" | ((reader: PlatformReader) => Promise<Row | undefined>);
  /** True where a second sending could leave two things behind: after a lost answer it is looked for, and never sent again. */
  readonly once?: boolean;
  /** True where a 409 to the first sending is an error whatever is there, and not settled by looking. */
  readonly tellsTaken?: boolean;
  readonly beforeSending?: BeforeSending;
}

export interface WriteAnswer {
  readonly status: number;
  /** The body; undefined for 204. */
  readonly row: Row | undefined;
  /** True when the answer was lost or the platform said 409 and `settle` found the object there. */
  readonly found: boolean;
}

/** All that applying may do to an account. */
export interface PlatformWriter {
  write(request: WriteRequest): Promise<WriteAnswer>;
  /** Does not throw for what is gone already. */
  remove(path: string, beforeSending?: BeforeSending): Promise<"deleted" | "absent">;
  /** Reads an identity provider, changes it and writes all of it back. Never sent twice. */
  editIdentityProvider(edit: IdentityProviderEdit): Promise<EditedIdentityProvider>;
}

/** What a run learned of a limit that nobody told of: how many requests a minute go through, and how many at once after a pause. */
export interface LearnedPace {
  readonly perMinute: number;
  readonly burst?: number;
  /** Of a limiter that counts in windows. */
  readonly window?: LearnedWindow;
}

/** So many requests in each span of so many milliseconds. */
export interface LearnedWindow {
  readonly requests: number;
  readonly milliseconds: number;
}

/** What was learned of REST. Of both the same where one limit holds reads and writes. */
export interface LearnedPaces {
  readonly reads?: LearnedPace;
  readonly writes?: LearnedPace;
}

/** How fast an account may be asked, as far as its refusals told. */
export interface Pacing {
  /** How many writes by REST are let go in a minute; undefined while no limit is known. */
  writesPerMinute(): number | undefined;
  /** What was learned of the limits of REST, for a later run. */
  learned(): LearnedPaces;
  /** Begins a little below what an earlier run learned. Of no effect on what is known already, or set by people. */
  recall(paces: LearnedPaces): void;
}
