import { describe, expect, onTestFinished, test, vi } from "vitest";
import { canonicalJson } from "../../../src/model/json.ts";
import { type ApprovalScene, openTeam } from "../../support/approval-scene.ts";
import { makeSshKey, signText } from "../../support/ssh-keys.ts";

describe("signed approvals", { timeout: 60_000 }, () => {
  const SIGNED = "signed: true, allowed_signers: signers";

  async function openSigned(): Promise<ApprovalScene & { readonly keys: Readonly<Record<string, string>> }> {
    const scene = await openTeam();
    const keys = Object.fromEntries(["vera", "otto"].map((name) => [name, makeSshKey(scene.folder, name)]));
    scene.write(
      "signers",
      Object.entries(keys)
        .map(([name, key]) => `${name}@acme.io ${key}\n`)
        .join(""),
    );
    await scene.planUnder(SIGNED);
    return { ...scene, keys };
  }

  test("count where the signature is that of the e-mail, and the key stands in the ledger", async () => {
    const scene = await openSigned();
    await scene.approve("otto@acme.io");
    const unsigned = await scene.axcess("apply", "plan.json");
    expect(unsigned.exit).toBe(3);
    expect(unsigned.stderr).toContain("The approval of otto@acme.io is not signed.");
    const stolen = await scene.approve("otto@acme.io", "--sign", "vera");
    expect(stolen.stdout).toMatch(/The key SHA256:\S+ may not sign for otto@acme\.io/u);
    expect((await scene.axcess("apply", "plan.json")).exit).toBe(3);
    const signed = await scene.approve("Vera@acme.io", "--sign", "vera");
    expect(signed.stdout).toMatch(/: enough, 1 of 1 there: vera@acme\.io/u);
    const done = await scene.axcess("apply", "plan.json");
    expect(done.exit, done.stderr).toBe(0);
    expect(await scene.ledger()).toMatch(/"key":"SHA256:[A-Za-z0-9+/]{43}"/u);
  });

  test("that were changed are refused, even where no signature is asked for", async () => {
    const scene = await openSigned();
    await scene.approve("vera@acme.io", "--sign", "vera", "--output", "a.yaml");
    const text = await scene.read("a.yaml");
    scene.write("a.yaml", text.replace("Bob left", "Bob left?"));
    await scene.planUnder("");
    const refused = await scene.axcess("apply", "plan.json", "--approvals", "a.yaml");
    expect(refused.exit).toBe(3);
    expect(refused.stderr).toContain("AX368");
    scene.write("a.yaml", text.replace("BEGIN SSH SIGNATURE-----\\n", "BEGIN SSH SIGNATURE-----\\nAAAA"));
    expect((await scene.axcess("apply", "plan.json", "--approvals", "a.yaml")).stderr).toContain("AX368");
    scene.write("a.yaml", text);
    expect((await scene.axcess("apply", "plan.json", "--approvals", "a.yaml")).exit).toBe(0);
  });

  test.each([
    ['valid-before="20261031"', 3],
    ['valid-after="20261102"', 3],
    ['valid-after="20261031",valid-before="20261201"', 0],
    ['namespaces="git"', 3],
  ])("count only while the list says that the key may sign: %s", async (options, exit) => {
    const scene = await openTeam();
    scene.write("signers", `vera@acme.io ${options} ${makeSshKey(scene.folder, "vera")}\n`);
    await scene.planUnder(SIGNED);
    await scene.approve("vera@acme.io", "--sign", "vera");
    expect((await scene.axcess("apply", "plan.json")).exit).toBe(exit);
  });

  test("tell the ledger under their signature: without it, or with another, they are refused", async () => {
    const scene = await openTeam();
    scene.write("signers", `vera@acme.io ${makeSshKey(scene.folder, "vera")}\n`);
    await scene.planUnder(SIGNED);
    await scene.approve("vera@acme.io", "--sign", "vera", "--output", "approvals/a.yaml");
    const signed = await scene.read("approvals/a.yaml");
    const line = /^ {4}ledger: \{"digest":"sha256:[0-9a-f]{64}","seq":\d+\}\n/mu;
    expect(signed).toMatch(line);
    for (const other of ["", `    ledger: {"digest":"sha256:${"0".repeat(64)}","seq":0}\n`]) {
      scene.write("approvals/a.yaml", signed.replace(line, other));
      const refused = await scene.axcess("apply", "plan.json");
      expect(refused.stderr).toContain("AX368");
      expect(refused.exit).toBe(3);
    }
    scene.write("approvals/a.yaml", signed);
    expect((await scene.axcess("apply", "plan.json")).exit).toBe(0);
  });

  test("by a key that somebody added to the list wait for those who were on it", async () => {
    const scene = await openTeam();
    const vera = makeSshKey(scene.folder, "vera");
    scene.write("signers", `vera@acme.io ${vera}\n`);
    await scene.planUnder(SIGNED);
    expect((await scene.axcess("apply", "plan.json")).exit).toBe(3);
    scene.write("signers", `vera@acme.io ${vera}\nmallory@acme.io ${makeSshKey(scene.folder, "mallory")}\n`);
    expect((await scene.axcess("plan", "--out", "plan.json")).stdout).toContain("allowed signers has 1 other or new");
    const blind = await scene.approve("mallory@acme.io", "--sign", "mallory", "--ledger", "elsewhere.jsonl", "--json");
    const doubt = /The ledger at elsewhere\.jsonl does not tell which keys may sign by the old rules: .* --ledger\./u;
    const other =
      /The ledger at elsewhere\.jsonl is not the one the plan was made with: .* its line \d+\. .* --ledger\./u;
    expect(JSON.parse(blind.stdout).doubts).toEqual([expect.stringMatching(other), expect.stringMatching(doubt)]);
    expect(blind.stderr).toMatch(doubt);
    expect(blind.stderr).toMatch(/^chg_\w+: enough, as far as is known here, 1 of 1 there: mallory@acme\.io$/mu);
    const known = await scene.approve("mallory@acme.io", "--sign", "mallory");
    expect(known.stdout).toMatch(/^chg_\w+: not enough, 0 of 1 there: mallory@acme\.io$/mu);
    expect(known.stdout).toMatch(/^ {2}The key SHA256:\S+ may not sign for mallory@acme\.io/mu);
    expect(known.stdout).not.toContain("is known here");
    expect((await scene.axcess("apply", "plan.json")).exit).toBe(3);
    await scene.approve("vera@acme.io", "--sign", "vera");
    expect((await scene.axcess("apply", "plan.json")).exit).toBe(0);
    expect((await scene.axcess("plan")).stdout).not.toContain("AX372");
  });

  test("by one key for two people are those of one person", async () => {
    const scene = await openTeam();
    scene.write("signers", `*@acme.io ${makeSshKey(scene.folder, "key")}\n`);
    await scene.planUnder(`default: 2, ${SIGNED}`);
    await scene.approve("vera@acme.io", "--sign", "key");
    const both = await scene.approve("otto@acme.io", "--sign", "key");
    expect(both.stdout).toContain("not enough, 1 of 2 there: ");
    expect((await scene.axcess("apply", "plan.json")).exit).toBe(3);
  });

  test.each(["-otto@acme.io", "*@acme.io", "vera@acme.io,otto@acme.io", "!vera@acme.io", "vera@acme.io\nx", "vera"])(
    "are not given by %j",
    async (by) => {
      const scene = await openSigned();
      const refused = await scene.approve(by, "--sign", "vera");
      expect(refused.exit).toBe(64);
    },
  );

  test.each([
    ["otto@acme.io", "may not sign for otto@acme.io"],
    ["*@acme.io", "*@acme.io is no e-mail"],
    ["-otto@acme.io", "-otto@acme.io is no e-mail"],
    ["vera@acme.io,otto@acme.io", "is no e-mail"],
    ["vera@acme.io\\notto@acme.io", "is no e-mail"],
    ["-Ootto@acme.io", "is no e-mail"],
  ])("that somebody else signed by hand as %j count for nothing", async (by, because) => {
    const scene = await openSigned();
    const asked = await scene.approve("vera@acme.io", "--json", "--output", "a.yaml");
    const approval = { ...JSON.parse(asked.stdout).approval, by };
    const signature = signText(scene.folder, "vera", canonicalJson(approval));
    scene.write("a.yaml", JSON.stringify({ version: 1, approvals: [{ ...approval, signature }] }));
    const held = await scene.axcess("apply", "plan.json", "--approvals", "a.yaml");
    expect(held.exit).toBe(3);
    expect(held.stderr).toContain(because);
  });

  test("need their key and their list", async () => {
    const scene = await openSigned();
    expect((await scene.approve("vera@acme.io", "--sign", "none")).exit).toBe(64);
    expect((await scene.approve("vera@acme.io", "--sign", "access.yaml")).stderr).toContain("could not sign");
    scene.write("signers", "x".repeat(256 * 1024 + 1));
    expect((await scene.axcess("apply", "plan.json")).stderr).toContain("signers is larger than 256 KiB");
    await scene.planUnder("signed: true");
    const missing = await scene.axcess("plan");
    expect(missing).toMatchObject({ exit: 1 });
    expect(missing.stderr).toContain("There is no file .axcess/allowed_signers beside the manifest.");
  });

  test("need ssh-keygen", async () => {
    const scene = await openSigned();
    await scene.approve("vera@acme.io", "--sign", "vera");
    vi.stubEnv("PATH", scene.folder);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const refused = await scene.axcess("apply", "plan.json");
    expect(refused.exit).toBe(1);
    expect(refused.stderr).toContain("AX373");
    const signing = await scene.approve("otto@acme.io", "--sign", "otto");
    expect(signing.stderr).toContain("AX373");
    const told = await scene.approve("otto@acme.io");
    expect(told.stdout).toContain("Whether it is enough cannot be told here: ");
    const planned = await scene.axcess("plan");
    expect(planned.exit).toBe(0);
    expect(planned.stderr).toContain("AX373");
  });
});
