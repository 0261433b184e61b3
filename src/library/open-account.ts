import { resolve } from "node:path";
import type { AccountReading, AccountWriting } from "../engine/account-reading.ts";
import { startLocalSandbox } from "../engine/start-local-sandbox.ts";
import { systemRandom } from "../host/system-random.ts";
import { UsageError } from "../model/errors.ts";
import { checkKey } from "../platform/api-key.ts";
import { connectPlatform, makeReader, makeWriter, type PlatformConnection } from "../platform/arize-platform.ts";
import { type Endpoints, pairEndpoints, regionEndpoints } from "../platform/endpoints.ts";
import { makeUndiciNet } from "../platform/undici-net.ts";
import type { Workplace } from "./open-workplace.ts";
import type { AccountOptions, Connection, SandboxConnection, ServerConnection } from "./options.ts";

/** Works with an account that can only be read, and closes it however the work ends. */
export async function withReading<T>(
  workplace: Workplace,
  options: AccountOptions,
  work: (account: AccountReading) => Promise<T>,
): Promise<T> {
  return withConnection(workplace, options, ({ connection, accountUrl }) =>
    work({ reader: makeReader(connection), accountUrl, pacing: connection }),
  );
}

/** Works with an account that can be written to, and closes it however the work ends. Only applying calls this. */
export async function withWriting<T>(
  workplace: Workplace,
  options: AccountOptions,
  work: (account: AccountWriting) => Promise<T>,
): Promise<T> {
  refuseOtherTimes(options);
  return withConnection(workplace, options, ({ connection, accountUrl }) => {
    const reader = makeReader(connection);
    return work({
      reader,
      writer: makeWriter(connection, reader),
      accountUrl,
      pacing: connection,
      parallelism: options.connection.parallelism ?? DEFAULT_PARALLELISM,
    });
  });
}

/** A real account is not written to at another time than now: an approval that has expired would count again, and the ledger would hold times that never were. */
function refuseOtherTimes({ now, connection }: AccountOptions): void {
  if (now === undefined || "sandbox" in connection) return;
  throw new UsageError("`now` cannot be applied, except to a sandbox.", "Leave it out.");
}

/** Calls at the same time unless told. */
const DEFAULT_PARALLELISM = 16;

interface Opened {
  readonly connection: PlatformConnection;
  readonly accountUrl: string;
}

async function withConnection<T>(
  workplace: Workplace,
  { connection: asked, signal }: AccountOptions,
  work: (opened: Opened) => Promise<T>,
): Promise<T> {
  const place = await openPlace(workplace, asked);
  try {
    const parallelism = asked.parallelism ?? DEFAULT_PARALLELISM;
    const { proxyUrl, caBundle, ratePerMinute }: Partial<ServerConnection> = "apiKey" in asked ? asked : {};
    const connection = connectPlatform({
      ...place,
      net: makeUndiciNet({ connections: parallelism, proxyUrl, caBundle }),
      clock: workplace.clock,
      random: systemRandom,
      parallelism,
      ratePerMinute,
      ...(signal !== undefined && { signal }),
    });
    try {
      return await work({ connection, accountUrl: place.accountUrl });
    } finally {
      await connection.close();
    }
  } finally {
    await place.close();
  }
}

interface Place extends Endpoints {
  readonly apiKey: () => string;
  readonly accountUrl: string;
  readonly close: () => Promise<void>;
}

async function openPlace(workplace: Workplace, connection: Connection): Promise<Place> {
  return "sandbox" in connection ? openSandbox(workplace, connection) : openServer(connection);
}

/** A simulated account that is started for the call is named by its folder: its port is another one each time. */
async function openSandbox({ folder }: Workplace, { sandbox: asked }: SandboxConnection): Promise<Place> {
  const isFolder = typeof asked === "string";
  const sandbox = isFolder ? await startLocalSandbox({ directory: resolve(folder, asked), port: 0 }) : asked;
  return {
    restUrl: sandbox.url,
    appUrl: sandbox.url,
    apiKey: () => sandbox.adminKey,
    accountUrl: isFolder ? `sandbox:${asked}` : sandbox.url,
    close: isFolder ? sandbox.close : async () => {},
  };
}

function openServer({ apiKey, baseUrl, appUrl, region }: ServerConnection): Place {
  const endpoints = chooseEndpoints({ baseUrl, appUrl, region });
  const giveKey = typeof apiKey === "function" ? apiKey : () => apiKey;
  return {
    ...endpoints,
    apiKey: () => checkKey(giveKey(), "`apiKey`"),
    accountUrl: endpoints.restUrl,
    close: async () => {},
  };
}

function chooseEndpoints(
  given: {
    readonly [K in "baseUrl" | "appUrl" | "region"]: string | undefined;
  },
): Endpoints {
  const { baseUrl, appUrl, region } = given;
  if (baseUrl === undefined && appUrl === undefined) return regionEndpoints(region, "`region`");
  if (region !== undefined)
    throw new UsageError("`region` and `baseUrl` exclude each other.", "Leave one of them out.");
  return pairEndpoints({ rest: baseUrl, app: appUrl }, { rest: "`baseUrl`", app: "`appUrl`" });
}
