import { describe, expect, it } from "vitest";
import type { DiagnosedError } from "../../src/model/errors.ts";
import type { Host } from "../../src/model/ports.ts";
import { breakLock, findLock, takeLock } from "../../src/state/lock.ts";
import { makeHandClock } from "../support/hand-clock.ts";
import { type LedgerDisk, makeDisk } from "../support/ledger-disk.ts";
import { makeVirtualClock } from "../support/virtual-clock.ts";

const LOCK = "ledger.jsonl.lock";
const HOUR = 60 * 60 * 1000;

function makeHost(said: Partial<Host> = {}): Host {
  return { pid: 10, hostname: "here", user: "ana", isAlive: () => true, ...said };
}

function options(files: LedgerDisk, host: Partial<Host> = {}, run: string = "r1"): Parameters<typeof takeLock>[0] {
  return { path: "ledger.jsonl", files, host: makeHost(host), clock: makeHandClock(), run };
}

async function refusal(attempt: Promise<unknown>): Promise<string> {
  const error = await attempt.then(
    () => undefined,
    (cause: DiagnosedError) => cause,
  );
  const [diagnostic] = error?.diagnostics ?? [];
  return `${diagnostic?.code} ${diagnostic?.detail}`;
}

describe("the lock", () => {
  it("is a file beside the ledger that says who holds it, and goes when it is given back", async () => {
    const files = makeDisk();
    const lock = await takeLock(options(files));
    expect(lock.notes).toEqual([]);
    expect(JSON.parse(files.text(LOCK))).toEqual({
      ...{ pid: 10, hostname: "here", user: "ana", run: "r1" },
      ...{ startedAt: "2026-06-01T12:00:00.000Z", renewedAt: "2026-06-01T12:00:00.000Z" },
    });
    await lock.release();
    await lock.release();
    expect(files.paths()).toEqual([]);
  });

  it("is refused while its process lives, naming the holder", async () => {
    const files = makeDisk();
    await takeLock(options(files, { user: "bob" }));
    expect(await refusal(takeLock(options(files, { pid: 11 }, "r2")))).toBe(
      "AX505 It is held by bob on here (process 10, run r1) since 2026-06-01T12:00:00.000Z; that process lives. The lock is ledger.jsonl.lock.",
    );
    expect(await refusal(takeLock(options(files)))).toContain("that process lives");
  });

  it("falls when its process on this machine is gone", async () => {
    const files = makeDisk();
    const first = await takeLock(options(files));
    const second = await takeLock(options(files, { pid: 11, isAlive: () => false }, "r2"));
    expect(second.notes).toMatchObject([
      {
        code: "AX507",
        severity: "note",
        detail: "It was held by ana on here (process 10, run r1) since 2026-06-01T12:00:00.000Z; that process is gone.",
      },
    ]);
    await first.release();
    expect(JSON.parse(files.text(LOCK))).toMatchObject({ run: "r2" });
    expect(files.paths()).toEqual([LOCK]);
  });

  it("falls when an earlier run had our own process number", async () => {
    const files = makeDisk();
    await takeLock(options(files));
    expect((await takeLock(options(files, {}, "r2"))).notes).toHaveLength(1);
  });

  it("of another machine falls after an hour, and not before", async () => {
    for (const [age, falls] of [
      [HOUR, false],
      [HOUR + 1, true],
      [-1, false],
    ] as const) {
      const files = makeDisk();
      await takeLock(options(files, { hostname: "there" }));
      const clock = makeHandClock();
      clock.advance(age);
      const attempt = takeLock({ ...options(files, { isAlive: () => false }), clock });
      if (falls) expect((await attempt).notes).toHaveLength(1);
      else expect(await refusal(attempt)).toContain("AX505 It is held by ana on there");
    }
  });

  it("that cannot be read is refused", async () => {
    for (const text of [
      "",
      "{",
      "null",
      '{"pid":1}',
      '{"pid":"1","hostname":"a","user":"b","startedAt":"c","run":"d"}',
    ]) {
      const files = makeDisk();
      files.put(LOCK, text);
      expect(await refusal(takeLock(options(files)))).toContain("AX505 Who holds it cannot be read.");
    }
  });

  it("that goes while it is asked for is told as changing hands", async () => {
    const files = makeDisk();
    const gone = { ...files, createExclusive: async () => false };
    expect(await refusal(takeLock(options(gone)))).toContain("AX506 It was being given back");
  });

  it("that falls goes to one taker only", async () => {
    const guarded = makeDisk();
    await takeLock(options(guarded));
    guarded.put(`${LOCK}.takeover`, "somebody");
    expect(await refusal(takeLock(options(guarded, {}, "r2")))).toContain("AX506 Another run is taking over");
    expect(guarded.paths()).toContain(`${LOCK}.takeover`);

    const raced = makeDisk();
    await takeLock(options(raced));
    const files: LedgerDisk = {
      ...raced,
      createExclusive: async (path, text) => {
        if (path.endsWith(".takeover")) raced.put(LOCK, "the lock of somebody quicker");
        return raced.createExclusive(path, text);
      },
    };
    expect(await refusal(takeLock(options(files, {}, "r2")))).toContain("AX506 Another run took over");
    expect(raced.text(LOCK)).toBe("the lock of somebody quicker");
    expect(raced.paths()).toEqual([LOCK]);
  });

  it("falls also where the run that took it over was killed half-way, however often", async () => {
    const files = makeDisk();
    await takeLock(options(files));
    files.put(`${LOCK}.takeover`, files.text(LOCK).replace("r1", "r2"));
    files.put(`${LOCK}.takeover.takeover`, files.text(LOCK).replace("r1", "r3"));
    const host = { pid: 11, isAlive: () => false };
    const lock = await takeLock(options(files, host, "r4"));
    expect(lock.notes.map(({ code }) => code)).toEqual(["AX507"]);
    expect(JSON.parse(files.text(LOCK))).toMatchObject({ run: "r4" });
    expect(files.paths()).toEqual([LOCK]);
  });

  it("does not fall while the run that takes it over lives", async () => {
    const files = makeDisk();
    await takeLock(options(files));
    const taker = files.text(LOCK).replace('"pid":10', '"pid":12');
    files.put(`${LOCK}.takeover`, taker);
    const host = { pid: 11, isAlive: (pid: number) => pid === 12 };
    expect(await refusal(takeLock(options(files, host, "r4")))).toContain("AX506 Another run is taking over");
    const going = { ...files, size: async (path: string) => (path.endsWith("over") ? undefined : files.size(path)) };
    expect(await refusal(takeLock(options(going, host, "r4")))).toContain("AX506 Another run is taking over");
    expect(files.text(`${LOCK}.takeover`)).toBe(taker);
  });
});

describe("a lock that cannot be had", () => {
  it("is told with what to do: to wait, or to remove what lies around", async () => {
    const files = makeDisk();
    await takeLock(options(files));
    const waiting = takeLock(options(files, { pid: 11 }, "r2"));
    await expect(waiting).rejects.toMatchObject({
      diagnostics: [{ fix: "Wait for that run; if it surely is over, release the lock: axcess unlock" }],
    });
    const changing = takeLock(options({ ...makeDisk(), createExclusive: async () => false }));
    await expect(changing).rejects.toMatchObject({
      diagnostics: [{ fix: "Run again; if it stays, remove the file." }],
    });
  });
});

describe("a lock that is looked at", () => {
  const look = (files: LedgerDisk, host: Partial<Host> = {}) => {
    const clock = makeHandClock();
    clock.advance(5000);
    return findLock({ path: "ledger.jsonl", files, host: makeHost(host), clock });
  };

  it("is told with its holder, since when it was not renewed, and whether it falls", async () => {
    const files = makeDisk();
    expect(await look(files)).toBeUndefined();
    await takeLock(options(files));
    const found = { holder: { run: "r1", user: "ana" }, idle: 5000 };
    expect(await look(files, { pid: 11 })).toMatchObject({ ...found, isOver: false });
    expect(await look(files, { pid: 11, isAlive: () => false })).toMatchObject({ ...found, isOver: true });
    // Whoever looks is no run: what has their number is of a run before them.
    expect(await look(files)).toMatchObject({ ...found, isOver: true });
  });

  it("that cannot be read falls by itself never", async () => {
    const files = makeDisk();
    files.put(LOCK, "{");
    expect(await look(files)).toEqual({ holder: undefined, idle: undefined, isOver: false });
  });
});

describe("a lock that is taken away", () => {
  const take = (files: LedgerDisk, run: string, host: Partial<Host> = {}): Promise<boolean> =>
    breakLock(options(files, host, run));

  it("is that of the run that is named, and no other; nothing is left behind", async () => {
    const files = makeDisk();
    await takeLock(options(files));
    expect([await take(files, "r2"), files.paths()]).toEqual([false, [LOCK]]);
    expect([await take(files, "r1"), files.paths()]).toEqual([true, []]);
    expect([await take(files, "r1"), files.paths()]).toEqual([false, []]);
    files.put(LOCK, "{");
    expect([await take(files, "r1"), files.text(LOCK)]).toEqual([false, "{"]);
  });

  it("is left alone while another run takes it over", async () => {
    const files = makeDisk();
    await takeLock(options(files));
    const taker = files.text(LOCK).replace('"pid":10', '"pid":12');
    files.put(`${LOCK}.takeover`, taker);
    expect(await refusal(take(files, "r1"))).toContain("AX506 Another run is taking over");
    expect([files.text(LOCK).includes('"r1"'), files.text(`${LOCK}.takeover`)]).toEqual([true, taker]);
  });

  it("is not the lock of whoever took it over meanwhile", async () => {
    const files = makeDisk();
    await takeLock(options(files));
    const slow: LedgerDisk = {
      ...files,
      createExclusive: async (path, text) => {
        files.put(LOCK, files.text(LOCK).replace('"r1"', '"r2"'));
        return files.createExclusive(path, text);
      },
    };
    expect(await take(slow, "r1")).toBe(false);
    expect(files.paths()).toEqual([LOCK]);
  });
});

describe("a lock that is kept", () => {
  const START = new Date("2026-06-01T12:00:00.000Z");
  const MINUTE = 60 * 1000;

  /** A lock of another machine that is kept on a clock that jumps, and what a second run at a moment comes to. */
  async function keep(files: LedgerDisk = makeDisk()) {
    const clock = makeVirtualClock(START);
    const lock = await takeLock({ ...options(files, { hostname: "there" }), clock });
    lock.keep();
    lock.keep();
    const attempt = (): Promise<string> => refusal(takeLock({ ...options(files, {}, "r2"), clock }));
    return { files, clock, lock, attempt };
  }

  it("outlives the hour for as long as its run does, and goes with it", async () => {
    const { files, clock, lock, attempt } = await keep();
    await clock.sleep(5 * HOUR + MINUTE);
    expect(await attempt()).toContain(
      "AX505 It is held by ana on there (process 10, run r1) since 2026-06-01T12:00:00",
    );
    expect(JSON.parse(files.text(LOCK))).toMatchObject({ renewedAt: "2026-06-01T17:00:00.000Z" });
    await lock.ensureHeld();
    await lock.release();
    expect(files.paths()).toEqual([]);
  });

  it("holds when a renewal fails, and is lost when they fail for an hour", async () => {
    const disk = makeDisk();
    let isFull = true;
    const files: LedgerDisk = {
      ...disk,
      replace: (path, text) => (isFull ? Promise.reject(new Error("full")) : disk.replace(path, text)),
    };
    const { clock, lock } = await keep(files);
    await clock.sleep(50 * MINUTE);
    await lock.ensureHeld();
    isFull = false;
    await clock.sleep(50 * MINUTE);
    await lock.ensureHeld();
    isFull = true;
    await clock.sleep(61 * MINUTE + HOUR);
    expect(await refusal(lock.ensureHeld())).toContain("AX508 It was not renewed for an hour");
    await lock.release();
  });

  it("is read again only where its file is another one, and lost as soon as it is gone", async () => {
    const disk = makeDisk();
    let reads = 0;
    const files: LedgerDisk = {
      ...disk,
      read: (path) => {
        reads += 1;
        return disk.read(path);
      },
    };
    const { clock, lock } = await keep(files);
    for (let time = 0; time < 3; time += 1) await lock.ensureHeld();
    expect(reads).toBe(1);
    // Renewed.
    await clock.sleep(16 * MINUTE);
    for (let time = 0; time < 3; time += 1) await lock.ensureHeld();
    expect(reads).toBe(2);
    await disk.remove(LOCK);
    expect(await refusal(lock.ensureHeld())).toContain("AX508");
    await lock.release();
  });

  it("is read each time where files have no stamps", async () => {
    const { stamp: _, ...files } = makeDisk();
    const { lock } = await keep(files);
    await lock.ensureHeld();
    files.put(LOCK, "the lock of somebody else");
    expect(await refusal(lock.ensureHeld())).toContain("AX508");
    await lock.release();
  });

  it("is lost to whoever took it over, and what they hold is left alone", async () => {
    const { files, clock, lock } = await keep();
    files.put(LOCK, "the lock of somebody else");
    await clock.sleep(16 * MINUTE);
    expect(await refusal(lock.ensureHeld())).toContain("AX508");
    await lock.release();
    expect(files.text(LOCK)).toBe("the lock of somebody else");
  });

  it("of a version that never renewed falls by its beginning", async () => {
    const files = makeDisk();
    files.put(LOCK, '{"hostname":"there","pid":1,"run":"r0","startedAt":"2026-06-01T11:00:00.000Z","user":"bob"}');
    expect(await refusal(takeLock(options(files)))).toContain("AX505 It is held by bob on there");
    files.put(LOCK, '{"hostname":"there","pid":1,"run":"r0","startedAt":"2026-06-01T10:59:59.000Z","user":"bob"}');
    expect((await takeLock(options(files))).notes).toMatchObject([{ detail: expect.stringContaining("not renewed") }]);
  });
});
