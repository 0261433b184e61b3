import type {
  MemberList,
  MemberReading,
  OrganizationMemberRow,
  PersonFacts,
  RosterDetail,
  SpaceMemberRow,
} from "../model/platform.ts";
import type { RosterContext } from "./open-roster.ts";
import { makePeopleBook, type PeopleBook, type PersonContext } from "./people-book.ts";
import { fitInQuery, readRosters } from "./read-rosters.ts";
import { leaveOut, organizationRoster, type Roster, spaceRoster } from "./roster.ts";
import type { PersonRow } from "./share-values.ts";

/** What was found out about a server's member lists. */
export interface RosterServer {
  readonly spaces: RosterContext;
  readonly organizations: RosterContext;
  /** undefined where the server is not known to tell of people by their ids: then every entry of a list has to. */
  readonly people: PersonContext | undefined;
}

type Readings<R> = ReadonlyMap<string, MemberReading<R>>;

/** The member lists of an account. Of each list that is asked for there is an answer. */
export interface MemberLists {
  readSpaces(ids: readonly string[], how: RosterDetail | undefined): Promise<Readings<SpaceMemberRow>>;
  readOrganizations(ids: readonly string[], how: RosterDetail | undefined): Promise<Readings<OrganizationMemberRow>>;
  describePeople(seen: ReadonlyMap<string, MemberList>): Promise<ReadonlyMap<string, PersonFacts>>;
}

/**
 * Reads member lists with as few fields as tell the same. The platform counts each field of each entry, and of a person nothing but
 * the role differs from list to list: e-mails are in the list of people, and who is a bot is asked once, where a roster of an
 * organization is first read, since nobody is added to a space who is not in its organization. Lists that are read again say it where
 * that takes no other query: then whoever came meanwhile need not be asked after.
 */
export function openMemberLists(findServer: () => Promise<RosterServer | { readonly because: string }>): MemberLists {
  const book = makePeopleBook();
  /** Settles when all organizations are read that were asked for until now; undefined while none was. */
  let organizationsRead: Promise<unknown> | undefined;
  return {
    readSpaces: (ids, how = "lean") =>
      withServer(ids, async (server) => {
        const reading = { server, of: "space", context: server.spaces, roster: spaceRoster } as const;
        if (server.people === undefined || how !== "lean") return readRosters(server.spaces, spaceRoster, ids);
        const saves = organizationsRead !== undefined && !fitTyped(reading, ids);
        return saves ? readLean(reading, ids) : readTyped(reading, ids);
      }),
    readOrganizations: (ids, how = "lean") => {
      const answer = withServer(ids, (server) => {
        const { organizations: context, people } = server;
        if (people === undefined || how !== "lean") return readRosters(context, organizationRoster, ids);
        const reading = { server, of: "organization", context, roster: organizationRoster } as const;
        const saves = ids.every(book.hasRead) && !fitTyped(reading, ids);
        return saves ? readLean(reading, ids) : readTyped(reading, ids);
      });
      organizationsRead = Promise.allSettled([organizationsRead, answer]);
      return answer;
    },
    describePeople: async (seen) => {
      const server = seen.size === 0 ? undefined : await findServer();
      return server === undefined || "because" in server ? new Map() : describe(server, seen);
    },
  };

  async function withServer<R>(
    ids: readonly string[],
    read: (server: RosterServer) => Promise<Readings<R>>,
  ): Promise<Readings<R>> {
    if (ids.length === 0) return new Map();
    const server = await findServer();
    if ("because" in server) return new Map(ids.map((id) => [id, { state: "unreadable", ...server }]));
    return read(server);
  }

  async function readTyped<R extends PersonRow>({ context, roster }: LeanReading<R>, ids: readonly string[]) {
    const readings = await readRosters(context, typed(roster), ids);
    book.note(readings);
    return readings;
  }

  async function readLean<R extends PersonRow>(
    { server, of, context, roster }: LeanReading<R>,
    ids: readonly string[],
  ) {
    const readings = await readRosters(context, leaveOut(roster, "email", "userType"), ids);
    if (findUnknown(readings, of, book).size > 0) {
      if (of === "space") await organizationsRead;
      await describe(server, findUnknown(readings, of, book));
    }
    return markBots(readings, book);
  }

  async function describe({ spaces, organizations, people }: RosterServer, seen: ReadonlyMap<string, MemberList>) {
    if (people === undefined) return new Map<string, PersonFacts>();
    return book.describe(people, seen, async (lists) => {
      const idsOf = (wanted: MemberList["of"]) => lists.filter((list) => list.of === wanted).map(({ id }) => id);
      const [inSpaces, inOrganizations] = await Promise.all([
        readRosters<PersonRow>(spaces, spaceRoster, idsOf("space")),
        readRosters<PersonRow>(organizations, organizationRoster, idsOf("organization")),
      ]);
      return new Map([...inSpaces, ...inOrganizations]);
    });
  }
}

interface LeanReading<R> {
  readonly server: RosterServer;
  readonly of: MemberList["of"];
  readonly context: RosterContext;
  readonly roster: Roster<R>;
}

/** Without e-mails. */
function typed<R>(roster: Roster<R>): Roster<R> {
  return leaveOut(roster, "email");
}

/** Whether entries may say who is a bot for no query more: whoever came meanwhile need not be asked after then. */
function fitTyped<R>({ context, roster }: LeanReading<R>, ids: readonly string[]): boolean {
  return fitInQuery(context, typed(roster), ids);
}

/** Of whom it matters whether they are bots, and is not known: each with a list that has them. */
function findUnknown(
  readings: Readings<PersonRow>,
  of: MemberList["of"],
  book: PeopleBook,
): ReadonlyMap<string, MemberList> {
  const unknown = new Map<string, MemberList>();
  for (const [id, reading] of readings) {
    if (reading.state !== "complete") continue;
    for (const row of reading.rows) if (isUnknown(row, book)) unknown.set(row.userId, { of, id });
  }
  return unknown;
}

/** Nobody can be taken out of a space who has no entry of their own in it, person or bot. */
function isUnknown(
  { userId, membership }: PersonRow & { readonly membership?: SpaceMemberRow["membership"] },
  { isKnown }: PeopleBook,
): boolean {
  const isInherited = membership !== undefined && membership !== "EXPLICIT_MEMBERSHIP" && membership !== "UNKNOWN";
  return !isInherited && !isKnown(userId);
}

/**
 * Lists in which nobody is a bot, as nearly all are, stay as they are. One in which somebody may be one and it could not be found
 * out counts as unreadable: who is taken for a person may be removed.
 */
function markBots<R extends PersonRow>(readings: Readings<R>, book: PeopleBook): Readings<R> {
  const mark = (row: R): R => (book.isBot(row.userId) ? { ...row, userType: "bot" } : row);
  const settle = (reading: MemberReading<R>): MemberReading<R> => {
    if (reading.state !== "complete") return reading;
    const { rows } = reading;
    if (rows.some((row) => isUnknown(row, book))) {
      return { state: "unreadable", because: "it could not be found out who is a bot" };
    }
    return rows.some(({ userId }) => book.isBot(userId)) ? { ...reading, rows: rows.map(mark) } : reading;
  };
  return new Map([...readings].map(([id, reading]) => [id, settle(reading)]));
}
