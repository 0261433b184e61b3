import { Impossible } from "../model/errors.ts";
import type { Pacing, PlatformReader, PlatformWriter } from "../model/platform.ts";
import type { Clock, Net, Random } from "../model/ports.ts";
import { type AccountSession, openSession } from "./account-session.ts";
import { makeAllowance } from "./allowance.ts";
import { editIdentityProvider } from "./edit-identity-provider.ts";
import { type Graphql, makeGraphql } from "./graphql.ts";
import { identifyCaller } from "./identify-caller.ts";
import { makeInterruptibleClock } from "./interruptible-clock.ts";
import { makeLimiter } from "./limiter.ts";
import { makeListLengths } from "./list-lengths.ts";
import { makePace, type Pace } from "./pace.ts";
import { listRows } from "./pages.ts";
import type { PlatformEvent } from "./platform-event.ts";
import { getRow, makeRest, type Rest } from "./rest.ts";
import { makeRestPaces } from "./rest-paces.ts";
import { makeTextPool } from "./share-values.ts";
import { makeSlots } from "./slots.ts";
import { makeWire } from "./wire.ts";
import { removeRow, writeRow } from "./writes.ts";

export type { PlatformEvent } from "./platform-event.ts";

/** A connection to one account. Readers and writers are made from it; what it holds, nobody sees. */
export interface PlatformConnection extends Pacing {
  /** Closes the network. Nothing can be asked afterwards, and what is still being asked goes no further. */
  close(): Promise<void>;
}

export interface ConnectOptions {
  /** `https://api.arize.com`; the paths of REST begin with `/v2`. */
  readonly restUrl: string;
  /** `https://app.arize.com`; GraphQL is at `/graphql`. */
  readonly appUrl: string;
  /** Gives the key when a request is made; it is kept nowhere. */
  readonly apiKey: () => string;
  readonly net: Net;
  readonly clock: Clock;
  readonly random: Random;
  /** REST requests in flight. */
  readonly parallelism: number;
  /** Fixes the pace of REST; undefined: as fast as it goes, until a 429 teaches a rate. */
  readonly ratePerMinute: number | undefined;
  /** For one exchange; 30 seconds unless told. */
  readonly timeoutMilliseconds?: number;
  readonly onEvent?: (event: PlatformEvent) => void;
  /** Ends waiting and keeps new requests from starting; those in flight finish. */
  readonly signal?: AbortSignal;
}

interface Insides {
  readonly rest: Rest;
  readonly graphql: Graphql;
  readonly session: AccountSession;
}

const TIMEOUT_MILLISECONDS = 30_000;
/** The documented limit of queries, and a little more than its minute, because clocks and networks are not exact. */
const QUERY_WINDOW = { requests: 100, milliseconds: 60_500 };
/** The same of mutations. */
const MUTATION_WINDOW = { requests: 300, milliseconds: 60_500 };
/** The platform asks for no massive parallelism on GraphQL. */
const QUERIES_IN_FLIGHT = 6;

const INSIDES = new WeakMap<PlatformConnection, Insides>();

/** Connects to an account. Nothing is sent before something is asked. */
export function connectPlatform(options: ConnectOptions): PlatformConnection {
  const { apiKey, net, random, onEvent = () => {} } = options;
  const { signal, end } = makeEnding(options.signal);
  const clock = makeInterruptibleClock(options.clock, signal);
  const timeoutMilliseconds = options.timeoutMilliseconds ?? TIMEOUT_MILLISECONDS;
  const wire = makeWire({ net, clock, random, timeoutMilliseconds, signal, onEvent });
  const paces = makeRestPaces({ clock, signal, fixedPerMinute: options.ratePerMinute, onEvent });
  const { reads, writes } = paces;
  const start = clock.monotonic();
  const keepTo = (name: string, window: typeof QUERY_WINDOW): Pace => {
    const limiter = makeLimiter({ start, window, learns: false });
    return makePace({ name, clock, signal, limiter: () => limiter });
  };
  const slots = makeSlots(options.parallelism, signal);
  const allowance = makeAllowance();
  const share = makeTextPool();
  const rest = makeRest({ url: options.restUrl, apiKey, wire, allowance, share, slots, reads, writes });
  const graphql = makeGraphql({
    url: options.appUrl,
    apiKey,
    wire,
    allowance,
    slots: makeSlots(Math.min(options.parallelism, QUERIES_IN_FLIGHT), signal),
    queries: keepTo("GraphQL queries", QUERY_WINDOW),
    mutations: keepTo("GraphQL mutations", MUTATION_WINDOW),
  });
  const connection: PlatformConnection = {
    close: () => {
      end();
      return net.close();
    },
    writesPerMinute: paces.writesPerMinute,
    learned: paces.learned,
    recall: paces.recall,
  };
  INSIDES.set(connection, { rest, graphql, session: openSession(graphql) });
  return connection;
}

/** A signal that fires where the given one does, and when nobody needs any answer any more: a list may still be under way then. */
function makeEnding(signal: AbortSignal | undefined): { readonly signal: AbortSignal; readonly end: () => void } {
  const ending = new AbortController();
  const end = (): void => ending.abort();
  if (signal?.aborted === true) end();
  else signal?.addEventListener("abort", end, { once: true });
  return { signal: ending.signal, end };
}

/** Makes a reader of the account: REST v2 lists and objects, GraphQL member lists and identity providers. */
export function makeReader(connection: PlatformConnection): PlatformReader {
  const { rest, session } = openInsides(connection);
  const lengths = makeListLengths();
  const reader: PlatformReader = {
    identify: async () => identifyCaller(await session.viewer(), reader),
    nameAccount: async () => {
      const viewer = await session.viewer();
      return viewer.state === "available" ? viewer.accountName : undefined;
    },
    list: (request) => listRows(rest, request, (pages) => lengths.note(request, pages)),
    pagesOf: lengths.pagesOf,
    get: (path) => getRow(rest, path),
    readSpaceMembers: (ids, how) => session.readSpaceMembers(ids, how),
    findSpaces: (wanted) => session.findSpaces(wanted),
    readOrganizationMembers: (ids, how) => session.readOrganizationMembers(ids, how),
    expectLengths: (lengths) => session.expectLengths(lengths),
    describePeople: (seen) => session.describePeople(seen),
    readsOrganizationRoles: () => session.readsOrganizationRoles(),
    readIdentityProviders: () => session.readIdentityProviders(),
  };
  return reader;
}

/** Makes a writer to the account, over REST v2 and, for identity providers, over GraphQL; the reader is what lost answers are settled with. */
export function makeWriter(connection: PlatformConnection, reader: PlatformReader): PlatformWriter {
  const { rest, graphql } = openInsides(connection);
  return {
    write: (request) => writeRow(rest, reader, request),
    remove: (path, beforeSending) => removeRow(rest, path, beforeSending),
    editIdentityProvider: (edit) => editIdentityProvider(graphql, edit),
  };
}

function openInsides(connection: PlatformConnection): Insides {
  const insides = INSIDES.get(connection);
  if (insides === undefined) throw new Impossible("a connection that connectPlatform did not make");
  return insides;
}
