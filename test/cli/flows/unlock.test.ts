import { hostname } from "node:os";
import { describe, expect, test } from "vitest";
import { makeWorkplace, type Workplace } from "../../support/run-axcess.ts";

const LOCK = "ledger.jsonl.lock";
const AT = ["--ledger", "ledger.jsonl"];
const NOW = ["--now", "2026-11-01T12:00:42Z"];

/** A folder with a lock; of another machine unless told. */
function makeLocked(holder: Readonly<Record<string, unknown>> = {}): Workplace {
  const place = makeWorkplace();
  const usual = { pid: 7, hostname: "build-1", user: "ana\u001b", run: "run_a", startedAt: "2026-11-01T12:00:00.000Z" };
  place.write(LOCK, JSON.stringify({ ...usual, ...holder }));
  return place;
}

const SHOWN = `The ledger at ledger.jsonl is locked.
  run      run_a
  by       ana\\u{1b} on build-1, process 7
  since    2026-11-01T12:00:00.000Z
  renewed  42 seconds ago
  over     no
`;

describe("axcess unlock", () => {
  test("tells that nobody holds the lock", async () => {
    const { exit, stdout } = await makeWorkplace().run(["unlock", ...AT]);
    expect([exit, stdout]).toEqual([0, "Nobody holds the lock of the ledger at ledger.jsonl.\n"]);
  });

  test("tells whose it is, and without a terminal releases nothing that is not named", async () => {
    const place = makeLocked();
    const { exit, stdout, stderr } = await place.run(["unlock", ...AT, ...NOW]);
    expect([exit, stdout]).toEqual([1, SHOWN]);
    expect(stderr).toBe("It was not released. To release it: axcess unlock --run run_a\n");
    expect(await place.read(LOCK)).toContain("run_a");
  });

  test("releases the lock of the run that is named, and of no other", async () => {
    const place = makeLocked();
    const other = await place.run(["unlock", "--run", "run_b", ...AT, ...NOW]);
    expect([other.exit, other.stderr]).toEqual([1, expect.stringContaining('not that of the run "run_b"')]);
    const { exit, stdout } = await place.run(["unlock", "--run", "run_a", "--json", ...AT, ...NOW]);
    expect([exit, JSON.parse(stdout)]).toMatchObject([
      0,
      { released: true, ledger: "ledger.jsonl", lock: { run: "run_a", idle_seconds: 42, over: false } },
    ]);
    await expect(place.read(LOCK)).rejects.toThrow();
  });

  test("asks for the id of the run at a terminal", async () => {
    const place = makeLocked();
    for (const typed of [[], [""]]) {
      expect((await place.run(["unlock", ...AT, ...NOW], { typed })).exit).toBe(1);
    }
    expect((await place.run(["unlock", ...AT, ...NOW], { typed: ["run_"] })).stderr).toContain("AX514");
    expect((await place.run(["unlock", ...AT, ...NOW], { typed: ["run_a"] })).stdout).toContain("is released.");
  });

  test("is refused while the run is at work on this machine, and where nobody can be named", async () => {
    const alive = makeLocked({ hostname: hostname(), pid: process.ppid });
    const { exit, stderr } = await alive.run(["unlock", "--run", "run_a", ...AT, ...NOW]);
    expect([exit, stderr]).toEqual([1, expect.stringContaining(`Process ${process.ppid} is at work on this machine.`)]);
    const told = await alive.run(["unlock", "--json", ...AT, ...NOW]);
    expect(JSON.parse(told.stdout)).toMatchObject({
      ...{ ledger: "ledger.jsonl", lock: { run: "run_a", pid: process.ppid }, released: false },
      diagnostics: [{ code: "AX514" }],
    });
    const odd = makeWorkplace();
    odd.write(LOCK, "?");
    expect((await odd.run(["unlock", "--run", "run_a", ...AT])).stderr).toContain("Who holds it cannot be read");
  });

  test("tells that the next run takes over what is over", async () => {
    const { stdout } = await makeLocked().run(["unlock", ...AT, "--now", "2026-11-01T13:00:01Z"]);
    expect(stdout).toContain("renewed  3601 seconds ago\n  over     yes: the next run takes it over by itself\n");
  });
});

describe("axcess ledger copy", () => {
  test("copies every line as it is, and nothing onto something", async () => {
    const place = makeWorkplace();
    place.write("access.yaml", 'version: 1\norganizations: { "Acme": {} }\npolicy: { min_admins: 0 }\n');
    await place.run(["apply", "--sandbox", "--auto-approve", ...AT]);
    const { exit, stdout } = await place.run(["ledger", "copy", "deep/copy.jsonl", ...AT]);
    expect([exit, stdout]).toEqual([
      0,
      expect.stringMatching(/^Copied \d+ lines from ledger.jsonl to deep\/copy.jsonl;/u),
    ]);
    expect(await place.read("deep/copy.jsonl")).toBe(await place.read("ledger.jsonl"));
    const refused = async (...words: readonly string[]): Promise<readonly [number, string]> => {
      const ran = await place.run(["ledger", "copy", ...words]);
      return [ran.exit, ran.stderr];
    };
    expect(await refused("deep/copy.jsonl", ...AT)).toEqual([
      64,
      expect.stringContaining("something at deep/copy.jsonl"),
    ]);
    expect(await refused("ledger.jsonl", ...AT)).toEqual([64, expect.stringContaining("onto itself")]);
    expect(await refused("b", "--ledger", "none")).toEqual([64, expect.stringContaining("no ledger at none")]);
    expect((await place.run(["plan", "--sandbox", "--ledger", "deep/copy.jsonl"])).stdout).toContain("No changes.");
  });
});
