import { describe, expect, test } from "vitest";
import { makeWorkplace, type Workplace } from "../../support/run-axcess.ts";

const NOW = ["--now", "2026-11-01T12:00:00Z"];
const MANIFEST = `version: 1
people: { jane@acme.example: { name: Jane Doe, role: member } }
organizations:
  "Acme\\u202e": { members: { jane@acme.example: admin } }
policy: { min_admins: 0 }
`;
const LATER = MANIFEST.replace(
  "members: { jane@acme.example: admin }",
  "manage: { members: authoritative }, members: {}",
);

/** A company that was made, and from which somebody was removed with an approval. */
async function makeStory(): Promise<Workplace> {
  const place = makeWorkplace();
  place.write("access.yaml", MANIFEST);
  await place.run(["apply", "--sandbox", "--auto-approve", ...NOW]);
  place.write("access.yaml", LATER);
  await place.run(["plan", "--sandbox", "--out", "plan.json", "--max-removals", "5", ...NOW]);
  const why = ["--all", "--reason", "left\u001b[31m", "--by", "vera@acme.example"];
  await place.run(["approve", "plan.json", "--sandbox", ...why, ...NOW]);
  await place.run(["apply", "plan.json", "--sandbox", ...NOW]);
  return place;
}

describe("axcess ledger", () => {
  test("show tells each run: who, with which flags, what it did, who approved; names are harmless", async () => {
    const place = await makeStory();
    const { stdout, exit } = await place.run(["ledger", "show", "--sandbox"]);
    expect(exit).toBe(0);
    const told = stdout.replace(/run_\S+/gu, "run_…").replace(/sha256:\S+/gu, "sha256:…");
    expect(told).toBe(`run_…  2026-11-01T12:00:00.000Z  apply by admin@sandbox.example  ended with 0
  plan sha256:…
  done     + create organization:Acme\\u{202e}
  done     + create user:jane@acme.example
  done     + create org-member:Acme\\u{202e}/jane@acme.example

run_…  2026-11-01T12:00:00.000Z  apply by admin@sandbox.example  ended with 0
  plan sha256:…
  with --max-removals 5
  done     - delete org-member:Acme\\u{202e}/jane@acme.example
      approved by vera@acme.example: left\\u{1b}[31m
  managed authoritatively from now on: org-member@organization:Acme\\u{202e}
`);
  });

  test("show narrows to a run and to addresses, and refuses what is neither", async () => {
    const place = await makeStory();
    const { stdout } = await place.run(["ledger", "show", "--sandbox", "--json"]);
    const [first, second] = JSON.parse(stdout).runs;
    const shown = async (...flags: readonly string[]) =>
      JSON.parse((await place.run(["ledger", "show", "--sandbox", "--json", ...flags])).stdout).runs;
    expect(await shown("--run", second.run)).toEqual([second]);
    expect(await shown("--run", first.run, "--address", "user:*")).toEqual([
      { ...first, changes: [first.changes[1]], adoptions: [] },
    ]);
    expect((await shown("--address", "org-member:**")).length).toBe(2);
    expect((await place.run(["ledger", "show", "--sandbox", "--address", "role:*"])).stdout).toContain("No run");
    expect((await place.run(["ledger", "show", "--sandbox", "--run", "nope"])).exit).toBe(64);
    expect((await place.run(["ledger", "show", "--sandbox", "--address", "nope"])).exit).toBe(64);
    expect((await place.run(["ledger"])).exit).toBe(64);
  });

  test("who tells what happened to an address", async () => {
    const place = await makeStory();
    const { stdout } = await place.run(["ledger", "who", "org-member:**", "--sandbox"]);
    expect(stdout.replace(/run_\S+/gu, "run_…")).toBe(
      `2026-11-01T12:00:00.000Z  made        org-member:Acme\\u{202e}/jane@acme.example  run_… by admin@sandbox.example
      role: "admin"
2026-11-01T12:00:00.000Z  removed     org-member:Acme\\u{202e}/jane@acme.example  run_… by admin@sandbox.example
      was role: "admin"
      approved by vera@acme.example: left\\u{1b}[31m
`,
    );
    expect((await place.run(["ledger", "who", "role:X", "--sandbox"])).stdout).toContain("tells nothing of role:X");
    const { history } = JSON.parse((await place.run(["ledger", "who", "user:*", "--sandbox", "--json"])).stdout);
    expect(history).toMatchObject([{ what: "made", address: "user:jane@acme.example" }]);
  });

  test("verify counts an unbroken chain, tells of a torn end, and names the line where it is broken", async () => {
    const place = await makeStory();
    const file = ".axcess/sandbox-ledger.jsonl";
    const text = await place.read(file);
    const lines = text.trimEnd().split("\n").length;
    const good = await place.run(["ledger", "verify", "--sandbox"]);
    expect(good).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining(`is unbroken: ${lines} lines, the last sha256:`),
    });
    place.write(file, `${text}{"torn`);
    const torn = await place.run(["ledger", "verify", "--sandbox"]);
    expect(torn).toMatchObject({ exit: 0, stderr: expect.stringContaining("AX503") });
    place.write(file, text.replace("Jane Doe", "Eve Poe"));
    const broken = await place.run(["ledger", "verify", "--sandbox", "--json"]);
    expect(broken.exit).toBe(1);
    expect(JSON.parse(broken.stdout).diagnostics).toMatchObject([{ code: "AX501", at: { line: expect.any(Number) } }]);
    expect(broken.stderr).toMatch(/Line \d+ of the ledger/u);
    expect(await place.read(file)).toContain("Eve Poe");
  });

  test("without a ledger all of them say so, and only verify fails", async () => {
    const place = makeWorkplace();
    for (const [words, exit] of [
      [["show"], 0],
      [["who", "user:*"], 0],
      [["verify"], 1],
    ] as const) {
      const ran = await place.run(["ledger", ...words]);
      expect(ran).toMatchObject({
        exit,
        stdout: expect.stringContaining("There is no ledger at .axcess/ledger.jsonl"),
      });
    }
  });
});
