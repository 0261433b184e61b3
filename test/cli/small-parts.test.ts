import { describe, expect, test } from "vitest";
import { readExpiry } from "../../src/cli/expiry.ts";
import { readGlobals, spellGlobals } from "../../src/cli/globals.ts";
import { makeProgress } from "../../src/cli/progress.ts";
import { openPrompt } from "../../src/cli/prompt.ts";
import { openSession, type Session } from "../../src/cli/session.ts";
import { tellWire } from "../../src/cli/tell-wire.ts";

async function makeSession(
  written: string[],
  options: { readonly terminal?: boolean; readonly quiet?: boolean; readonly typed?: readonly string[] } = {},
): Promise<Session> {
  const terminal = options.terminal ?? false;
  const sink = { write: (text: string) => void written.push(text) };
  const io = {
    stdout: sink,
    stderr: sink,
    stdin: (async function* () {
      yield* options.typed ?? [];
    })(),
    isTty: { stdin: terminal, stdout: terminal, stderr: terminal },
    columns: 30,
    env: {},
    cwd: "/",
    onInterrupt: () => () => {},
  };
  return openSession(io, readGlobals(options.quiet === true ? { quiet: true } : {}, {}));
}

describe("readExpiry", () => {
  const now = new Date("2026-11-01T12:00:00Z");

  test.each([
    ["7d", "2026-11-08T12:00:00.000Z"],
    ["2026-12-01", "2026-12-01T00:00:00.000Z"],
    ["2026-11-01T14:00:00+01:00", "2026-11-01T13:00:00.000Z"],
  ])("%s", (text, instant) => {
    expect(readExpiry(text, now).toISOString()).toBe(instant);
  });

  test.each(["0d", "2026-11-01", "soon", "2027-02-31"])("%s is refused", (text) => {
    expect(() => readExpiry(text, now)).toThrow(/--expires/u);
  });

  test("says everything that can be given", () => {
    expect(() => readExpiry("1h", now)).toThrow(
      '--expires wants a date such as 2027-01-31, an RFC 3339 moment, or days such as 7d, not "1h".',
    );
  });
});

describe("global flags", () => {
  test("are spelled for the command to be run next", () => {
    expect(spellGlobals(readGlobals({}, {}))).toEqual([]);
    const given = { file: ["a.yaml", "b"], sandbox: "", ledger: "l", chdir: "c" };
    expect(spellGlobals(readGlobals(given, {})).join(" ")).toBe(
      "--file a.yaml --file b --sandbox --ledger l --chdir c",
    );
    expect(spellGlobals(readGlobals({ sandbox: "x" }, {}))).toEqual(["--sandbox=x"]);
    expect(spellGlobals(readGlobals({}, { AXCESS_PROFILE: "p" }))).toEqual(["--profile", "p"]);
  });

  test("go before the environment", () => {
    const globals = readGlobals({ parallelism: "3" }, { AXCESS_PARALLELISM: "5", AXCESS_RATE: "60/min" });
    expect(globals).toMatchObject({ parallelism: 3, ratePerMinute: 60 });
  });
});

describe("progress", () => {
  test("writes over one line on a terminal, within its width, and clears it", async () => {
    const written: string[] = [];
    const progress = makeProgress(await makeSession(written, { terminal: true }));
    progress.update(`a\n${"x".repeat(50)}`);
    progress.line("done");
    progress.end();
    expect(written).toEqual([`\r\u001b[2Ka\\n${"x".repeat(26)}`, "\r\u001b[2K", "done\n"]);
  });

  test("counts what is drawn two columns wide, and breaks no character", async () => {
    const written: string[] = [];
    makeProgress(await makeSession(written, { terminal: true })).update(`日本🚀${"本".repeat(20)}`);
    expect(written).toEqual([`\r\u001b[2K日本🚀${"本".repeat(11)}`]);
  });

  test("elsewhere only lines are written, and under --quiet nothing", async () => {
    const written: string[] = [];
    const plain = makeProgress(await makeSession(written));
    plain.update("a");
    plain.line("b");
    plain.end();
    const quiet = makeProgress(await makeSession(written, { terminal: true, quiet: true }));
    quiet.update("c");
    quiet.line("d");
    expect(written).toEqual(["b\n"]);
  });
});

describe("a prompt", () => {
  test("reads lines whatever the chunks, and ends with the input", async () => {
    const written: string[] = [];
    const session = await makeSession(written, { typed: ["fi", "rst\nsec", "ond\nlast"] });
    const prompt = openPrompt(session, new AbortController().signal);
    expect([await prompt.ask("?"), await prompt.ask("?"), await prompt.ask("?"), await prompt.ask("?")]).toEqual([
      "first",
      "second",
      "last",
      undefined,
    ]);
    await prompt.close();
    expect(written).toEqual(["?", "?", "?", "?", "\n"]);
  });

  test("asks nothing once interrupted, and gives up the question it waits with", async () => {
    const written: string[] = [];
    const controller = new AbortController();
    const session = await makeSession(written);
    const never: Session = {
      ...session,
      io: { ...session.io, stdin: { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) } },
    };
    const prompt = openPrompt(never, controller.signal);
    const waiting = prompt.ask("first? ");
    controller.abort();
    expect(await waiting).toBeUndefined();
    expect(await prompt.ask("second? ")).toBeUndefined();
    await prompt.close();
    expect(written).toEqual(["first? "]);
  });
});

describe("tellWire", () => {
  test("tells long waits always and the rest under --verbose", async () => {
    const written: string[] = [];
    const session = await makeSession(written);
    const verbose: Session = { ...session, globals: { ...session.globals, verbose: true } };
    const limited = { event: "rate-limited", call: "GET /v2/users", pace: "REST reads", learnedPerMinute: 60 } as const;
    tellWire(session, { ...limited, waitMilliseconds: 1999 });
    tellWire(session, { ...limited, waitMilliseconds: 2000 });
    tellWire(session, { event: "answered", call: "GET /x", status: 200, milliseconds: 3.4 });
    tellWire(verbose, { event: "answered", call: "GET /x", status: 200, milliseconds: 3.4 });
    tellWire(verbose, { event: "lost", call: "GET /x", because: "cut\u001b", milliseconds: 7 });
    tellWire(verbose, { event: "retried", call: "GET /x", attempt: 1, waitMilliseconds: 250, because: "503" });
    expect(written).toEqual([
      "GET /v2/users: the platform asks to slow down (REST reads), waiting 2.0 s\n",
      "GET /x: 200 after 3 ms\n",
      "GET /x: no answer after 7 ms: cut\\u{1b}\n",
      "GET /x: attempt 1 failed, again in 0.3 s: 503\n",
    ]);
  });
});
