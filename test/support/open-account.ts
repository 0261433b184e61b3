import type { Address } from "../../src/model/address.ts";
import type { Kind, LookContext, WriteContext } from "../../src/model/kind.ts";
import type { Observation } from "../../src/model/plan.ts";
import type { PlatformReader, PlatformWriter } from "../../src/model/platform.ts";
import { type RemoteRef, type Resource, remoteOf, type Spec, type World } from "../../src/model/resource.ts";
import { connectPlatform, makeReader, makeWriter, type PlatformConnection } from "../../src/platform/arize-platform.ts";
import { makeUndiciNet } from "../../src/platform/undici-net.ts";
import type { SandboxSwitches } from "../../src/sandbox/start-sandbox.ts";
import { startTestAccount, type TestAccount } from "./sandbox-account.ts";
import { makeVirtualClock } from "./virtual-clock.ts";

/** A connection as one caller. */
export interface OpenSide {
  readonly reader: PlatformReader;
  readonly writer: PlatformWriter;
}

/** A simulated account over loopback, connected by the real client as its first admin. */
export interface OpenAccount extends OpenSide {
  readonly account: TestAccount;
  /** Connects once more, with another key. */
  readonly connectAs: (key: string) => OpenSide;
  /** The requests since the last `forget`, as `GET /v2/users?email=a`, GraphQL by the name of its operation, sorted. */
  readonly requests: () => readonly string[];
  readonly forget: () => void;
  readonly close: () => Promise<void>;
}

/** Starts an account in memory and connects to it. Nothing in it depends on the time of day. */
export async function openAccount(switches: Partial<SandboxSwitches> = {}): Promise<OpenAccount> {
  // The account's clock stands still, and with it a limit for each minute.
  const account = await startTestAccount({ switches: { graphqlQueriesPerMinute: undefined, ...switches } });
  const connections: PlatformConnection[] = [];
  const connectAs = (key: string): OpenSide => {
    const { url } = account.sandbox;
    const connection = connectPlatform({
      restUrl: url,
      appUrl: url,
      apiKey: () => key,
      net: makeUndiciNet({ connections: 4 }),
      clock: makeVirtualClock(),
      random: { fraction: () => 0, id: () => "id" },
      parallelism: 4,
      ratePerMinute: undefined,
    });
    connections.push(connection);
    const reader = makeReader(connection);
    return { reader, writer: makeWriter(connection, reader) };
  };
  let seen = 0;
  return {
    account,
    ...connectAs(account.sandbox.adminKey),
    connectAs,
    requests: () =>
      account.sandbox.log
        .slice(seen)
        .map(({ method, path, query, operation }) =>
          path === "/graphql" ? `GraphQL ${operation ?? ""}` : `${method} ${path}${describeQuery(query)}`,
        )
        .sort(),
    forget: () => {
      seen = account.sandbox.log.length;
    },
    close: async () => {
      await Promise.all(connections.map((connection) => connection.close()));
      await account.close();
    },
  };
}

/** Looks at one resource as an apply does: with what was observed before as its knowledge of ids. */
export function lookAt(
  side: { readonly reader: PlatformReader },
  kind: Kind,
  known: { readonly world: World; readonly address: Address } & Partial<Pick<LookContext, "believed" | "mayBeBlind">>,
): Promise<Resource | undefined> {
  const { world, address } = known;
  return kind.look({
    reader: side.reader,
    address,
    believed: known.believed,
    mayBeBlind: known.mayBeBlind ?? false,
    idOf: (wanted) => idIn(world, wanted),
    addressOf: (name, id) =>
      [...world.values()].find((resource) => resource.kind === name && remoteOf(resource)?.["id"] === id)?.address,
  });
}

/** The context of a write whose ids come from a world; fields are those in which `to` differs from `from`. */
export function writeContext(
  side: OpenSide,
  known: { readonly world: World; readonly address: Address } & Partial<
    Pick<WriteContext, "remote" | "from" | "to" | "fields" | "creation">
  >,
): WriteContext {
  const { world, from, to } = known;
  const changed = Object.keys(to ?? {}).filter(
    (field) => JSON.stringify(from?.[field]) !== JSON.stringify(to?.[field]),
  );
  return {
    writer: side.writer,
    reader: side.reader,
    address: known.address,
    remote: known.remote,
    from,
    to,
    fields: known.fields ?? changed.map((field) => ({ field, to: to?.[field] ?? null })),
    creation: known.creation ?? {},
    idOf: (wanted) => idIn(world, wanted),
  };
}

/** What stands in an observation under an address, as far as a later look must find the same. */
export function seenAt(
  observation: Observation,
  address: Address,
): { readonly spec: Spec; readonly remote: RemoteRef } | undefined {
  return describeSeen(observation.world.get(address));
}

export function describeSeen(
  resource: Resource | undefined,
): { readonly spec: Spec; readonly remote: RemoteRef } | undefined {
  const remote = remoteOf(resource);
  return resource === undefined || remote === undefined ? undefined : { spec: resource.spec, remote };
}

export function idIn(world: World, address: Address): string {
  const id = remoteOf(world.get(address))?.["id"];
  if (id === undefined) throw new Error(`${address} has no id`);
  return id;
}

function describeQuery(query: string): string {
  const parts = new URLSearchParams(query);
  parts.delete("limit");
  parts.delete("cursor");
  const text = decodeURIComponent(parts.toString());
  return text === "" ? "" : `?${text}`;
}
