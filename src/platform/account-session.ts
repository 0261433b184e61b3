import { PlatformError } from "../model/errors.ts";
import type { JsonObject } from "../model/json.ts";
import type {
  IdentityProviderRow,
  MemberReading,
  OrganizationMemberRow,
  Row,
  SpaceMemberRow,
  WantedSpace,
} from "../model/platform.ts";
import { askMany } from "./ask-many.ts";
import { askViewer, type FirstAnswer, type Viewer } from "./ask-viewer.ts";
import { findSpaces } from "./find-spaces.ts";
import type { Graphql } from "./graphql.ts";
import { readIdentityProviders } from "./identity-providers.ts";
import { type RosterContext, readRosters } from "./read-rosters.ts";
import { type OptionalPart, organizationRoster, type Roster, spaceRoster } from "./roster.ts";
import { selectPage } from "./roster-query.ts";
import { probeSchema } from "./schema-probe.ts";

/** What GraphQL says about an account, and what was found out about its server: asked once, when first needed. */
export interface AccountSession {
  viewer(): Promise<Viewer>;
  readSpaceMembers(ids: readonly string[], few?: boolean): Promise<ReadonlyMap<string, MemberReading<SpaceMemberRow>>>;
  findSpaces(wanted: readonly WantedSpace[]): Promise<ReadonlyMap<WantedSpace, Row>>;
  readOrganizationMembers(ids: readonly string[]): Promise<ReadonlyMap<string, MemberReading<OrganizationMemberRow>>>;
  readsOrganizationRoles(): Promise<boolean>;
  readIdentityProviders(): Promise<MemberReading<IdentityProviderRow>>;
}

/** Points that one query may cost: the platform refuses more than 1000. Where its arithmetic is another, queries soon cost less. */
const BUDGET = 1000;

interface Rosters {
  readonly spaces: RosterContext;
  readonly organizations: RosterContext;
  /** Whether the server was heard on its schema, and not only guessed at. */
  readonly isProven: boolean;
}

/** Makes a session that has asked nothing yet. */
export function openSession(graphql: Graphql): AccountSession {
  let first: Promise<FirstAnswer> | undefined;
  let rosters: Promise<Rosters> | undefined;
  const session: AccountSession = {
    viewer: async () => (await begin()).viewer,
    readSpaceMembers: async (ids, few = false) => {
      // A server that lacks a part says so where it is asked for it.
      if (few && rosters === undefined && (await session.viewer()).state === "available")
        return readRosters(makeContext(graphql, spaceRoster, undefined), spaceRoster, ids, "at-once");
      return readAll(spaceRoster, ids, ({ spaces }) => spaces);
    },
    findSpaces: async (wanted) => {
      if (wanted.length === 0 || (await session.viewer()).state === "unavailable") return new Map();
      return findSpaces(graphql, wanted);
    },
    readOrganizationMembers: (ids) => readAll(organizationRoster, ids, ({ organizations }) => organizations),
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
    rosters ??= begin().then(({ schema }) => probeRosters(graphql, schema));
    return rosters;
  }

  async function readAll<R extends { readonly userId: string; readonly email: string | undefined }>(
    roster: Roster<R>,
    ids: readonly string[],
    choose: (rosters: Rosters) => RosterContext,
  ): Promise<ReadonlyMap<string, MemberReading<R>>> {
    if (ids.length === 0) return new Map();
    const seen = await session.viewer();
    if (seen.state === "unavailable") {
      return new Map(ids.map((id) => [id, { state: "unreadable", because: seen.because }]));
    }
    return readRosters(choose(await probe()), roster, ids);
  }
}

async function probeRosters(graphql: Graphql, schema: JsonObject | undefined): Promise<Rosters> {
  const lacking = schema && (await probeSchema(graphql, [spaceRoster, organizationRoster], schema));
  const spaces = makeContext(graphql, spaceRoster, lacking?.[0]);
  const organizations = makeContext(graphql, organizationRoster, lacking?.[1]);
  if (lacking !== undefined) return { spaces, organizations, isProven: true };
  // Introspection is closed: the server's validation is asked, with an id that need not exist.
  const heard = await tryQuery(organizations, organizationRoster);
  return { spaces, organizations, isProven: heard };
}

function makeContext<R>(
  graphql: Graphql,
  roster: Roster<R>,
  lacking: ReadonlySet<OptionalPart> | undefined,
): RosterContext {
  const dropped = new Set(lacking);
  return { graphql, optional: roster.optional, dropped, budget: BUDGET, longestPage: BUDGET };
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
