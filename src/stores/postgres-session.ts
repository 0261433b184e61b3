import type { Client, ClientConfig } from "pg";
import type { Files } from "../model/ports.ts";
import { makeTurns } from "./in-turn.ts";
import { loadClient } from "./load-client.ts";
import type { PostgresLocation } from "./postgres-location.ts";
import { BE_DURABLE } from "./postgres-tables.ts";
import { type StoreFault, storeError } from "./store-errors.ts";

/** What the types of pg leave out. */
type Wired = Client & { readonly connection: { readonly stream: { destroy(): void } } };

export type Row = Readonly<Record<string, unknown>>;

/** One connection to a database, made when something is asked and again after it broke; one statement at a time. Throws DiagnosedError. */
export interface PostgresSession {
  query(statement: string, values: readonly unknown[]): Promise<readonly Row[]>;
  /** The same; undefined where the table is not there. */
  queryIfThere(statement: string, values: readonly unknown[]): Promise<readonly Row[] | undefined>;
  /** How many rows were inserted: 0 also where the primary key refused them. */
  insert(statement: string, values: readonly unknown[]): Promise<number>;
  /** Makes tables where a look at them fails since they are not there. */
  prepare(tables: readonly string[], look: string, values: readonly unknown[]): Promise<void>;
  close(): Promise<void>;
}

const CONNECT_MILLISECONDS = 10_000;
const ANSWER_MILLISECONDS = 15_000;

const NO_TABLE = "42P01";
const NOT_UNIQUE = "23505";
const TABLE_THERE = "42P07";
const NO_RIGHT = "42501";

/** Opens a session. Nothing is sent yet. */
export async function openPostgresSession(place: PostgresLocation, files: Files): Promise<PostgresSession> {
  const { default: pg } = await loadClient("pg", "pg@8", () => import("pg"));
  const config = await makeConfig(place, files);
  const inTurn = makeTurns();
  let client: Client | undefined;

  /** Whether the other side still listens is not known: its farewell is not waited for. */
  const drop = (broken: Client | undefined): void => {
    client = undefined;
    broken?.end().catch(() => undefined);
    (broken as Wired | undefined)?.connection.stream.destroy();
  };
  const connect = async (): Promise<Client> => {
    const fresh = new pg.Client(config);
    // A connection that breaks while nothing is asked of it: the next question makes a new one.
    fresh.on("error", () => {
      if (client === fresh) client = undefined;
    });
    try {
      await fresh.connect();
      await fresh.query(BE_DURABLE);
    } catch (error) {
      drop(fresh);
      throw error;
    }
    return fresh;
  };
  /** The answer, or the code of the refusal where it is one of those that are expected. */
  const ask = (
    statement: string,
    values: readonly unknown[],
    expected: readonly string[],
  ): Promise<{ readonly rows: readonly Row[]; readonly count: number } | string> =>
    inTurn(async () => {
      try {
        client ??= await connect();
        const answer = await client.query(statement, [...values]);
        return { rows: answer.rows, count: answer.rowCount ?? 0 };
      } catch (error) {
        const code = stateOf(error);
        if (code !== undefined && expected.includes(code)) return code;
        // Nobody knows what a broken connection, or one whose answer did not come in time, still has to say.
        drop(client);
        throw explain(error, place.shown);
      }
    });
  const query: PostgresSession["query"] = async (statement, values) => {
    const answer = await ask(statement, values, []);
    return typeof answer === "string" ? [] : answer.rows;
  };

  return {
    query,
    queryIfThere: async (statement, values) => {
      const answer = await ask(statement, values, [NO_TABLE]);
      return typeof answer === "string" ? undefined : answer.rows;
    },
    insert: async (statement, values) => {
      const answer = await ask(statement, values, [NOT_UNIQUE]);
      return typeof answer === "string" ? 0 : answer.count;
    },
    prepare: async (tables, look, values) => {
      if (typeof (await ask(look, values, [NO_TABLE])) !== "string") return;
      for (const table of tables) {
        // Two runs may make the same table at the same moment: one of them is told that it is there.
        const answer = await ask(table, [], [NO_RIGHT, NOT_UNIQUE, TABLE_THERE]);
        if (answer !== NO_RIGHT) continue;
        throw storeError("unprepared", place.shown, "The tables are not there, and this role may not make them.");
      }
    },
    close: () =>
      inTurn(async () => {
        await client?.end().catch(() => undefined);
        client = undefined;
      }),
  };
}

async function makeConfig(place: PostgresLocation, files: Files): Promise<ClientConfig> {
  const { host, port, user, password, database, ssl, rootCertificate } = place;
  const trusted =
    rootCertificate === undefined ? {} : { ca: new TextDecoder().decode(await files.read(rootCertificate)) };
  return {
    ...{ host, port, database, application_name: "axcess", keepAlive: true },
    ...(user !== undefined && { user }),
    ...(password !== undefined && { password }),
    ssl: ssl === "disable" ? false : { ...trusted, ...CHECKS[ssl] },
    connectionTimeoutMillis: CONNECT_MILLISECONDS,
    query_timeout: ANSWER_MILLISECONDS,
  };
}

const CHECKS = {
  require: { rejectUnauthorized: false },
  "verify-ca": { rejectUnauthorized: true, checkServerIdentity: () => undefined },
  "verify-full": { rejectUnauthorized: true },
} as const;

/** The five characters by which the server says what it refused; undefined where it was not the server. */
function stateOf(error: unknown): string | undefined {
  const { code } = error as { readonly code?: unknown };
  return typeof code === "string" && /^(?=.*\d)[0-9A-Z]{5}$/u.test(code) ? code : undefined;
}

/** Classes of states: 08 connections, 53 what the server lacks, 57 that it is stopped. */
function explain(error: unknown, shown: string): Error {
  const state = stateOf(error);
  const unreachable = state === undefined || /^(08|53|57)/u.test(state);
  const fault: StoreFault = unreachable ? "unreachable" : state === NO_TABLE ? "unprepared" : "refused";
  const { message, code } = error as NodeJS.ErrnoException;
  return storeError(fault, shown, `${message === "" ? (code ?? "no answer") : message}.`);
}
