import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { systemFiles } from "../../src/host/system-files.ts";
import { connectStore } from "../../src/stores/connect-store.ts";
import { type CutBench, cutEverywhere } from "../support/cut-runs.ts";
import { describeStore, entryOf, outcomeOf, readExits, runIn } from "../support/ledger-contract.ts";
import { type PostgresServer, startPostgres } from "../support/postgres-server.ts";
import {
  foundTeam,
  playCutApply,
  playEmptied,
  playKilled,
  playShards,
  playTwoAtOnce,
  type Team,
} from "../support/team-story.ts";

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

interface PostgresBench extends CutBench {
  readonly locationOf: (port?: number) => string;
}

async function makeBench(
  role: { readonly user: string; readonly password: string } = server.owner,
): Promise<PostgresBench> {
  const ledger = randomUUID();
  const locationOf = (port?: number): string => `${server.urlOf(role, port)}?ledger=${ledger}`;
  const openAt = (port?: number) => connectStore(locationOf(port), systemFiles);
  return {
    locationOf,
    openAt,
    open: () => openAt(),
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

describe("a connection to PostgreSQL that is cut", () => {
  it("at any request, and comes back, loses and doubles nothing", async () => {
    const ended = await cutEverywhere(server.port, makeBench, { recovers: true, every: 1 });
    expect([ended.whole > 0, ended.broken > 0]).toEqual([true, true]);
  });

  it("at any request, for good, loses and doubles nothing", async () => {
    expect((await cutEverywhere(server.port, makeBench, { recovers: false, every: 1 })).broken).toBeGreaterThan(20);
  });
});

describe("a team with its ledger in PostgreSQL", () => {
  const makeTeam = async (): Promise<{
    readonly team: Team;
    readonly port: number;
    readonly bury: () => Promise<void>;
    readonly empty: () => Promise<void>;
  }> => {
    const bench = await makeBench();
    return { team: await foundTeam(bench.locationOf), port: server.port, bury: bench.bury, empty: bench.empty };
  };

  it("applies once where two begin at once", async () => playTwoAtOnce((await makeTeam()).team));

  it("applies two shards at once, and one shard once", async () => playShards((await makeTeam()).team));

  it("goes on after one was killed, once the lock is over", async () => {
    const { team, bury } = await makeTeam();
    await playKilled(team, bury);
  });

  it("goes on after one was killed, once its lock is released", async () => {
    const { team } = await makeTeam();
    await playKilled(team, async () => {
      const { stdout } = await team.run(["unlock"]);
      const run = /run_\S+/u.exec(stdout)?.[0] ?? "";
      const released = await team.run(["unlock", "--run", run]);
      expect([released.exit, released.stdout]).toEqual([0, expect.stringContaining(`The lock of ${run} is released.`)]);
    });
  });

  it("removes nothing when the ledger was emptied", async () => {
    const { team, empty } = await makeTeam();
    await playEmptied(team, empty);
  });

  it("sends nothing that is not announced where the way to the ledger is cut", async () => {
    expect(await playCutApply(makeTeam, 8)).toContain(5);
  });

  it("moves its ledger there from a file, and back", async () => {
    const { team } = await makeTeam();
    await team.place.run(["apply", "--sandbox", "--auto-approve", "--ledger", "l.jsonl"]);
    const location = (await makeBench()).locationOf();
    const copied = await team.place.run(["ledger", "copy", location, "--ledger", "l.jsonl"]);
    expect([copied.exit, copied.stderr]).toEqual([0, ""]);
    await team.place.run(["ledger", "copy", "back.jsonl", "--ledger", location]);
    expect(await team.place.read("back.jsonl")).toBe(await team.place.read("l.jsonl"));
  });
});

describe("rights in PostgreSQL", () => {
  const role = { user: "axcess_runner", password: "runner" };

  it("that only add lines and hold the lock are enough, and no more can be done with them", async () => {
    await runIn(await makeBench(), "owner", async () => "tables are there");
    await ask(`CREATE ROLE ${role.user} LOGIN PASSWORD '${role.password}'`);
    await ask(`GRANT SELECT, INSERT ON axcess_ledger_lines TO ${role.user}`);
    await ask(`GRANT SELECT, INSERT, UPDATE ON axcess_ledger_locks TO ${role.user}`);
    const bench = await makeBench(role);
    await runIn(bench, "r1", async ({ ledger }) => ledger.append([entryOf("r1", 1)]));
    await runIn(bench, "r2", async ({ ledger }) => ledger.append([entryOf("r2", 2)]));
    expect(await readExits(bench)).toEqual([1, 2]);
    const client = new Client({ connectionString: server.urlOf(role) });
    await client.connect();
    for (const deed of [
      "DELETE FROM axcess_ledger_lines",
      "UPDATE axcess_ledger_lines SET line = ''",
      "TRUNCATE axcess_ledger_lines",
      "DELETE FROM axcess_ledger_locks",
    ]) {
      await expect(client.query(deed)).rejects.toMatchObject({ code: "42501" });
    }
    await client.end();
  });

  it("that only read are enough to plan, and are told when an apply wants more", async () => {
    const reader = { user: "axcess_reader", password: "reader" };
    await ask(`CREATE ROLE ${reader.user} LOGIN PASSWORD '${reader.password}'`);
    await ask(`GRANT SELECT ON axcess_ledger_lines, axcess_ledger_locks TO ${reader.user}`);
    const bench = await makeBench(reader);
    expect(await readExits(bench)).toEqual([]);
    expect(await outcomeOf(runIn(bench, "r1", async () => "in"))).toBe("AX510");
    expect(await outcomeOf(runIn(await makeBench({ ...reader, password: "x" }), "r1", async () => "in"))).toBe("AX510");
  });

  it("to make tables are told where these are not there", async () => {
    await ask("CREATE DATABASE empty");
    const location = server.urlOf({ user: "axcess_reader", password: "reader" }).replace("/postgres", "/empty");
    const bench = { ...(await makeBench()), open: () => connectStore(location, systemFiles) };
    expect(await readExits(bench)).toEqual([]);
    expect(await outcomeOf(runIn(bench, "r1", async () => "in"))).toBe("AX511");
  });
});

describe("the password of PostgreSQL", () => {
  it("may come from PGPASSWORD", async () => {
    const bench = await makeBench();
    const location = bench.locationOf().replace(/:[^:@/]*@/u, "@");
    vi.stubEnv("PGPASSWORD", server.owner.password);
    onTestFinished(() => void vi.unstubAllEnvs());
    const store = await connectStore(location, systemFiles);
    expect(await store.readInPieces(() => undefined)).toBeUndefined();
    await store.close();
  });
});

describe("encryption to PostgreSQL", () => {
  it("is as asked, and the certificate is looked at", async () => {
    const url = server.urlOf(server.owner);
    const address = url.replace("localhost", "127.0.0.1");
    const trusted = `sslrootcert=${server.certificate}`;
    const reach = async (base: string, mode: string): Promise<unknown> => {
      const store = await connectStore(`${base}?sslmode=${mode}`, systemFiles);
      const told = await outcomeOf(store.readInPieces(() => undefined).then(countEncrypted));
      await store.close();
      return told;
    };
    expect(await reach(url, "disable")).toBe(0);
    expect(await reach(url, "require")).toBe(1);
    expect(await reach(url, `verify-full&${trusted}`)).toBe(1);
    expect(await reach(address, `verify-ca&${trusted}`)).toBe(1);
    expect(await reach(url, "verify-full")).toBe("AX509");
    expect(await reach(address, `verify-full&${trusted}`)).toBe("AX509");
  });
});

/** How many connections of axcess are encrypted at this moment. */
async function countEncrypted(): Promise<number> {
  const [row] = await ask(
    "SELECT count(*)::int AS number FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE ssl AND application_name = 'axcess'",
  );
  return (row as { readonly number: number }).number;
}
