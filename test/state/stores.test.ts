import { describe, expect, it } from "vitest";
import { makeFileStore } from "../../src/state/file-store.ts";
import { makeLeasedStore } from "../../src/state/leased-store.ts";
import { openStore } from "../../src/state/open-store.ts";
import { describeStore, entryOf, outcomeOf, readExits, runIn, type StoreBench } from "../support/ledger-contract.ts";
import { makeDisk } from "../support/ledger-disk.ts";
import { type MemoryServer, makeMemoryBackend, makeMemoryServer } from "../support/memory-backend.ts";
import { makeVirtualClock } from "../support/virtual-clock.ts";

const MINUTE = 60_000;

describeStore("a ledger in a file", async () => {
  const files = makeDisk();
  const dead = new Set<number>();
  return {
    open: async () => makeFileStore("ledger.jsonl", files),
    bury: async () => {
      dead.add(JSON.parse(files.text("ledger.jsonl.lock")).pid);
    },
    empty: () => files.remove("ledger.jsonl"),
    isAlive: (pid) => !dead.has(pid),
  };
});

function makeLeasedBench(server: MemoryServer = makeMemoryServer()): StoreBench {
  return {
    open: async () => makeLeasedStore(makeMemoryBackend(server)),
    bury: async () => {
      server.now += 3 * MINUTE + 1;
    },
    empty: async () => {
      Object.assign(server, makeMemoryServer());
    },
  };
}

describeStore("a ledger under a lease", async () => makeLeasedBench());

describe("a lease", () => {
  it("of a dead run falls after three minutes, and not before", async () => {
    const server = makeMemoryServer();
    const bench = makeLeasedBench(server);
    const attempt = (): Promise<unknown> => outcomeOf(runIn(bench, "r2", async () => "in"));
    await runIn(bench, "r1", async () => {
      server.now = 3 * MINUTE;
      expect(await attempt()).toBe("AX505");
      server.now += 1;
      expect(await attempt()).toBe("in");
    });
  });

  it("says how long it was not renewed, and when it falls", async () => {
    const server = makeMemoryServer();
    const bench = makeLeasedBench(server);
    await runIn(bench, "r1", async () => {
      server.now = MINUTE - 1000;
      await expect(runIn(bench, "r2", async () => "in")).rejects.toMatchObject({
        diagnostics: [
          {
            detail: expect.stringContaining("renewed 59 seconds ago. The ledger is memory://server/ledger."),
            fix: "Wait for that run. If it is dead, the lock falls by itself in 121 seconds, or at once: axcess unlock",
          },
        ],
      });
      server.now = 3 * MINUTE - 500;
      await expect(runIn(bench, "r2", async () => "in")).rejects.toMatchObject({
        diagnostics: [{ fix: expect.stringContaining("by itself in 1 second, or") }],
      });
    });
  });

  /** A run on a clock that jumps, which the server's clock follows. */
  async function keep(work: (server: MemoryServer, sleep: (minutes: number) => Promise<void>) => Promise<unknown>) {
    const clock = makeVirtualClock();
    const server = makeMemoryServer();
    Object.defineProperty(server, "now", { get: clock.monotonic });
    const bench = makeLeasedBench(server);
    return runIn(
      bench,
      "r1",
      async ({ ledger }) => {
        await work(server, (minutes) => clock.sleep(minutes * MINUTE));
        const mine = await outcomeOf(ledger.append([entryOf("r1", 1)]));
        return [mine, await outcomeOf(runIn(bench, "r2", async () => "in"))];
      },
      clock,
    );
  }

  it("is renewed for as long as its run goes on", async () => {
    expect(await keep((_, sleep) => sleep(60))).toEqual([undefined, "AX505"]);
  });

  it("outlives two renewals that fail, and is given up before anybody can take it", async () => {
    const failure = new Error("no way there");
    const fail = (minutes: number) => async (server: MemoryServer, sleep: (minutes: number) => Promise<void>) => {
      server.failure = failure;
      await sleep(minutes);
      server.failure = undefined;
    };
    expect(await keep(fail(2.4))).toEqual([undefined, "AX505"]);
    expect(await keep(fail(2.6))).toEqual(["AX508", "AX505"]);
  });

  it("that somebody else has is found lost at the next renewal", async () => {
    const lost = await keep(async (server, sleep) => {
      if (server.lease !== undefined) server.lease.epoch += 1;
      await sleep(1.1);
    });
    expect(lost).toEqual(["AX508", "AX505"]);
  });

  it("that cannot be given back is left to fall, and what the run came to counts", async () => {
    const server = makeMemoryServer();
    const bench = makeLeasedBench(server);
    const came = await runIn(bench, "r1", async ({ ledger }) => {
      await ledger.append([entryOf("r1", 1)]);
      server.failure = new Error("no way there");
      return "done";
    });
    server.failure = undefined;
    expect([came, server.lease?.holder?.run]).toEqual(["done", "run_r1"]);
  });

  it("that changes hands while it is asked for is told so", async () => {
    const server = makeMemoryServer();
    const bench: StoreBench = {
      ...makeLeasedBench(server),
      open: async () => makeLeasedStore({ ...makeMemoryBackend(server), swapLease: async () => undefined }),
    };
    expect(await outcomeOf(runIn(bench, "r1", async () => "in"))).toBe("AX506");
  });

  it("that is renewed while it is taken away is taken away all the same", async () => {
    const server = makeMemoryServer();
    const bench = makeLeasedBench(server);
    await runIn(bench, "r1", async () => {
      const backend = makeMemoryBackend(server);
      let isFirst = true;
      const store = makeLeasedStore({
        ...backend,
        swapLease: async (seen, holder) => {
          if (isFirst) await backend.renewLease(1);
          isFirst = false;
          return backend.swapLease(seen, holder);
        },
      });
      const host = { pid: 1, hostname: "here", user: "ana", isAlive: () => true };
      expect(await store.breakLock({ host, clock: makeVirtualClock(), run: "run_r1" })).toBe(true);
    });
  });

  it("is needed to add anything", async () => {
    const store = await makeLeasedBench().open();
    const end = await store.openEnd(await store.readInPieces(() => undefined));
    expect(await outcomeOf(end.append("{}\n"))).toBe("AX508");
  });
});

describe("a run that stands still while its intent is written", () => {
  it("is told that it lost the lock, so that it sends nothing", async () => {
    const server = makeMemoryServer();
    const clock = makeVirtualClock();
    let stands = 0;
    const bench: StoreBench = {
      ...makeLeasedBench(server),
      open: async () => {
        const backend = makeMemoryBackend(server);
        return makeLeasedStore({
          ...backend,
          append: async (text, at) => {
            const end = await backend.append(text, at);
            stands = 4 * MINUTE;
            return end;
          },
        });
      },
    };
    const still = { ...clock, monotonic: () => clock.monotonic() + stands };
    await runIn(
      bench,
      "r1",
      async ({ ledger }) => {
        expect(await outcomeOf(ledger.append([entryOf("r1", 1)]))).toBe("AX508");
      },
      still,
    );
    expect(await readExits(bench)).toEqual([1]);
  });

  /** A machine that sleeps: the clock that only counts stands still meanwhile, the calendar goes on. */
  async function sleepFor(minutes: number, meanwhile: (server: MemoryServer) => void = () => undefined) {
    const server = makeMemoryServer();
    const clock = makeVirtualClock();
    const slept = { ...clock, now: () => new Date(clock.now().getTime() + minutes * MINUTE * Number(isAwake)) };
    let isAwake = false;
    return runIn(
      makeLeasedBench(server),
      "r1",
      async ({ ledger }) => {
        await ledger.append([entryOf("r1", 1)]);
        isAwake = true;
        meanwhile(server);
        const came = await Promise.all([1, 2, 3].map(() => outcomeOf(ledger.ensureHeld())));
        return { came, again: await outcomeOf(ledger.ensureHeld()), renewals: server.lease?.renewal };
      },
      slept,
    );
  }
  const takeOver = (server: MemoryServer): void => {
    if (server.lease !== undefined) server.lease.epoch += 1;
  };

  it("asks the store whether the lock is still its own when its machine has slept", async () => {
    expect(await sleepFor(60, takeOver)).toMatchObject({ came: ["AX508", "AX508", "AX508"], again: "AX508" });
    // Nobody came meanwhile, and one question tells all who ask.
    expect(await sleepFor(60)).toEqual({ came: [undefined, undefined, undefined], again: undefined, renewals: 1 });
    expect(await sleepFor(-60)).toMatchObject({ renewals: 1 });
    expect(await sleepFor(2.4)).toMatchObject({ again: undefined, renewals: 0 });
  });

  it("sends nothing where the store cannot tell", async () => {
    const fail = (server: MemoryServer): void => {
      server.failure = new Error("no way there");
    };
    await expect(sleepFor(60, fail)).rejects.toThrow("no way there");
  });
});

describe("opening a store", () => {
  it("that is no file needs somebody who can", async () => {
    await expect(openStore({ location: "s3://b/p", files: makeDisk() })).rejects.toThrow("cannot be opened from here");
  });
});
