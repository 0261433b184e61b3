import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { afterAll, beforeAll } from "vitest";
import { systemFiles } from "../../src/host/system-files.ts";
import { connectStore } from "../../src/stores/connect-store.ts";
import { describeStore, type StoreBench } from "../support/ledger-contract.ts";
import { type PostgresServer, startPostgres } from "../support/postgres-server.ts";

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

/** Asks the database as its owner. */
async function ask(statement: string, values: readonly unknown[] = []): Promise<readonly unknown[]> {
  const client = new Client({ connectionString: server.urlOf(server.owner) });
  await client.connect();
  try {
    return (await client.query(statement, [...values])).rows;
  } finally {
    await client.end();
  }
}

async function makeBench(): Promise<StoreBench> {
  const ledger = randomUUID();
  const location = `${server.urlOf(server.owner)}?ledger=${ledger}`;
  return {
    open: () => connectStore(location, systemFiles),
    bury: async () => {
      const older = "renewed_at = renewed_at - interval '181 seconds'";
      await ask(`UPDATE axcess_ledger_locks SET ${older} WHERE ledger = $1`, [ledger]);
    },
    empty: async () => {
      await ask("DELETE FROM axcess_ledger_lines WHERE ledger = $1", [ledger]);
      await ask("DELETE FROM axcess_ledger_locks WHERE ledger = $1", [ledger]);
    },
  };
}

describeStore("a ledger in PostgreSQL", makeBench);
