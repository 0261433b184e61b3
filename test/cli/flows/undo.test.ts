import { describe, expect, test } from "vitest";
import { makeWorkplace, type Workplace } from "../../support/run-axcess.ts";

const NOW = ["--now", "2026-11-01T12:00:00Z"];
const SANDBOX = ["--sandbox", ...NOW];
const MANIFEST = `version: 1
people:
  jane@acme.example: { name: Jane Doe, role: member }
  bob@acme.example: { name: Bob Roe, role: member }
roles:
  Reader: { description: reads, permissions: [PROJECT_READ, DATASET_READ] }
organizations:
  Acme:
    manage: { members: authoritative, bindings: authoritative }
    description: first
    members: { jane@acme.example: admin, bob@acme.example: member }
    spaces:
      prod: { members: { bob@acme.example: Reader }, projects: { web: { bindings: { bob@acme.example: Reader } } } }
policy: { min_admins: 0, max_removals: 100, max_removal_percent: 100 }
`;
/** Acme has another name, Bob is gone from it, and the role holds less. */
const LATER = MANIFEST.replace("  Acme:", "  Acme Labs:\n    previously: [Acme]")
  .replace(", bob@acme.example: member }", " }")
  .replace("members: { bob@acme.example: Reader }, ", "members: {}, ")
  .replace("bindings: { bob@acme.example: Reader }", "bindings: {}")
  .replace("[PROJECT_READ, DATASET_READ]", "[PROJECT_READ]")
  .replace("description: first", "description: second");

async function applyAll(place: Workplace, manifest: string): Promise<void> {
  place.write("access.yaml", manifest);
  await place.run(["plan", "--out", "next.json", ...SANDBOX]);
  await place.run(["approve", "next.json", "--all", "--reason", "test", "--by", "vera", ...SANDBOX]);
  const { exit, stderr, stdout } = await place.run(["apply", "next.json", ...SANDBOX]);
  expect([exit, stderr, stdout]).toEqual([0, expect.anything(), expect.stringContaining("matches the manifest")]);
}

async function makeChanged(): Promise<Workplace> {
  const place = makeWorkplace();
  await applyAll(place, MANIFEST);
  await applyAll(place, LATER);
  return place;
}

const runIds = async (place: Workplace): Promise<readonly string[]> =>
  JSON.parse((await place.run(["ledger", "show", "--sandbox", "--json"])).stdout).runs.map(
    ({ run }: { readonly run: string }) => run,
  );

describe("axcess undo", () => {
  test("takes the last run back through plan, approval and apply, until the first manifest holds again", async () => {
    const place = await makeChanged();
    const planned = await place.run(["undo", "--out", "undo.json", ...SANDBOX]);
    expect(planned.exit).toBe(0);
    const [, second] = await runIds(place);
    expect(planned.stdout).toContain(`that take ${second} back`);
    expect(planned.stdout).toContain("~ update organization:Acme");
    expect(planned.stdout).toContain("+ create org-member:Acme/bob@acme.example");
    expect(planned.stdout).toContain("as it was before the run that is undone · .axcess/sandbox-ledger.jsonl:");
    expect(planned.stdout).toContain("AX343");
    const plan = JSON.parse(await place.read("undo.json"));
    expect(plan.basis.undo).toBe(second);

    const applied = await place.run(["apply", "undo.json", ...SANDBOX]);
    expect([applied.exit, applied.stderr]).toEqual([0, expect.anything()]);
    expect(applied.stdout).toContain(`All of ${second} that can be undone is undone.`);
    place.write("access.yaml", MANIFEST);
    expect((await place.run(["plan", ...SANDBOX])).stdout).toContain("No changes.");

    const ledger = await place.run(["ledger", "show", "--sandbox"]);
    expect(ledger.stdout).toContain(`undo ${second} by admin@sandbox.example`);
    // The last run that changed something is now the undo: undoing it brings the second state back.
    await place.run(["undo", "--out", "redo.json", ...SANDBOX]);
    await place.run(["approve", "redo.json", "--all", "--reason", "wanted after all", ...SANDBOX]);
    expect((await place.run(["apply", "redo.json", ...SANDBOX])).exit).toBe(0);
    place.write("access.yaml", LATER);
    expect((await place.run(["plan", ...SANDBOX])).stdout).toContain("No changes.");
  });

  test("leaves a change that somebody made since, and tells of it; a saved plan is then stale", async () => {
    const place = await makeChanged();
    const [, second = ""] = await runIds(place);
    await place.run(["undo", "--out", "undo.json", ...SANDBOX]);
    await applyAll(place, LATER.replace("description: second", "description: third"));
    const stale = await place.run(["apply", "undo.json", ...SANDBOX]);
    expect(stale.exit).toBe(4);
    expect(stale.stdout).toContain(`axcess undo ${second} --out undo.json --sandbox`);
    const again = await place.run(["undo", second.slice(0, 12), ...SANDBOX]);
    expect(again.stdout).toContain("AX346");
    expect(again.stdout).toContain("Somebody changed description since.");
    expect(again.stdout).not.toContain("description:");
    expect(again.stdout).toContain("was organization:Acme Labs");
  });

  test("what it takes away is held, and the command that releases it works on the saved plan", async () => {
    const place = makeWorkplace();
    place.write("access.yaml", MANIFEST);
    await place.run(["apply", "--auto-approve", ...SANDBOX]);
    const shown = await place.run(["undo", ...SANDBOX]);
    const [first] = await runIds(place);
    expect(shown.stdout).toContain(`save the plan first: axcess undo ${first} --out plan.json --sandbox`);
    await place.run(["undo", "--out", "undo.json", "--allow", "last-admin", ...SANDBOX]);
    const held = await place.run(["apply", "undo.json", ...SANDBOX]);
    expect(held.exit).toBe(3);
    expect(held.stdout).not.toContain("done.");
    await place.run(["approve", "undo.json", "--all", "--reason", "not wanted", ...SANDBOX]);
    const applied = await place.run(["apply", "undo.json", ...SANDBOX]);
    expect([applied.exit, applied.stdout]).toEqual([0, expect.stringContaining("that can be undone is undone")]);
    const left = await place.run(["undo", first ?? "", ...SANDBOX]);
    expect(left.stdout).toContain("No changes.");
    const back = await place.run(["undo", ...SANDBOX]);
    expect(back.stdout).toContain("AX345");
    expect(back.stdout).toContain("user:bob@acme.example: A deleted person's e-mail can never be invited again.");
    expect(back.stdout).toContain("organization:Acme: What was in a deleted organization is gone for good.");
  });

  test("without a run to undo, and for a run that nobody knows, it says so", async () => {
    const place = makeWorkplace();
    place.write("access.yaml", MANIFEST);
    expect(await place.run(["undo", ...SANDBOX])).toMatchObject({
      exit: 64,
      stderr: expect.stringContaining("tells of no run that changed anything"),
    });
    expect(await place.run(["undo", "run_x", ...SANDBOX])).toMatchObject({
      exit: 64,
      stderr: expect.stringContaining('has no run "run_x"'),
    });
  });
});
