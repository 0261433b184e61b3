import { describe, expect, test } from "vitest";
import { FLAGS, openTeam, PEOPLE, TEAM } from "../../support/approval-scene.ts";
import type { Ran } from "../../support/run-axcess.ts";
import { makeSshKey } from "../../support/ssh-keys.ts";

describe("what was used", { timeout: 60_000 }, () => {
  test("is told by the ledger, with rules and keys", async () => {
    const scene = await openTeam("blind: 2");
    const vera = makeSshKey(scene.folder, "vera");
    scene.write("signers", `vera@acme.io ${vera}\n`);
    await scene.planUnder("blind: 2, signed: true, allowed_signers: signers");
    await scene.approve("vera@acme.io", "--sign", "vera", "--expires", "30d");
    expect((await scene.axcess("apply", "plan.json")).exit).toBe(0);
    const shown = await scene.axcess("ledger", "show");
    expect(shown.stdout).toContain("  approvals from now on: 1 (blind: 2); signed\n");
    expect(shown.stdout).toMatch(/approved by vera@acme\.io, signed with SHA256:\S+: Bob left/u);
  });

  test("is told when the same change is wanted again", async () => {
    const scene = await openTeam();
    const lower = TEAM.replace("bob@acme.io: member } }", "bob@acme.io: read-only } }");
    const switchTo = async (team: string): Promise<Ran> => {
      scene.write("access.yaml", `${PEOPLE}${team}`);
      return scene.axcess("apply", "--auto-approve");
    };
    scene.write("access.yaml", `${PEOPLE}${lower}`);
    await scene.axcess("plan", "--out", "plan.json");
    await scene.approve("vera@acme.io");
    expect((await switchTo(lower)).exit).toBe(0);
    expect((await switchTo(TEAM)).exit).toBe(0);
    const again = await switchTo(lower);
    expect(again.exit).toBe(3);
    expect(again.stderr).toContain("was done by that approval, and is wanted again");
  });

  test("is judged under rules that the terminal is told of", async () => {
    const scene = await openTeam();
    await scene.planUnder("not_by: [author]");
    const typed = ["approve all", "Bob left", "yes"];
    const env = { EMAIL: "vera@acme.io" };
    const held = await scene.run(["apply", "--author", "jane@acme.io", ...FLAGS], { env, typed });
    expect(held.exit).toBe(3);
    expect(held.stderr).toContain("vera@acme.io runs the change, and whoever runs it does not approve it.");
  });
});
