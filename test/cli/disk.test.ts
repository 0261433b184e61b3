import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { describeFailure } from "../../src/cli/exit.ts";
import { filesWithin } from "../../src/host/files-within.ts";
import { systemFiles } from "../../src/host/system-files.ts";
import { tellDisk } from "../../src/host/tell-disk.ts";
import { explainCode } from "../../src/model/explain-code.ts";
import { makeWorkplace, type Workplace } from "../support/run-axcess.ts";

/** A folder with a file, a folder and a link that leads to itself. */
function makePlace(): Workplace {
  const place = makeWorkplace();
  place.write("access.yaml", "version: 1\n");
  place.write("file", "text");
  mkdirSync(join(place.folder, "folder"));
  symlinkSync("loop", join(place.folder, "loop"));
  return place;
}

const RAW = /E(?:ISDIR|NOTDIR|EXIST|ACCES|LOOP|NOENT)\b/u;
// Newer Nodes add which one it is.
const IS_FILE = "it, or a folder on the way to it, is a file";
const LOOPS = "its symbolic links go round in a circle.";
const NEW_PLAN = ["plan", "--sandbox"];

describe("a path that cannot be used is told in a sentence, with the path and a way on", () => {
  test.each<[readonly string[], number, string]>([
    [["validate", "-f", "folder"], 1, 'The directory "folder" holds no visible file'],
    [["validate", "-f", "file/access.yaml"], 1, 'There is no file "file/access.yaml".'],
    [["validate", "-f", "loop"], 1, 'Reading "loop" failed: its links go round in a circle.'],
    [["plan", "--chdir", "file"], 64, '--chdir names "file", which is not a folder.\n  Name a folder.'],
    [["plan", "--chdir", "loop"], 1, `"loop" cannot be looked at: ${LOOPS}\n  Mend the links`],
    [[...NEW_PLAN, "--out", "file/plan.json"], 1, `"file/plan.json" cannot be written: ${IS_FILE}.\n  Name a path`],
    [[...NEW_PLAN, "--out", "folder"], 1, '"folder" cannot be written: it is a folder.\n  Name a file.'],
    [[...NEW_PLAN, "--format", "json=folder"], 1, '"folder" cannot be written: it is a folder.\n  Name a file.'],
    [[...NEW_PLAN, "--ledger", "folder"], 1, '"folder" cannot be read: it is a folder.\n  Name a file.'],
    [[...NEW_PLAN, "--ledger", "loop"], 1, `"loop" cannot be looked at: ${LOOPS}`],
    [["ledger", "show", "--ledger", "folder"], 1, '"folder" cannot be read: it is a folder.'],
    [["apply", "--auto-approve", "--sandbox", "--ledger", "file/l"], 1, `"file/l.lock" cannot be written: ${IS_FILE}`],
    [["plan", "--sandbox=file"], 1, IS_FILE],
    [["plan", "--sandbox=file/below"], 1, IS_FILE],
    [["plan", "--sandbox=loop"], 1, LOOPS.slice(0, -1)],
    [["show", "folder"], 64, 'There is no plan file "folder".'],
    [["show", "file/plan.json"], 64, 'There is no plan file "file/plan.json".'],
    [["show", "loop"], 1, `"loop" cannot be looked at: ${LOOPS}`],
    [["apply", "--auto-approve", "--sandbox", "--approvals", "loop"], 1, `"loop" cannot be looked at: ${LOOPS}`],
    [["apply", "--auto-approve", "--sandbox", "--approvals", "file/x"], 64, 'no approvals file "file/x"'],
  ])("%j", async (argv, exit, message) => {
    const refused = await makePlace().run(argv);
    expect([refused.exit, refused.stderr + refused.stdout]).toEqual([exit, expect.stringContaining(message)]);
    expect(refused.stderr).not.toMatch(RAW);
  });

  test.each<[readonly string[], string]>([
    [["plan", "--sandbox=/proc/x/y"], "The folder /proc/x/y cannot be used: nothing is there, and nothing can be made"],
    [[...NEW_PLAN, "--out", "/proc/x/plan.json"], '"/proc/x/plan.json" cannot be written: nothing is there'],
    [
      ["apply", "--auto-approve", "--sandbox", "--ledger", "/proc/x/l"],
      '"/proc/x/l.lock" cannot be written: nothing is',
    ],
  ])("where no folder can be made: %j", async (argv, message) => {
    expect(await makePlace().run(argv)).toMatchObject({ exit: 1, stderr: expect.stringContaining(message) });
  });

  test("a folder in approvals/ that is called like a file", async () => {
    const place = makePlace();
    mkdirSync(join(place.folder, "approvals", "x.yaml"), { recursive: true });
    const refused = await place.run(["apply", "--auto-approve", "--sandbox"]);
    expect(refused).toMatchObject({ exit: 1, stderr: expect.stringContaining("it is a directory") });
  });

  test("a profile that is a folder, and one that cannot be looked at", async () => {
    const place = makePlace();
    mkdirSync(join(place.folder, "home/.arize/profiles/x.toml"), { recursive: true });
    symlinkSync("y.toml", join(place.folder, "home/.arize/profiles/y.toml"));
    const folder = await place.run(["plan", "--profile", "x"]);
    expect(folder).toMatchObject({ exit: 64, stderr: expect.stringContaining("profiles/x.toml is a folder") });
    const loop = await place.run(["plan", "--profile", "y"]);
    expect(loop).toMatchObject({
      exit: 64,
      stderr: expect.stringContaining('y.toml" cannot be looked at: its symbolic'),
    });
  });

  test("the certificates of a profile that are not there", async () => {
    const place = makePlace();
    mkdirSync(join(place.folder, "home/.arize"), { recursive: true });
    const profile = (bundle: string): string => `[auth]\napi_key = "k"\n[network]\nca_bundle = "${bundle}"\n`;
    place.write("home/.arize/config.toml", profile("none.pem"));
    const missing = await place.run(["plan"]);
    expect(missing).toMatchObject({ exit: 64, stderr: expect.stringContaining('"none.pem", is no file.') });
    place.write("home/.arize/config.toml", profile("loop"));
    const loop = await place.run(["plan"]);
    expect(loop).toMatchObject({ exit: 64, stderr: expect.stringContaining('"loop" cannot be looked at') });
  });
});

test("a port that is taken is told with its number", async () => {
  const place = makePlace();
  const refusals: Promise<{ readonly exit: number; readonly stderr: string }>[] = [];
  await place.run(["sandbox", "--port", "0", "--json"], {
    onWrite: (text, interrupt) => {
      if (!text.startsWith("{")) return;
      const { port } = new URL(JSON.parse(text).url);
      refusals.push(place.run(["sandbox", "--port", port, "--dir", "other"]).finally(interrupt));
    },
  });
  const [refused] = await Promise.all(refusals);
  expect(refused).toMatchObject({ exit: 1, stderr: expect.stringMatching(/The port \d+ is in use\./u) });
});

test("what is no error of the disk stays what it is, and an unknown code is told", () => {
  const fault = new Error("x");
  expect(tellDisk(fault, "a", "read")).toBe(fault);
  const denied = tellDisk(
    Object.assign(new Error("EACCES: …"), { code: "EACCES", syscall: "open" }),
    "a\u001b",
    "read",
  );
  expect(describeFailure(denied)).toMatchObject({ exit: 1, message: '"a\\u{1b}" cannot be read: access is denied.' });
  expect(explainCode("EIO").because).toBe("the system says EIO");
});

test("what a file that is written on and on refuses is told with its path", async () => {
  const files = filesWithin("/", {
    ...systemFiles,
    openAppender: async () => ({
      append: () => Promise.reject(Object.assign(new Error("ENOSPC"), { code: "ENOSPC", syscall: "write" })),
      close: async () => {},
    }),
  });
  const appender = await files.openAppender("ledger.jsonl");
  const refused = await appender.append("x").catch((error: unknown) => describeFailure(error));
  await appender.close();
  expect(refused).toMatchObject({
    exit: 1,
    message: '"ledger.jsonl" cannot be written: the disk is full.',
    isBug: false,
  });
});
