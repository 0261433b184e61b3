import { resolve } from "node:path";
import { systemRandom } from "../host/system-random.ts";
import { FileError, UsageError } from "../model/errors.ts";
import type { Pacing, PlatformReader, PlatformWriter } from "../model/platform.ts";
import { connectPlatform, makeReader, makeWriter, type PlatformConnection } from "../platform/arize-platform.ts";
import type { Endpoints } from "../platform/endpoints.ts";
import { makeUndiciNet } from "../platform/undici-net.ts";
import type { NetworkSettings } from "./account/credentials.ts";
import { findCredentials } from "./account/profile.ts";
import { tellWire } from "./account/tell-wire.ts";
import { harmless } from "./render/harmless.ts";
import type { Session } from "./session.ts";

// Undici asks for it. Loaded with this file, since undici itself is loaded when V8 has been given its flag.
process.getBuiltinModule("node:http");

/** An account that can be read. Whoever is handed this cannot write. */
export interface Reading {
  readonly reader: PlatformReader;
  /** What stands for the account in plans: the URL of its REST interface, or the folder of the simulated one. */
  readonly accountUrl: string;
  readonly pacing: Pacing;
  /** Where the credentials were found, in words without the key. */
  readonly source: string;
  readonly parallelism: number;
  readonly close: () => Promise<void>;
}

/** An account that can be written to. */
export interface Writing extends Reading {
  /** Environment variables that hold the key, whole or in part. */
  readonly keyVariables: readonly string[];
  readonly writer: PlatformWriter;
}

/** Opens the account for reading; all commands but `apply` get no more than this. */
export async function openReading(session: Session, signal?: AbortSignal): Promise<Reading> {
  session.io.onLoaded?.();
  return openWhileLoading(session, signal);
}

/** The same, while what the command is made of is still being loaded. */
export async function openWhileLoading(session: Session, signal?: AbortSignal): Promise<Reading> {
  const { connection, keyVariables: _, ...opened } = await openAccount(session, signal);
  return { ...opened, pacing: connection, reader: makeReader(connection) };
}

/** Opens the account for reading and writing: `apply`, and nothing else, calls this. */
export async function openWriting(session: Session, signal: AbortSignal): Promise<Writing> {
  refuseOtherTimes(session);
  session.io.onLoaded?.();
  const { connection, ...opened } = await openAccount(session, signal);
  const reader = makeReader(connection);
  return { ...opened, pacing: connection, reader, writer: makeWriter(connection, reader) };
}

/** Refuses `--now` on a real account: an approval that has expired would count again, and the ledger would hold times that never were. */
export function refuseOtherTimes({ globals }: Session): void {
  if (globals.now === undefined || globals.sandbox !== undefined) return;
  throw new UsageError("--now cannot be applied, except to the sandbox.", "Leave it out, or add --sandbox.");
}

/** Calls at the same time unless told. */
const DEFAULT_PARALLELISM = 16;

interface OpenedAccount extends Omit<Reading, "reader" | "pacing"> {
  readonly connection: PlatformConnection;
  readonly keyVariables: readonly string[];
}

async function openAccount(session: Session, signal: AbortSignal | undefined): Promise<OpenedAccount> {
  const place = await findPlace(session);
  const parallelism = session.globals.parallelism ?? DEFAULT_PARALLELISM;
  const connection = connectPlatform({
    restUrl: place.restUrl,
    appUrl: place.appUrl,
    apiKey: place.apiKey,
    net: makeUndiciNet({ connections: parallelism, ...(await readNetwork(session, place.network)) }),
    clock: session.clock,
    random: systemRandom,
    parallelism,
    ratePerMinute: session.globals.ratePerMinute,
    onEvent: (event) => tellWire(session, event),
    ...(signal !== undefined && { signal }),
  });
  return {
    connection,
    accountUrl: place.accountUrl,
    source: place.source,
    parallelism,
    keyVariables: listKeyVariables(session.io.env, place),
    close: async () => {
      await connection.close();
      await place.close();
    },
  };
}

/** Where the key stands in the environment: by name where it is known to be taken from there, and wherever it is the value. */
function listKeyVariables(env: Session["io"]["env"], { apiKey, keyVariables = [] }: Place): readonly string[] {
  const holding = Object.keys(env).filter((name) => env[name]?.includes(apiKey()) === true);
  return [...new Set(["ARIZE_API_KEY", ...keyVariables, ...holding])];
}

async function readNetwork(session: Session, network: NetworkSettings | undefined): Promise<NetworkSettings> {
  const { caBundle, ...rest } = network ?? {};
  if (caBundle === undefined) return rest;
  try {
    if ((await session.files.kind(caBundle)) === "file")
      return { ...rest, caBundle: new TextDecoder().decode(await session.files.read(caBundle)) };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new UsageError(`The ca_bundle of the profile: ${error.message}`, CORRECT_BUNDLE);
  }
  throw new UsageError(`The ca_bundle of the profile, "${harmless(caBundle)}", is no file.`, CORRECT_BUNDLE);
}

const CORRECT_BUNDLE = "Correct its path under [network], or make it readable.";

interface Place extends Endpoints {
  readonly network?: NetworkSettings;
  readonly apiKey: () => string;
  readonly keyVariables?: readonly string[];
  readonly accountUrl: string;
  readonly source: string;
  readonly close: () => Promise<void>;
}

async function findPlace(session: Session): Promise<Place> {
  const { sandbox, profile, region } = session.globals;
  if (sandbox !== undefined) return await openSandbox(session, sandbox);
  const found = await findCredentials({ env: session.io.env, files: session.files, profile, region });
  return { ...found, accountUrl: found.restUrl, close: async () => {} };
}

/** The simulated account is named by its folder: its port is another one each time. */
async function openSandbox(session: Session, folder: string): Promise<Place> {
  const { startLocalSandbox } = await import("../engine/start-local-sandbox.ts");
  const sandbox = await startLocalSandbox({ directory: resolve(session.folder, folder), port: 0 });
  return {
    restUrl: sandbox.url,
    appUrl: sandbox.url,
    apiKey: () => sandbox.adminKey,
    accountUrl: `sandbox:${folder}`,
    source: "the sandbox's own key",
    close: sandbox.close,
  };
}
