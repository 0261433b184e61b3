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
  /** For a log, of which the newest part is enough: no more pages than this. What decides about access is never read so. */
  readonly mostPages?: number;
}

/** An explicit or inherited entry of a space's member list, from GraphQL `spaceUsers`. Roles are spelled as in manifests. */
export interface SpaceMemberRow {
  readonly userId: string;
  readonly email: string | undefined;
  readonly membership: "ACCOUNT_ADMIN" | "ORGANIZATION_ADMIN" | "EXPLICIT_MEMBERSHIP" | "PUBLIC_MEMBERSHIP" | "UNKNOWN";
  readonly role: string | undefined;
  readonly customRoleId: string | undefined;
  /** `human`, `bot`, or undefined where the server does not say. */
  readonly userType: string | undefined;
}

/** An entry of an organization's roster, from GraphQL `accountOrganizationUsers`. */
export interface OrganizationMemberRow {
  readonly userId: string;
  readonly email: string | undefined;
  /** undefined where the server has no role on this type: the organization role is then write-only. */
  readonly role: string | undefined;
  readonly userType: string | undefined;
}

/** The members of one container, or why they could not be read whole. */
export type MemberReading<R> =
  | { readonly state: "complete"; readonly rows: readonly R[] }
  | { readonly state: "unreadable"; readonly because: string };

/** All that planning may ask of an account. It cannot write, and the compiler says so. */
export interface PlatformReader {
  identify(): Promise<Caller>;
  /** All rows of a collection, page after page until `has_more` is false. Throws PlatformError; returns a part only of a log that was asked for so. */
  list(request: ListRequest): Promise<readonly Row[]>;
  /** One object; undefined for 404, which may also mean that the caller may not see it. */
  get(path: string): Promise<Row | undefined>;
  /** Members of many spaces, in as few queries as the cost limit allows. Every requested id is in the answer. */
  readSpaceMembers(spaceIds: readonly string[]): Promise<ReadonlyMap<string, MemberReading<SpaceMemberRow>>>;
  readOrganizationMembers(
    organizationIds: readonly string[],
  ): Promise<ReadonlyMap<string, MemberReading<OrganizationMemberRow>>>;
  /** True when `accountOrganizationUsers` nodes carry a role. */
  readsOrganizationRoles(): Promise<boolean>;
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
  remove(path: string): Promise<"deleted" | "absent">;
}
