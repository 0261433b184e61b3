import { randomUUID } from "node:crypto";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { systemFiles } from "../../src/host/system-files.ts";
import { connectStore } from "../../src/stores/connect-store.ts";
import { type CutBench, cutEverywhere } from "../support/cut-runs.ts";
import { startForgetfulS3 } from "../support/forgetful-s3.ts";
import { describeStore, entryOf, outcomeOf, readExits, runIn } from "../support/ledger-contract.ts";
import { type S3Server, startS3 } from "../support/s3-server.ts";
import {
  foundTeam,
  playCutApply,
  playEmptied,
  playKilled,
  playShards,
  playTwoAtOnce,
  type Team,
} from "../support/team-story.ts";

let server: S3Server;
beforeAll(async () => {
  server = await startS3();
  for (const [name, value] of Object.entries(server.env)) vi.stubEnv(name, value);
});
afterAll(() => server.stop());

function locationOf(prefix: string, port: number = server.port): string {
  return `s3://${server.bucket}/${prefix}?endpoint=http://127.0.0.1:${port}&path-style=true`;
}

interface S3Bench extends CutBench {
  readonly prefix: string;
}

async function makeBench(): Promise<S3Bench> {
  const prefix = `team/${randomUUID()}`;
  const openAt = (port?: number) => connectStore(locationOf(prefix, port), systemFiles);
  return {
    prefix,
    openAt,
    open: () => openAt(),
    bury: async () => server.age(prefix, 182),
    empty: async () => rmSync(server.folderOf(prefix), { recursive: true }),
  };
}

describeStore("a ledger in S3", makeBench);

describe("segments in S3", () => {
  it("are closed when they are large, and lines go on in the next", async () => {
    const bench = await makeBench();
    const large = { type: "managed", run: "r", classes: [`space@organization:${"x".repeat(200_000)}`] } as const;
    await runIn(bench, "r1", async ({ ledger }) => {
      for (let count = 0; count < 5; count += 1) await ledger.append([large]);
    });
    await runIn(bench, "r2", async ({ ledger }) => ledger.append([entryOf("r2", 1)]));
    expect(readdirSync(server.folderOf(bench.prefix)).length).toBe(3);
    expect(await readExits(bench)).toEqual([-1, -1, -1, -1, -1, 1]);
  });

  it("that are closed are not gone beyond by a run that lost its lock", async () => {
    const bench = await makeBench();
    const large = { type: "managed", run: "r", classes: [`space@organization:${"x".repeat(300_000)}`] } as const;
    await runIn(bench, "r1", async ({ ledger }) => {
      await ledger.append([large]);
      await bench.bury();
      await runIn(bench, "r2", async (next) => {
        expect(await outcomeOf(ledger.append([entryOf("r1", 1)]))).toBe("AX508");
        await next.ledger.append([entryOf("r2", 2)]);
      });
    });
    expect(await readExits(bench)).toEqual([-1, 2]);
  });

  it("of another ledger may lie deeper, and a folder may have an object", async () => {
    const bench = await makeBench();
    await runIn(bench, "r1", async ({ ledger }) => ledger.append([entryOf("r1", 1)]));
    const deeper = { ...bench, open: () => connectStore(locationOf(`${bench.prefix}/deeper`), systemFiles) };
    await runIn(deeper, "r2", async ({ ledger }) => ledger.append([entryOf("r2", 2)]));
    expect([await readExits(bench), await readExits(deeper)]).toEqual([[1], [2]]);
  });

  it("that are missing, strange or changed are told", async () => {
    const bench = await makeBench();
    await runIn(bench, "r1", async ({ ledger }) => ledger.append([entryOf("r1", 1)]));
    const folder = server.folderOf(bench.prefix);
    writeFileSync(join(folder, "0000000003.jsonl"), "");
    expect(await outcomeOf(readExits(bench))).toBe("AX512");
    rmSync(join(folder, "0000000003.jsonl"));
    writeFileSync(join(folder, "0000000002.jsonl"), "{}\n");
    expect(await outcomeOf(readExits(bench))).toBe("AX512");
  });
});

describe("an S3 server", () => {
  it("that takes no notice of conditions is refused", async () => {
    const forgetful = await startForgetfulS3();
    onTestFinished(forgetful.close);
    const location = `s3://b/p?endpoint=${forgetful.url}&path-style=true`;
    const bench = { ...(await makeBench()), open: () => connectStore(location, systemFiles) };
    expect(await outcomeOf(runIn(bench, "r1", async () => "in"))).toBe("AX513");
  });

  it("that has no such bucket, or refuses the key, is told", async () => {
    const bench = await makeBench();
    const open = (location: string) => ({ ...bench, open: () => connectStore(location, systemFiles) });
    const missing = locationOf("p").replace(server.bucket, "no-such-bucket");
    expect(await outcomeOf(readExits(open(missing)))).toBe("AX511");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "wrong");
    expect(await outcomeOf(readExits(bench))).toBe("AX510");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", server.env["AWS_SECRET_ACCESS_KEY"]);
  });

  it("that a variable names is not spoken to in the clear", async () => {
    vi.stubEnv("AWS_ENDPOINT_URL_S3", "http://s3.acme.example");
    const store = await connectStore("s3://b/p", systemFiles);
    await expect(store.readInPieces(() => undefined)).rejects.toThrow("http: on another machine");
    await store.close();
    vi.stubEnv("AWS_ENDPOINT_URL_S3", undefined);
  });

  it("lets one of many through that write the same object at once", async () => {
    for (let round = 0; round < 20; round += 1) {
      const bench = await makeBench();
      const stores = await Promise.all(Array.from({ length: 6 }, bench.open));
      const clock = { now: () => new Date(0), monotonic: () => 0, sleep: async () => undefined };
      const attempts = stores.map((store, pid) =>
        outcomeOf(
          store.takeLock({ host: { pid, hostname: "h", user: "u", isAlive: () => true }, clock, run: `r${pid}` }),
        ),
      );
      const taken = (await Promise.all(attempts)).filter((outcome) => typeof outcome !== "string");
      expect(taken).toHaveLength(1);
      await Promise.all(stores.map((store) => store.close()));
    }
  });
});

describe("a connection to S3 that is cut", () => {
  it("at any request, and comes back, is not noticed, since a write that was done is found done", async () => {
    const ended = await cutEverywhere(server.port, makeBench, { recovers: true, every: 1 });
    expect([ended.whole > 0, ended.broken]).toEqual([true, expect.any(Number)]);
    expect(ended.broken / ended.whole).toBeLessThan(0.5);
  });

  it("for good, loses and doubles nothing", async () => {
    expect((await cutEverywhere(server.port, makeBench, { recovers: false, every: 2 })).broken).toBeGreaterThan(10);
  });
});

describe("a team with its ledger in S3", () => {
  const makeTeam = async (): Promise<{
    readonly team: Team;
    readonly port: number;
    readonly bury: () => Promise<void>;
    readonly empty: () => Promise<void>;
  }> => {
    const bench = await makeBench();
    const team = await foundTeam((port) => locationOf(bench.prefix, port), server.env);
    return { team, port: server.port, bury: bench.bury, empty: bench.empty };
  };

  it("applies once where two begin at once", async () => playTwoAtOnce((await makeTeam()).team));

  it("applies two shards at once, and one shard once", async () => playShards((await makeTeam()).team));

  it("goes on after one was killed, once the lock is over", async () => {
    const { team, bury } = await makeTeam();
    await playKilled(team, bury);
  });

  it("removes nothing when the ledger was emptied", async () => {
    const { team, empty } = await makeTeam();
    await playEmptied(team, empty);
  });

  it("sends nothing that is not announced where the way to the ledger is cut", async () => {
    expect(await playCutApply(makeTeam, 5)).toContain(5);
  });
});
