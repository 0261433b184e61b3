import { PlatformError } from "../model/errors.ts";
import type { JsonObject } from "../model/json.ts";
import type {
  IdentityProviderRow,
  MemberList,
  MemberReading,
  OrganizationMemberRow,
  PersonFacts,
  RosterDetail,
  Row,
  SpaceMemberRow,
  WantedSpace,
} from "../model/platform.ts";
import { askMany } from "./ask-many.ts";
import { askViewer, type FirstAnswer, type Viewer } from "./ask-viewer.ts";
import { findSpaces } from "./find-spaces.ts";
import type { Graphql } from "./graphql.ts";
import { readIdentityProviders } from "./identity-providers.ts";
import { openMemberLists, type RosterServer } from "./member-lists.ts";
import type { RosterContext } from "./open-roster.ts";
import { readRosters } from "./read-rosters.ts";
import { type OptionalPart, organizationRoster, type Roster, spaceRoster } from "./roster.ts";
import { selectPage } from "./roster-query.ts";
import { probeSchema } from "./schema-probe.ts";

/** What GraphQL says about an account, and what was found out about its server: asked once, when first needed. */
export interface AccountSession {
  viewer(): Promise<Viewer>;
  readSpaceMembers(
    ids: readonly string[],
    how?: RosterDetail,
  ): Promise<ReadonlyMap<string, MemberReading<SpaceMemberRow>>>;
  findSpaces(wanted: readonly WantedSpace[]): Promise<ReadonlyMap<WantedSpace, Row>>;
  readOrganizationMembers(
    ids: readonly string[],
    how?: RosterDetail,
  ): Promise<ReadonlyMap<string, MemberReading<OrganizationMemberRow>>>;
  expectLengths(lengths: ReadonlyMap<string, number>): void;
  describePeople(seen: ReadonlyMap<string, MemberList>): Promise<ReadonlyMap<string, PersonFacts>>;
  readsOrganizationRoles(): Promise<boolean>;
  readIdentityProviders(): Promise<MemberReading<IdentityProviderRow>>;
}

/** Points that one query may cost: the platform refuses more than 1000. Where its arithmetic is another, queries soon cost less. */
const BUDGET = 1000;

interface Rosters extends RosterServer {
  /** Whether the server was heard on its schema, and not only guessed at. */
  readonly isProven: boolean;
}

/** Makes a session that has asked nothing yet. */
export function openSession(graphql: Graphql): AccountSession {
  const lengths = new Map<string, number>();
  let first: Promise<FirstAnswer> | undefined;
  let rosters: Promise<Rosters> | undefined;
  const lists = openMemberLists(async () => {
    const seen = await session.viewer();
    return seen.state === "unavailable" ? { because: seen.because } : probe();
  });
  const session: AccountSession = {
    viewer: async () => (await begin()).viewer,
    readSpaceMembers: async (ids, how) => {
      // A server that lacks a part says so where it is asked for it.
      if (how === "few" && rosters === undefined && (await session.viewer()).state === "available")
        return readRosters(
          makeContext({ graphql, lengths: new Map() }, spaceRoster, undefined),
          spaceRoster,
          ids,
          "at-once",
        );
      return lists.readSpaces(ids, how);
    },
    findSpaces: async (wanted) => {
      if (wanted.length === 0 || (await session.viewer()).state === "unavailable") return new Map();
      return findSpaces(graphql, wanted);
    },
    readOrganizationMembers: lists.readOrganizations,
    expectLengths: (expected) => {
      for (const [id, length] of expected) if (!lengths.has(id)) lengths.set(id, length);
    },
    describePeople: lists.describePeople,
    readsOrganizationRoles: async () => {
      if ((await session.viewer()).state === "unavailable") return false;
      const { organizations, isProven } = await probe();
      return isProven && !organizations.dropped.has("role");
    },
    readIdentityProviders: async () => {
      const seen = await session.viewer();
      if (seen.state === "unavailable") return { state: "unreadable", because: seen.because };
      return readIdentityProviders(graphql);
    },
  };
  return session;

  function begin(): Promise<FirstAnswer> {
    first ??= askViewer(graphql);
    return first;
  }

  function probe(): Promise<Rosters> {
    rosters ??= begin().then(({ schema }) => probeRosters({ graphql, lengths }, schema));
    return rosters;
  }
}

/** What every reading of member lists needs. */
type Basis = Pick<RosterContext, "graphql" | "lengths">;

async function probeRosters(basis: Basis, schema: JsonObject | undefined): Promise<Rosters> {
  const findings = schema && (await probeSchema(basis.graphql, [spaceRoster, organizationRoster], schema));
  const spaces = makeContext(basis, spaceRoster, findings?.lacking[0]);
  const organizations = makeContext(basis, organizationRoster, findings?.lacking[1]);
  if (findings !== undefined) {
    const { personType: typeName } = findings;
    const people =
      typeName === undefined ? undefined : { ...makeContext(basis, organizationRoster, findings.lacking[1]), typeName };
    return { spaces, organizations, people, isProven: true };
  }
  // Introspection is closed: the server's validation is asked, with an id that need not exist.
  const heard = await tryQuery(organizations, organizationRoster);
  return { spaces, organizations, people: undefined, isProven: heard };
}

function makeContext<R>(
  basis: Basis,
  roster: Roster<R>,
  lacking: ReadonlySet<OptionalPart> | undefined,
): RosterContext {
  const dropped = new Set(lacking);
  return { ...basis, optional: roster.optional, dropped, budget: BUDGET, longestPage: undefined, longestCame: 0 };
}

/** True when the server took the query for valid, or what is left of it. */
async function tryQuery<R>(context: RosterContext, roster: Roster<R>): Promise<boolean> {
  const nobody = "QWNjb3VudE9yZ2FuaXphdGlvbjow";
  try {
    const select = (dropped: ReadonlySet<OptionalPart>, cursor: string): string =>
      selectPage(roster, dropped, { first: 1, cursor });
    let isValid = false;
    await askMany(context, [{ id: nobody, cost: BUDGET, cursor: undefined, select }], (_, { state }) => {
      isValid = state === "answered" || state === "absent";
    });
    return isValid;
  } catch (error) {
    if (!(error instanceof PlatformError) || error.failure === "interrupted") throw error;
    return false;
  }
}
