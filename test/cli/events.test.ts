import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, onTestFinished, test } from "vitest";
import { makeEvents } from "../../src/cli/events/open-events.ts";
import { openSystemStream } from "../../src/host/system-stream.ts";
import { makeHandClock } from "../support/hand-clock.ts";
import { makeWorkplace, type Workplace } from "../support/run-axcess.ts";

const schema = JSON.parse(readFileSync(new URL("../../schema/events.schema.json", import.meta.url), "utf8"));
const accepts = new Ajv2020({ strict: true, allErrors: true, strictRequired: false }).compile(schema);

const MANIFEST = `version: 1
manage: { members: authoritative }
people:
  jane@acme.io: { name: Jane, role: member }
  carl@acme.io: { name: Carl, role: member }
organizations:
  Acme:
    members: { jane@acme.io: admin, carl@acme.io: member }
assertions:
  - { who: admins, on: "organization:Acme", at_least: 1, can: SPACE_READ }
`;

interface Line {
  readonly type: string;
  readonly "@level": string;
  readonly "@message": string;
  readonly [member: string]: unknown;
}

/** The lines of a stream; every one of them fits the schema. */
async function readEvents(place: Workplace, file: string): Promise<readonly Line[]> {
  const text = await place.read(file);
  expect(text.endsWith("\n")).toBe(true);
  return text
    .trimEnd()
    .split("\n")
    .map((each) => {
      const line = JSON.parse(each);
      expect(accepts(line), `${each}\n${JSON.stringify(accepts.errors)}`).toBe(true);
      return line;
    });
}

function typesOf(lines: readonly Line[]): readonly string[] {
  return [...new Set(lines.map(({ type }) => type))];
}

test("every command that can take long tells what happens, in lines that fit the schema", async () => {
  const place = makeWorkplace();
  place.write("access.yaml", MANIFEST);
  const run = async (...argv: readonly string[]): Promise<readonly Line[]> => {
    await place.run([...argv, "--sandbox", "--events", "events.ndjson"]);
    return readEvents(place, "events.ndjson");
  };
  const planned = await run("plan");
  expect(planned[0]).toMatchObject({ type: "version", format: 1 });
  expect(typesOf(planned)).toEqual(["version", "log", "planned_change", "access_delta", "change_summary"]);
  expect(planned.find(({ type }) => type === "change_summary")).toMatchObject({
    changes: { operation: "plan", add: 5, held: 0, gain: 2 },
  });
  expect(planned.at(-1)).toMatchObject({ "@message": "The command ended with 0." });

  const applied = await run("apply", "--auto-approve");
  expect(typesOf(applied)).toContain("apply_start");
  expect(applied.filter(({ type }) => type === "apply_complete")).toHaveLength(5);
  expect(applied.filter(({ type }) => type === "change_summary").at(-1)).toMatchObject({
    changes: { operation: "apply", add: 5, failed: 0 },
  });

  place.write("access.yaml", MANIFEST.replace(", carl@acme.io: member", ""));
  const held = await run("apply", "--auto-approve");
  // Once as the plan says it, once when its turn comes.
  expect(held.filter(({ type }) => type === "gate").map((line) => line["gate"])).toEqual([
    expect.objectContaining({ state: "held" }),
    expect.objectContaining({ state: "held" }),
  ]);
  expect(held.at(-1)).toMatchObject({ "@message": "The command ended with 3." });

  const drift = await run("drift");
  expect(drift.find(({ type }) => type === "resource_drift")).toMatchObject({
    drift: { sort: "extra", address: "org-member:Acme/carl@acme.io" },
  });
  const undo = await run("undo");
  expect(undo.find(({ type }) => type === "change_summary")).toMatchObject({ changes: { operation: "undo" } });
});

test("no line holds a secret, neither when a key is made nor when it rotates", async () => {
  const place = makeWorkplace();
  place.write(
    "access.yaml",
    `version: 1
organizations:
  Acme:
    spaces:
      prod:
        service_keys:
          ci: { role: member, expires: "2099-01-01", secret: { to: file, path: secrets/ci } }
`,
  );
  for (const argv of [["apply"], ["keys", "rotate", "ci"]]) {
    const ran = await place.run([...argv, "--sandbox", "--auto-approve", "--events", "events.ndjson"]);
    expect(ran.exit, ran.stderr).toBe(0);
    const secret = (await place.read("secrets/ci")).trim();
    expect(secret.length).toBeGreaterThan(10);
    expect(typesOf(await readEvents(place, "events.ndjson"))).toContain("apply_complete");
    expect(await place.read("events.ndjson")).not.toContain(secret);
  }
});

test("an error is an event, and then the command ends as ever", async () => {
  const place = makeWorkplace();
  place.write("access.yaml", "version: 2\n");
  const ran = await place.run(["plan", "--sandbox", "--events", "out/events.ndjson"]);
  expect(ran.exit).toBe(1);
  const lines = await readEvents(place, "out/events.ndjson");
  expect(typesOf(lines)).toEqual(["version", "diagnostic", "log"]);
  expect(lines.at(-1)).toMatchObject({ "@message": "The command ended with 1." });

  place.write("access.yaml", MANIFEST);
  const usage = await place.run(["keys", "rotate", "nobody", "--sandbox", "--auto-approve", "--events", "keys.ndjson"]);
  expect(usage.exit).toBe(64);
  expect((await readEvents(place, "keys.ndjson"))[1]).toMatchObject({
    type: "diagnostic",
    "@level": "error",
    diagnostic: { severity: "error", detail: 'The manifest has no service key "nobody".' },
  });
});

test("a descriptor that was handed over is written to as it stands, and left open", async () => {
  const place = makeWorkplace();
  place.write("access.yaml", MANIFEST);
  place.write("log", '{"before":1}\n');
  const descriptor = openSync(join(place.folder, "log"), "a");
  onTestFinished(() => closeSync(descriptor));
  await place.run(["plan", "--sandbox", "--events", `/dev/fd/${descriptor}`]);
  const lines = (await place.read("log")).trimEnd().split("\n");
  expect(lines[0]).toBe('{"before":1}');
  expect(JSON.parse(lines[1] ?? "")).toMatchObject({ type: "version" });

  const closed = await place.run(["plan", "--sandbox", "--events", "/dev/fd/9999"]);
  expect(closed).toMatchObject({ exit: 1, stdout: "" });
  expect(closed.stderr).toContain("EBADF");
});

test("a line is in the file as soon as it is written", async () => {
  const folder = mkdtempSync(join(tmpdir(), "axcess-stream-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "lines");
  const stream = await openSystemStream(path);
  stream.write("one");
  expect(readFileSync(path, "utf8")).toBe("one\n");
  stream.write("two");
  expect(readFileSync(path, "utf8")).toBe("one\ntwo\n");
  stream.close();
  const again = await openSystemStream(path);
  again.close();
  expect(readFileSync(path, "utf8")).toBe("");
});

test("names are exact in the members, safe in the message, and invisible characters are escaped in both", () => {
  const lines: string[] = [];
  const events = makeEvents(
    { write: (line) => lines.push(line), close: () => undefined },
    { clock: makeHandClock(), tell: () => undefined },
  );
  const address = "user:\u001b[31m\u202eevil\n";
  events.emit("apply_start", "info", `create ${address}`, { hook: { id: "chg_1", action: "create", address } });
  const [line = ""] = lines;
  expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(JSON.parse(line)).toMatchObject({
    "@message": "create user:\\u{1b}[31m\\u{202e}evil\\n",
    hook: { address },
  });
  expect(accepts(JSON.parse(line))).toBe(true);
});

test("where a line cannot be written that is told once, and nothing more is tried", () => {
  const told: string[] = [];
  let tries = 0;
  const write = (): never => {
    tries += 1;
    throw new Error("EPIPE: broken pipe, write");
  };
  const events = makeEvents({ write, close: () => undefined }, { clock: makeHandClock(), tell: (t) => told.push(t) });
  events.emit("log", "info", "one", {});
  events.emit("log", "info", "two", {});
  expect(told).toEqual(["Events are no longer written: EPIPE: broken pipe, write\n"]);
  expect(tries).toBe(1);
});
