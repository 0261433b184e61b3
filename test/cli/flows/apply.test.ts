import { describe, expect, test } from "vitest";
import { makeWorkplace, type Workplace } from "../../support/run-axcess.ts";

const TEAM = `version: 1
people:
  jane@acme.io: { name: Jane Doe, role: member, invite: none }
  bob@acme.io: { name: Bob Roe, role: member, invite: none }
organizations:
  Platform Team:
    members: { jane@acme.io: member, bob@acme.io: member }
    spaces:
      team-alpha:
        private: true
        members: { jane@acme.io: admin, bob@acme.io: member }
`;

/** Bob leaves the space; Jane stays. */
const WITHOUT_BOB = `${TEAM}absent: ["space-member:Platform Team/team-alpha/bob@acme.io"]\n`.replace(
  ", bob@acme.io: member }\nabsent",
  " }\nabsent",
);

const FLAGS = ["--sandbox", "--now", "2026-11-01T12:00:00Z"];

async function startTeam(): Promise<Workplace> {
  const place = makeWorkplace();
  place.write("access.yaml", TEAM);
  const applied = await place.run(["apply", "--auto-approve", ...FLAGS]);
  expect(applied.exit, applied.stderr).toBe(0);
  expect(applied.stdout).toContain("The account now matches the manifest.");
  place.write("access.yaml", WITHOUT_BOB);
  return place;
}

describe("plan", () => {
  test("tells changes by its exit code only where asked, and writes nothing but the plan", async () => {
    const place = makeWorkplace();
    place.write("access.yaml", TEAM);
    expect((await place.run(["plan", ...FLAGS])).exit).toBe(0);
    const planned = await place.run(["plan", "--detailed-exitcode", "--out", "plan.json", ...FLAGS]);
    expect(planned.exit).toBe(2);
    expect(planned.stdout).toContain("+ create space:Platform Team/team-alpha\n");
    expect((await place.run(["plan", ...FLAGS])).stdout).toBe(planned.stdout);
    await expect(place.read(".axcess/sandbox-ledger.jsonl")).rejects.toThrow("ENOENT");
    const shown = await place.run(["show", "plan.json"]);
    expect(shown).toMatchObject({ exit: 0, stdout: planned.stdout });
    const json = await place.run(["show", "plan.json", "--format", "json"]);
    expect(json.stdout).toBe(await place.read("plan.json"));
  });

  test("is one JSON document under --json, the errors of a manifest too", async () => {
    const place = makeWorkplace();
    place.write("access.yaml", TEAM);
    const planned = await place.run(["plan", "--json", "--out", "plan.json", ...FLAGS]);
    expect(JSON.parse(planned.stdout)).toMatchObject({
      command: "plan",
      exit: 0,
      diagnostics: [],
      plan: JSON.parse(await place.read("plan.json")),
    });
    place.write("access.yaml", "version: 1\npeopel: {}\n");
    const broken = await place.run(["plan", "--json", ...FLAGS]);
    expect(broken.exit).toBe(1);
    expect(JSON.parse(broken.stdout)).toMatchObject({ command: "plan", exit: 1, diagnostics: [{ code: "AX120" }] });
    expect(broken.stderr).toContain("access.yaml:2:1");
  });

  test("refuses another account than the manifest's", async () => {
    const place = makeWorkplace();
    place.write("access.yaml", `version: 1\naccount: acme\n`);
    const refused = await place.run(["plan", ...FLAGS]);
    expect(refused.exit).toBe(1);
    expect(refused.stderr).toContain('The manifest is for the account "acme"; the key belongs to "sandbox".');
  });

  test("refuses a saved plan that somebody changed", async () => {
    const place = makeWorkplace();
    place.write("access.yaml", TEAM);
    await place.run(["plan", "--out", "plan.json", ...FLAGS]);
    place.write("plan.json", (await place.read("plan.json")).replace("team-alpha", "team-omega"));
    for (const argv of [
      ["show", "plan.json"],
      ["approve", "plan.json", "--all", "--reason", "r"],
    ]) {
      const refused = await place.run(argv);
      expect(refused.exit).toBe(1);
      expect(refused.stderr).toContain("AX332");
    }
  });
});

describe("apply", () => {
  test("holds a removal until exactly it is approved", { timeout: 60_000 }, async () => {
    const place = await startTeam();
    const planned = await place.run(["plan", "--out", "plan.json", ...FLAGS]);
    expect(planned.stdout).toContain("- delete space-member:Platform Team/team-alpha/bob@acme.io  held chg_");
    const held = await place.run(["apply", "plan.json", ...FLAGS]);
    expect(held.exit).toBe(3);
    expect(held.stderr).toBe("");
    expect(held.stdout).toContain("Apply: 1 held.");

    const command = /to release: axcess (approve plan\.json --only chg_\w+)/u.exec(planned.stdout)?.[1] ?? "";
    const flags = ["--reason", "Bob moved to: another\nteam", "--by", "sec@acme.io", "--now", "2026-11-01T12:00:00Z"];
    const approved = await place.run([...command.split(" "), ...flags]);
    expect(approved.exit, approved.stderr).toBe(0);
    expect(approved.stdout).toContain("sec@acme.io approves until 2026-11-08T12:00:00.000Z:");

    const applied = await place.run(["apply", "plan.json", ...FLAGS]);
    expect(applied.exit, applied.stderr).toBe(0);
    expect(applied.stderr).toContain("by sec@acme.io until 2026-11-08T12:00:00.000Z: Bob moved to: another\\nteam\n");
    expect(applied.stdout).toContain("The account now matches the manifest.");
    expect(await place.read(".axcess/sandbox-ledger.jsonl")).toContain('"by":"sec@acme.io"');
  });

  test("refuses a stale plan and says what moved", async () => {
    const place = await startTeam();
    await place.run(["plan", "--out", "plan.json", ...FLAGS]);
    place.write("access.yaml", TEAM.replace("team-alpha", "team-beta"));
    const stale = await place.run(["apply", "plan.json", ...FLAGS]);
    expect(stale.exit).toBe(4);
    expect(stale.stdout).toContain("no longer planned: delete space-member:Platform Team/team-alpha/bob@acme.io");
    expect(stale.stdout).toContain("planned only now:  create space:Platform Team/team-beta");
    expect(stale.stdout).toContain("Plan again: axcess plan --out plan.json --sandbox");
  });

  test.each([
    ["", "AX401", "approvals.yaml holds no mapping with version, approvals."],
    ["text", "AX401", "approvals.yaml holds no mapping with version, approvals."],
    ['version: "', "AX106", 'Missing closing " quote.'],
  ])("ends before anything is changed where the approvals are %j", async (text, code, detail) => {
    const place = await startTeam();
    place.write("approvals.yaml", text);
    const refused = await place.run(["apply", "--auto-approve", "--approvals", "approvals.yaml", ...FLAGS]);
    expect(refused.exit).toBe(1);
    expect(refused.stderr).toContain(code);
    expect(refused.stderr).toContain(detail);
    expect(refused.stdout).toBe("");
  });

  test("says it when a plan is for another account", async () => {
    const place = await startTeam();
    await place.run(["plan", "--out", "plan.json", ...FLAGS]);
    const stale = await place.run(["apply", "plan.json", "--sandbox=other", "--now", "2026-11-01T12:00:00Z"]);
    expect(stale.exit).toBe(4);
    expect(stale.stdout).toContain(
      "moved: the account: the plan is for sandbox (sandbox:.axcess/sandbox), this is sandbox (sandbox:other)",
    );
  });

  test("asks at a terminal, for what is held too", { timeout: 60_000 }, async () => {
    const place = await startTeam();
    const declined = await place.run(["apply", ...FLAGS], { typed: [""] });
    expect(declined.exit).toBe(3);
    expect(declined.stdout).toContain("  to release: axcess asks below, for what no approvals file releases already\n");
    expect(declined.stdout).not.toContain("axcess approve");
    expect(declined.stdout).not.toContain("save the plan first");
    const unasked = await place.run(["apply", "--auto-approve", ...FLAGS]);
    expect(unasked.stdout).toContain("  to release: axcess approve plan.json --only chg_");
    const typed = ["chg_none", "approve all", "Bob left", "no"];
    const refused = await place.run(["apply", ...FLAGS], { typed });
    expect(refused.exit).toBe(1);
    expect(refused.stderr).toContain("The plan has no change chg_none.");
    expect(refused.stdout).toContain("Not applied. Nothing was changed.");
    const applied = await place.run(["apply", ...FLAGS], { typed: ["approve all", "Bob left", "yes"] });
    expect(applied.exit, applied.stderr).toBe(0);
    expect(applied.stdout).toContain("Apply: 1 done.\nThe account now matches the manifest.\n");
  });

  test("says under --quiet what is left undone and what it came to, and shows the whole plan to whoever is asked", async () => {
    const place = makeWorkplace();
    place.write("access.yaml", TEAM);
    const made = await place.run(["apply", "--auto-approve", "--quiet", ...FLAGS]);
    expect(made).toMatchObject({ exit: 0, stderr: "" });
    expect(made.stdout.split("\n").map((line) => line.replace(/sha256:.*/u, "…"))).toEqual([
      expect.stringMatching(/^Plan: \d+ to create; .*…$/u),
      expect.stringMatching(/^Apply: \d+ done\.$/u),
      "The account now matches the manifest.",
      "",
    ]);
    place.write("access.yaml", WITHOUT_BOB);
    const held = await place.run(["apply", "--auto-approve", "--quiet", ...FLAGS]);
    expect(held.exit).toBe(3);
    expect(held.stdout).toContain("  to release: axcess approve plan.json --only chg_");
    expect(held.stdout).not.toContain("Who gains and who loses");
    const asked = await place.run(["apply", "--quiet", ...FLAGS], { typed: [""] });
    expect(asked.stdout).toContain("Who gains and who loses");
  });

  test("asks nobody where nobody is", async () => {
    const place = makeWorkplace();
    place.write("access.yaml", TEAM);
    const refused = await place.run(["apply", ...FLAGS]);
    expect(refused.exit).toBe(64);
    expect(refused.stderr).toContain("--auto-approve");
  });

  test("finishes what is under way when interrupted, and later goes on from there", { timeout: 60_000 }, async () => {
    const place = makeWorkplace();
    place.write("access.yaml", TEAM);
    const interrupted = await place.run(["apply", "--auto-approve", "--parallelism", "1", ...FLAGS], {
      onWrite: (text, interrupt) => {
        if (/^done .*organization/u.test(text)) interrupt();
      },
    });
    expect(interrupted.exit).toBe(130);
    expect(interrupted.stdout).toContain("Apply was interrupted:");
    const applied = await place.run(["apply", "--auto-approve", ...FLAGS]);
    expect(applied.exit, applied.stderr).toBe(0);
    expect(applied.stdout).toContain("The account now matches the manifest.");
    expect((await place.run(["plan", ...FLAGS])).stdout).toContain("No changes.");
  });

  test("refuses a broken approvals file, with the place", async () => {
    const place = await startTeam();
    await place.run(["plan", "--out", "plan.json", ...FLAGS]);
    place.write("mine.yaml", "version: 1\napprovals:\n  - by: x\n    changes: [nonsense]\n");
    const refused = await place.run(["apply", "plan.json", "--approvals", "mine.yaml", ...FLAGS]);
    expect(refused.exit).toBe(1);
    expect(refused.stderr).toContain("AX401");
    expect(refused.stderr).toContain("mine.yaml");
    expect((await place.run(["apply", "plan.json", "--approvals", "none.yaml", ...FLAGS])).exit).toBe(64);
  });
});
