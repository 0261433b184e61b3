import { lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { systemFiles } from "../../src/host/system-files.ts";
import { systemPrograms } from "../../src/host/system-programs.ts";
import type { LedgerEntry, LedgerLine } from "../../src/model/ledger.ts";
import type { Programs } from "../../src/model/ports.ts";
import { describeSink, type SecretSink } from "../../src/model/secret.ts";
import { hasVariable, setVariable } from "../../src/secrets/dotenv.ts";
import { makeKeeper } from "../../src/secrets/make-keeper.ts";
import { makeStep, SOME_DIGEST } from "../support/toy-plan.ts";

// The same cases on every machine and every day.
fc.configureGlobal({ seed: 20_261_121 });

const SECRET = "ak-secret";
const STEP = makeStep("k");
const RENEWAL = makeStep("k", { op: "update", fields: [{ field: "rotation", to: "now" }] });

interface Ran {
  readonly argv: readonly string[];
  readonly input: string;
}

function openHome(
  sink: SecretSink | undefined,
  said: { entries?: readonly LedgerEntry[]; code?: number | undefined } = {},
) {
  const outside = mkdtempSync(join(tmpdir(), "axcess-keeper-"));
  onTestFinished(() => rmSync(outside, { recursive: true, force: true }));
  const home = join(outside, "home");
  mkdirSync(home);
  const ran: Ran[] = [];
  const programs: Programs = {
    run: async (argv, input, { without }) => {
      expect(without).toEqual(["MY_KEY"]);
      ran.push({ argv, input });
      return "code" in said ? said.code : 0;
    },
  };
  const lines = (said.entries ?? []).map(
    (entry, index): LedgerLine => ({
      format: 1,
      seq: index + 1,
      at: "",
      prev: SOME_DIGEST,
      digest: SOME_DIGEST,
      entry,
    }),
  );
  const sinks = new Map(sink === undefined ? [] : [[STEP.address, sink]]);
  const keeper = makeKeeper({
    files: systemFiles,
    programs,
    keyVariables: ["MY_KEY"],
    home,
    sinks,
    history: async () => lines,
  });
  return {
    ...{ keeper, home, outside, ran },
    keep: () => keeper.deliver(STEP, () => SECRET),
    at: (name: string) => join(home, name),
    text: (name: string) => readFileSync(join(home, name), "utf8"),
  };
}

describe("a file", () => {
  const FILE: SecretSink = { to: "file", path: "deep/er/ci" };

  test("holds the secret and nothing else, for its owner alone", async () => {
    const { keeper, keep, at, text } = openHome(FILE);
    expect(await keeper.whyNotReady(STEP)).toBeUndefined();
    await keep();
    expect(text("deep/er/ci")).toBe(SECRET);
    expect(lstatSync(at("deep/er/ci")).mode & 0o777).toBe(0o600);
  });

  test("that is there is only written over where axcess put it there, or where the key rotates in place", async () => {
    const intent = {
      type: "intent",
      run: "r",
      change: "chg_1",
      op: "create",
      kind: "space",
      address: STEP.address,
    } as const;
    const ours = openHome(FILE, { entries: [{ ...intent, to: { secret: describeSink(FILE) } }] });
    const elsewhere = openHome(FILE, { entries: [{ ...intent, to: { secret: "file other" } }, intent] });
    for (const { at } of [ours, elsewhere]) {
      mkdirSync(at("deep/er"), { recursive: true });
      writeFileSync(at("deep/er/ci"), "old");
    }
    expect(await ours.keeper.whyNotReady(STEP)).toBeUndefined();
    expect(await elsewhere.keeper.whyNotReady(STEP)).toContain("deep/er/ci is there already");
    expect(await elsewhere.keeper.whyNotReady(RENEWAL)).toBeUndefined();
    const moved = { ...RENEWAL, fields: [{ field: "secret", to: "x" }] };
    expect(await elsewhere.keeper.whyNotReady(moved)).toContain("deep/er/ci is there already");
    // The same key, made while its space had another name: by its id, and by no other key's.
    const before: LedgerEntry = { ...intent, address: "service-key:A/old/k", to: { secret: describeSink(FILE) } };
    const made = { type: "outcome", run: "r", change: "chg_1", address: before.address, op: "create" } as const;
    const renamed = openHome(FILE, { entries: [before, { ...made, result: "done", remote: { id: "k1" } }] });
    mkdirSync(renamed.at("deep/er"), { recursive: true });
    writeFileSync(renamed.at("deep/er/ci"), "old");
    expect(await renamed.keeper.whyNotReady({ ...moved, remote: { id: "k1" } })).toBeUndefined();
    expect(await renamed.keeper.whyNotReady({ ...moved, remote: { id: "k2" } })).toContain("is there already");
  });

  test("that holds the secret of another key is left, and it is said whose, until the ledger says that this one is gone", async () => {
    const address = "service-key:A/old/k" as const;
    const intent = { type: "intent", run: "r", change: "chg_1", op: "create", kind: "service-key", address } as const;
    const put: LedgerEntry = { ...intent, to: { secret: describeSink(FILE) } };
    const whyNot = async (...after: readonly LedgerEntry[]): Promise<string | undefined> => {
      const { keeper, at } = openHome(FILE, { entries: [put, ...after] });
      mkdirSync(at("deep/er"), { recursive: true });
      writeFileSync(at("deep/er/ci"), "old");
      return keeper.whyNotReady(STEP);
    };
    const left = `deep/er/ci is there already, with the secret of ${address}. Move it away, or name another place.`;
    expect(await whyNot()).toBe(left);
    const outcome = { type: "outcome", run: "r", change: "chg_2", address, op: "delete" } as const;
    const going: LedgerEntry = { ...intent, change: "chg_2", op: "delete" };
    expect(await whyNot(going)).toBe(left);
    expect(await whyNot(going, { ...outcome, result: "failed" })).toBe(left);
    expect(await whyNot({ ...outcome, op: "create", result: "done" })).toBe(left);
    const other = "service-key:A/old/other" as const;
    expect(await whyNot({ ...going, address: other }, { ...outcome, address: other, result: "done" })).toBe(left);
    expect(await whyNot(going, { ...outcome, result: "done" })).toBeUndefined();
    expect(await whyNot(going, { ...outcome, result: "absent" })).toBeUndefined();
    // Put there once more after that.
    expect(await whyNot(going, { ...outcome, result: "done" }, put)).toBe(left);
    // With the space that it is in, unless that was meant without it.
    const space = { ...going, kind: "space", address: "space:A/old" } as const;
    const gone: LedgerEntry = { ...outcome, address: "space:A/old", result: "done" };
    expect(await whyNot({ ...space, cascade: [address] }, gone)).toBeUndefined();
    expect(await whyNot({ ...space, cascade: [other] }, gone)).toBe(left);
    expect(await whyNot({ ...space, cascade: [address] }, space, gone)).toBe(left);
    expect(await whyNot({ ...space, op: "update", cascade: [address] }, { ...gone, op: "update" })).toBe(left);
  });

  test("is never reached through a link, nor outside of the manifest's folder, nor a folder", async () => {
    const { keeper, keep, at, outside } = openHome(FILE);
    symlinkSync(outside, at("deep"));
    expect(await keeper.whyNotReady(STEP)).toBe("deep/er/ci leads out of the folder of the manifest.");
    await expect(keep()).rejects.toThrow("leads out");
    const linked = openHome({ to: "file", path: "ci" });
    writeFileSync(linked.at("other"), "");
    symlinkSync(linked.at("other"), linked.at("ci"));
    expect(await linked.keeper.whyNotReady(STEP)).toBe("ci is a symbolic link.");
    const folder = openHome({ to: "file", path: "ci" });
    mkdirSync(folder.at("ci"));
    expect(await folder.keeper.whyNotReady(STEP)).toBe("ci is a folder.");
    const up = openHome({ to: "file", path: "../ci" });
    expect(await up.keeper.whyNotReady(STEP)).toContain("leads out");
  });

  test("may be anywhere where its path is whole", async () => {
    const path = join(mkdtempSync(join(tmpdir(), "axcess-keeper-")), "ci");
    const { keeper, keep } = openHome({ to: "file", path });
    expect(await keeper.whyNotReady(STEP)).toBeUndefined();
    await keep();
    expect(readFileSync(path, "utf8")).toBe(SECRET);
    rmSync(join(path, ".."), { recursive: true });
  });
});

describe("a dotenv file", () => {
  const ENV: SecretSink = { to: "env", file: ".env", name: "KEY" };

  test("is made, or gets one line, whatever else is in it", async () => {
    const fresh = openHome(ENV);
    await fresh.keep();
    expect(fresh.text(".env")).toBe(`KEY=${SECRET}\n`);
    const { keeper, keep, at, text } = openHome(ENV);
    writeFileSync(at(".env"), "# mine\nOTHER=1");
    expect(await keeper.whyNotReady(STEP)).toBeUndefined();
    await keep();
    expect(text(".env")).toBe(`# mine\nOTHER=1\nKEY=${SECRET}\n`);
    expect(await keeper.whyNotReady(STEP)).toBe(
      "KEY in .env is there already, and axcess did not put it there. Move it away, or name another place.",
    );
  });

  test("gets the secrets of two keys one after the other", async () => {
    const { home, text } = openHome(undefined);
    const [a, b] = [makeStep("a"), makeStep("b")];
    const sinks = new Map<string, SecretSink>([
      [a.address, { to: "env", file: ".env", name: "A" }],
      [b.address, { to: "env", file: ".env", name: "B" }],
    ]);
    const keeper = makeKeeper({
      files: systemFiles,
      programs: systemPrograms,
      keyVariables: [],
      home,
      sinks: sinks as never,
      history: async () => [],
    });
    await Promise.all([keeper.deliver(a, () => "1"), keeper.deliver(b, () => "2")]);
    expect(text(".env")).toBe("A=1\nB=2\n");
  });

  test("a variable that is set has the new value, and every other line is as it was", () => {
    expect(setVariable("A=1\nexport KEY = old\r\nKEYS=2\n", "KEY", "new")).toBe("A=1\nKEY=new\nKEYS=2\n");
    const line = fc.constantFrom("KEY=1", " export KEY=2", "KEYS=3", "# KEY=4", "", "x", "A=KEY=");
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const before = lines.join("\n");
        const after = setVariable(before, "KEY", "new").split("\n");
        expect(after.filter((each) => each === "KEY=new")).toHaveLength(1);
        const count = after.filter((each, index) => each !== lines[index]).length;
        expect(count).toBeLessThanOrEqual(2);
        expect(hasVariable(after.join("\n"), "KEY")).toBe(true);
      }),
    );
  });
});

describe("a program", () => {
  test("gets the secret on its standard input alone", async () => {
    const command = ["vault", "kv", "put", "x=-"];
    const { keeper, keep, ran } = openHome({ to: "command", command });
    expect(await keeper.whyNotReady(STEP)).toBeUndefined();
    await keep();
    const hub = openHome({ to: "github", repo: "acme/traces", name: "KEY" });
    await hub.keep();
    expect([...ran, ...hub.ran]).toEqual([
      { argv: command, input: SECRET },
      { argv: ["gh", "secret", "set", "KEY", "--repo", "acme/traces"], input: SECRET },
    ]);
  });

  test.each([
    [7, "vault ended with 7."],
    [undefined, "vault ended before it was done."],
  ])("that ends with %s has not kept it", async (code, told) => {
    const { keep } = openHome({ to: "command", command: ["vault"] }, { code });
    await expect(keep()).rejects.toThrow(told);
    // The next delivery does not suffer from it.
    await expect(keep()).rejects.toThrow(told);
  });

  test("of the machine is run without a shell, and read to its end", async () => {
    const node = process.execPath;
    const { home, text } = openHome(undefined);
    const where = { folder: home, without: [] };
    const script = "process.stdin.on('data', (d) => require('fs').appendFileSync('out', d + process.argv[1]))";
    expect(await systemPrograms.run([node, "-e", script, "$HOME"], SECRET, where)).toBe(0);
    expect(text("out")).toBe(`${SECRET}$HOME`);
    expect(await systemPrograms.run([node, "-e", "process.exit(4)"], "x".repeat(1_000_000), where)).toBe(4);
    expect(await systemPrograms.run([node, "-e", "process.kill(process.pid, 'SIGKILL')"], "", where)).toBeUndefined();
    await expect(systemPrograms.run(["/no/such/program"], SECRET, where)).rejects.toThrow("ENOENT");
    await expect(systemPrograms.run([], SECRET, where)).rejects.toThrow();
  });
});

test("a secret without a place in the manifest goes nowhere", async () => {
  const { keeper, keep } = openHome(undefined);
  expect(await keeper.whyNotReady(STEP)).toBe("The manifest names no place for its secret.");
  await expect(keep()).rejects.toThrow("The manifest names no place for its secret.");
});
