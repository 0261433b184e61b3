import type {
  Caller,
  IdentityProviderRow,
  ListRequest,
  MemberReading,
  OrganizationMemberRow,
  PlatformReader,
  Row,
  SpaceMemberRow,
} from "../../src/model/platform.ts";

/** What an account made of rows answers. */
export interface RowsAccount {
  readonly caller?: Partial<Caller>;
  /** Rows by path; a function may look at the filters, or throw. */
  readonly lists?: Readonly<Record<string, readonly Row[] | ((request: ListRequest) => readonly Row[])>>;
  /** Objects by path. */
  readonly objects?: Readonly<Record<string, Row>>;
  readonly spaces?: Readonly<Record<string, readonly SpaceMemberRow[] | MemberReading<SpaceMemberRow>>>;
  readonly organizations?: Readonly<
    Record<string, readonly OrganizationMemberRow[] | MemberReading<OrganizationMemberRow>>
  >;
  readonly hasOrganizationRoles?: boolean;
  readonly identityProviders?: MemberReading<IdentityProviderRow>;
}

/** An account that is nothing but rows: for answers that no simulated account gives. Filters are left to the caller. */
export function makeRowsReader(account: RowsAccount): PlatformReader {
  const caller: Caller = {
    userId: "me",
    email: "me@example.com",
    accountName: "rows",
    accountAdmin: "yes",
    graphql: "available",
    ...account.caller,
  };
  return {
    identify: () => Promise.resolve(caller),
    nameAccount: () => Promise.resolve(caller.accountName),
    list: async (request) => {
      const rows = account.lists?.[request.path] ?? [];
      return typeof rows === "function" ? rows(request) : rows;
    },
    get: async (path) => account.objects?.[path],
    readSpaceMembers: async (ids) => answerMembers(account.spaces, ids),
    findSpaces: async () => new Map(),
    describePeople: async () => new Map(),
    readOrganizationMembers: async (ids) => answerMembers(account.organizations, ids),
    readsOrganizationRoles: async () => account.hasOrganizationRoles ?? true,
    readIdentityProviders: async () => account.identityProviders ?? { state: "complete", rows: [] },
  };
}

function answerMembers<R>(
  known: Readonly<Record<string, readonly R[] | MemberReading<R>>> | undefined,
  ids: readonly string[],
): ReadonlyMap<string, MemberReading<R>> {
  const answers = ids.flatMap((id): readonly (readonly [string, MemberReading<R>])[] => {
    const found = known?.[id];
    if (found === undefined) return [];
    return [[id, "state" in found ? found : { state: "complete", rows: found }]];
  });
  return new Map(answers);
}
