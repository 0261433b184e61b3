import { copyFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type ApprovalScene, openTeam, PEOPLE, TEAM } from "../../support/approval-scene.ts";
import type { Ran } from "../../support/run-axcess.ts";

const LOWER = TEAM.replace("bob@acme.io: member } }", "bob@acme.io: read-only } }");
const REFUSED = /AX404/u;

/** Somebody who keeps copies of the ledger, and puts them back. */
interface Attack {
  readonly scene: ApprovalScene;
  readonly ledger: string;
  readonly keep: (name: string) => void;
  readonly putBack: (name: string) => void;
  /** Makes a manifest true, with what is approved beside it. */
  readonly apply: (team: string) => Promise<Ran>;
}

/**
 * Bob is to have less in the space. That is approved and done, and somebody brings back what he had: the same change is wanted
 * again, and its approval has not expired. `old` is a copy of the ledger from before a run that lies before the plan.
 */
async function replay(): Promise<Attack> {
  const scene = await openTeam();
  const ledger = join(scene.folder, ".axcess", "sandbox-ledger.jsonl");
  const copyOf = (name: string): string => join(scene.folder, name);
  const apply = async (team: string): Promise<Ran> => {
    scene.write("access.yaml", `${PEOPLE}${team}`);
    return scene.axcess("apply", "--auto-approve");
  };
  const attack: Attack = {
    ...{ scene, ledger, apply },
    keep: (name) => copyFileSync(ledger, copyOf(name)),
    putBack: (name) => copyFileSync(copyOf(name), ledger),
  };
  attack.keep("old");
  expect((await apply(TEAM.replace("private: true, ", "description: Maps, private: true, "))).exit).toBe(0);
  scene.write("access.yaml", `${PEOPLE}${LOWER}`);
  expect((await scene.axcess("plan", "--out", "plan.json")).exit).toBe(0);
  expect((await scene.approve("vera@acme.io")).exit).toBe(0);
  attack.keep("approved");
  expect((await apply(LOWER)).exit).toBe(0);
  attack.keep("used");
  expect((await apply(TEAM)).exit).toBe(0);
  return attack;
}

const UNBOUND = "so that its approvals count for any, also for a copy that does not know that they were used.";

describe("whoever approves is told", { timeout: 60_000 }, () => {
  const shown = async (scene: ApprovalScene): Promise<string> =>
    (await scene.axcess("show", "plan.json", "--format", "html")).stdout;

  test("where a plan was made without a ledger, or with an empty one; its approvals count", async () => {
    const scene = await openTeam();
    const ledger = join(scene.folder, ".axcess", "sandbox-ledger.jsonl");
    rmSync(ledger);
    await scene.planUnder("default: 1");
    const basis = async (): Promise<unknown> => JSON.parse(await scene.read("plan.json")).basis;
    expect(await basis()).not.toHaveProperty("ledger");
    expect((await scene.approve("vera@acme.io")).stdout).toContain(
      `There was no ledger when the plan was made, ${UNBOUND}`,
    );
    expect(await shown(scene)).toContain(`There was no ledger when the plan was made, ${UNBOUND}`);
    writeFileSync(ledger, "");
    await scene.planUnder("default: 1");
    expect(await basis()).toMatchObject({ ledger: { seq: 0, digest: `sha256:${"0".repeat(64)}` } });
    const empty = await scene.approve("vera@acme.io", "--json");
    expect(JSON.parse(empty.stdout).doubts).toEqual([
      expect.stringContaining(`The ledger was empty when the plan was made, ${UNBOUND}`),
    ]);
    expect(await shown(scene)).toContain(`The ledger was empty when the plan was made, ${UNBOUND}`);
    expect((await scene.axcess("apply", "plan.json")).exit).toBe(0);
  });

  test("nothing of it where the plan has a ledger, or holds nothing", async () => {
    const scene = await openTeam();
    await scene.planUnder("default: 1");
    expect((await scene.approve("vera@acme.io")).stdout).not.toContain(UNBOUND);
    expect((await shown(scene)).includes(UNBOUND)).toBe(false);
    scene.write("access.yaml", `${PEOPLE}${TEAM}`);
    const none = await scene.axcess("plan", "--out", "plan.json", "--ledger", "none.jsonl");
    expect(none.exit, none.stderr).toBe(0);
    expect((await shown(scene)).includes(UNBOUND)).toBe(false);
  });

  test("where the ledger of the plan is not at hand", async () => {
    const scene = await openTeam();
    await scene.planUnder("default: 1");
    const elsewhere = await scene.approve("vera@acme.io", "--ledger", "none.jsonl");
    expect(elsewhere.stdout).toMatch(/The ledger at none\.jsonl is not the one the plan was made with: /u);
    expect(elsewhere.stdout).toContain(": enough, as far as is known here, 1 of 1 there: vera@acme.io");
    expect((await scene.axcess("apply", "plan.json", "--ledger", "none.jsonl")).exit).toBe(3);
    expect((await scene.axcess("apply", "plan.json")).exit).toBe(0);
  });
});

describe("an approval counts for the ledger it was given on", { timeout: 60_000 }, () => {
  test("and releases nothing where an older copy is put back, with a saved plan or without", async () => {
    const { scene, apply, putBack } = await replay();
    putBack("old");
    const again = await apply(LOWER);
    expect(again.stderr).toMatch(REFUSED);
    expect(again.stderr).toContain("Make a new plan, and have it approved anew.");
    expect(again.exit).toBe(3);
    const planned = await scene.axcess("plan", "--out", "again.json");
    expect(planned.stderr).toMatch(REFUSED);
    expect(planned.stdout).not.toContain("by vera@acme.io");
    expect((await scene.axcess("apply", "plan.json")).exit).toBe(3);
    const told = await scene.axcess("ledger", "show");
    expect(told.stdout).not.toContain("approved by vera@acme.io");
  });

  test("nor where the ledger is gone", async () => {
    const { scene, apply, ledger } = await replay();
    rmSync(ledger);
    const again = await apply(LOWER);
    expect(again.stderr).toMatch(REFUSED);
    expect(again.exit).toBe(3);
    writeFileSync(ledger, "");
    const emptied = await scene.axcess("apply", "--auto-approve");
    expect(emptied.stderr).toMatch(REFUSED);
    expect(emptied.exit).toBe(3);
  });

  test("nor, where nothing was put back, once it was used", async () => {
    const { apply } = await replay();
    const again = await apply(LOWER);
    expect(again.stderr).toContain("was done by that approval, and is wanted again");
    expect(again.stderr).not.toMatch(REFUSED);
    expect(again.exit).toBe(3);
  });

  // What docs/safety.md tells of what remains: such a copy is told from the ledger by nothing.
  test("and once more where the copy has the line it was given on, and not the one that says it was used", async () => {
    const { apply, putBack } = await replay();
    putBack("approved");
    expect((await apply(LOWER)).exit).toBe(0);
  });

  test("which may have grown between the plan, the approval and the apply of a saved plan", async () => {
    const scene = await openTeam();
    const more = "      beta: {}\n";
    scene.write("access.yaml", `${PEOPLE}${LOWER}${more}`);
    const lines = async (): Promise<number> => (await scene.ledger()).split("\n").length;
    expect((await scene.axcess("plan", "--out", "plan.json")).exit).toBe(0);
    const before = await lines();
    expect((await scene.axcess("apply", "plan.json")).exit).toBe(3);
    expect((await scene.approve("vera@acme.io")).exit).toBe(0);
    expect(await lines()).toBeGreaterThan(before);
    const applied = await scene.axcess("apply", "plan.json");
    expect(applied.exit, applied.stdout + applied.stderr).toBe(0);
    expect(await scene.ledger()).toContain('"by":"vera@acme.io"');
  });

  test("and goes on where the ledger only grew, or was moved", async () => {
    const { scene, apply, putBack } = await replay();
    putBack("used");
    expect((await apply(TEAM)).exit).toBe(0);
    scene.write("access.yaml", `${PEOPLE}${LOWER}`);
    expect((await scene.axcess("plan", "--out", "plan.json")).exit).toBe(0);
    expect((await scene.approve("otto@acme.io")).exit).toBe(0);
    expect((await apply(TEAM.replace("private: true, ", "description: Plans, private: true, "))).exit).toBe(0);
    const moved = await scene.axcess("ledger", "copy", "moved.jsonl");
    expect(moved.exit, moved.stderr).toBe(0);
    const saved = await scene.axcess("apply", "plan.json", "--ledger", "moved.jsonl");
    expect(saved.stderr).not.toMatch(REFUSED);
    expect(saved.exit, saved.stdout + saved.stderr).toBe(4);
    scene.write("access.yaml", `${PEOPLE}${LOWER}`);
    const fresh = await scene.axcess("apply", "--auto-approve", "--ledger", "moved.jsonl");
    expect(fresh.exit, fresh.stdout + fresh.stderr).toBe(0);
  });
});
