import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { canonicalJson } from "../../../src/model/json.ts";
import type { ApprovalAnswer } from "../../../src/page/page-model.ts";
import { makeWorkplace, type Ran, type Workplace } from "../../support/run-axcess.ts";
import { send, serveReview } from "../../support/served-review.ts";
import { makeSshKey, signText } from "../../support/ssh-keys.ts";

const FLAGS = ["--sandbox", "--now", "2026-11-01T12:00:00Z"];
const PEOPLE = `version: 1
people:
  jane@acme.io: { name: Jane Doe, role: member, invite: none }
  bob@acme.io: { name: Bob Roe, role: member, invite: none }
  vera@acme.io: { name: Vera, role: member, invite: none }
  otto@acme.io: { name: Otto, role: member, invite: none }
  mallory@acme.io: { name: Mallory, role: member, invite: none }
groups:
  owners: [vera@acme.io, otto@acme.io, bob@acme.io]
`;
const TEAM = `organizations:
  Team:
    members: { jane@acme.io: member, bob@acme.io: member }
    spaces:
      alpha: { private: true, members: { jane@acme.io: admin, bob@acme.io: member } }
`;
const WITHOUT_BOB = `${TEAM.replace(", bob@acme.io: member } }", " } }")}absent: ["space-member:Team/alpha/bob@acme.io"]\n`;
const rules = (words: string): string => `policy: { approvals: { ${words} } }\n`;

interface Scene extends Workplace {
  readonly axcess: (...words: readonly string[]) => Promise<Ran>;
  readonly approve: (by: string, ...words: readonly string[]) => Promise<Ran>;
  /** Writes the manifest in which Bob leaves, under these rules, and saves its plan. */
  readonly planUnder: (words: string) => Promise<Ran>;
  readonly ledger: () => Promise<string>;
}

/** A team in which Bob is still; `before` are the rules under which that was applied. */
async function openScene(before = ""): Promise<Scene> {
  const place = makeWorkplace();
  const axcess = (...words: readonly string[]): Promise<Ran> => place.run([...words, ...FLAGS]);
  const head = (words: string): string => `${PEOPLE}${words === "" ? "" : rules(words)}`;
  place.write("access.yaml", `${head(before)}${TEAM}`);
  mkdirSync(join(place.folder, ".axcess"), { recursive: true });
  return {
    ...place,
    axcess,
    approve: (by, ...words) => axcess("approve", "plan.json", "--all", "--reason", "Bob left", "--by", by, ...words),
    planUnder: (words) => {
      place.write("access.yaml", `${head(words)}${WITHOUT_BOB}`);
      return axcess("plan", "--out", "plan.json");
    },
    ledger: () => place.read(".axcess/sandbox-ledger.jsonl"),
  };
}

async function openTeam(before = ""): Promise<Scene> {
  const scene = await openScene(before);
  const applied = await scene.axcess("apply", "--auto-approve");
  expect(applied.exit, applied.stderr + applied.stdout).toBe(0);
  return scene;
}

describe("rules for approvals", { timeout: 60_000 }, () => {
  test("stand on the review page, with what only the command line can give", async () => {
    const scene = await openTeam('default: 2, by: "group:owners"');
    const shown = async (): Promise<string> => (await scene.axcess("show", "plan.json", "--format", "html")).stdout;
    await scene.planUnder('default: 2, by: "group:owners"');
    expect(await shown()).toMatch(/Each of chg_\w+ needs 2 approvals by bob@acme\.io, otto@acme\.io, vera@acme\.io\./u);
    expect(await shown()).not.toContain("The rules become weaker");
    await scene.planUnder("default: 1, signed: true");
    scene.write(".axcess/allowed_signers", "");
    await scene.planUnder("default: 1, signed: true");
    expect(await shown()).toMatch(/The rules become weaker.*axcess approve PLAN --only chg_\w+/u);
    expect(await shown()).toContain("axcess approve PLAN --sign KEYFILE");
  });

  test("two different people of those named release what is held; each approval has a file of its own", async () => {
    const scene = await openTeam();
    const planned = await scene.planUnder('default: 2, by: "group:owners"');
    expect(planned.stdout).toContain(
      "needs 2 approvals by bob@acme.io, otto@acme.io, vera@acme.io\n      0 of 2 there\n",
    );
    const first = await scene.approve("vera@acme.io");
    expect(first.stdout).toMatch(/^chg_\w+: not enough, 1 of 2 there: vera@acme\.io$/mu);
    expect(first.stdout).toContain("\n  needs 2 approvals by bob@acme.io, otto@acme.io, vera@acme.io\n");
    await scene.approve(" Vera@ACME.io");
    await scene.approve("mallory@acme.io");
    const held = await scene.axcess("apply", "plan.json");
    expect(held.exit).toBe(3);
    expect(held.stderr).toContain("AX361");
    expect(held.stderr).toContain("mallory@acme.io is not among those whose approval counts: bob@acme.io, otto");
    expect(held.stdout).toContain("1 of 2 are there.");
    const enough = await scene.approve("otto@acme.io");
    expect(enough.stdout).toContain(": enough, 2 of 2 there: ");
    const again = await scene.axcess("plan", "--json");
    expect(JSON.parse(again.stdout).approvals).toMatchObject([{ needed: 2, people: 2, enough: true }]);
    const done = await scene.axcess("apply", "plan.json");
    expect(done.exit, done.stderr).toBe(0);
    expect(await scene.ledger()).toContain('"by":"otto@acme.io"');
    expect(await scene.ledger()).toContain('"type":"rules"');
  });

  test("the author, whoever it is about, and nobody known do not approve", async () => {
    const scene = await openTeam();
    await scene.planUnder("not_by: [author, beneficiary]");
    await scene.approve("vera@acme.io");
    const unknown = await scene.axcess("apply", "plan.json");
    expect(unknown.exit).toBe(3);
    expect(unknown.stderr).toContain("give --author EMAIL, or set AXCESS_AUTHOR");
    const own = await scene.axcess("apply", "plan.json", "--author", "x@acme.io,VERA@acme.io");
    expect(own.stderr).toContain("vera@acme.io authored the change.");
    expect(own.exit).toBe(3);
    await scene.approve("bob@acme.io");
    const beneficiary = await scene.axcess("apply", "plan.json", "--author", "vera@acme.io");
    expect(beneficiary.exit).toBe(3);
    expect(beneficiary.stderr).toMatch(/bob@acme\.io gains by chg_\w+, or it is their own grant\./u);
    const env = { AXCESS_AUTHOR: "jane@acme.io" };
    expect((await scene.run(["apply", "plan.json", ...FLAGS], { env })).exit).toBe(0);
    expect((await scene.axcess("apply", "--auto-approve", "--author", "me")).exit).toBe(64);
  });

  test("a served page says after writing what is missing, in the words of approve", async () => {
    const scene = await openTeam();
    await scene.planUnder('default: 2, by: "group:owners", not_by: [author]');
    const review = await serveReview(scene, ["--serve", "plan.json", "--author", "bob@acme.io", ...FLAGS]);
    const { steps } = JSON.parse(await scene.read("plan.json"));
    const held = steps.filter((step: { gate: { state: string } }) => step.gate.state === "held");
    const changes = held.map(({ id }: { id: string }) => id);
    const approve = async (by: string): Promise<ApprovalAnswer> => {
      const reply = await send(review, {
        method: "POST",
        path: `${new URL(review.url).pathname}approvals`,
        headers: { origin: `http://127.0.0.1:${review.port}`, "content-type": "application/json" },
        body: JSON.stringify({ changes, by, reason: "Bob left", expires: "7d", confirmed: {} }),
      });
      return JSON.parse(reply.body);
    };
    const needs = "needs 2 approvals by bob@acme.io, otto@acme.io, vera@acme.io; not by its author";
    expect((await approve("bob@acme.io")).changes).toEqual([
      {
        change: changes[0],
        isEnough: false,
        lines: ["not enough, 0 of 2 there", "bob@acme.io authored the change.", needs],
      },
    ]);
    expect((await approve("vera@acme.io")).changes[0]).toMatchObject({ isEnough: false });
    expect((await approve("otto@acme.io")).changes[0]).toMatchObject({ isEnough: true });
    scene.write("approvals/broken.yaml", "version: 2");
    expect(await approve("otto@acme.io")).toMatchObject({
      changes: [],
      doubts: [expect.stringContaining("Whether it is enough cannot be told here: ")],
    });
    review.interrupt();
    expect((await review.ended).stderr).toMatch(/chg_\w+: enough, 2 of 2 there: /u);
  });

  test("what is typed at the terminal is one approval, and none of somebody who may not author it", async () => {
    const scene = await openTeam();
    await scene.planUnder("default: 2");
    const env = { EMAIL: "vera@acme.io" };
    const typed = ["approve all", "Bob left", "yes"];
    expect((await scene.run(["apply", ...FLAGS], { env, typed })).exit).toBe(3);
    await scene.approve("otto@acme.io");
    expect((await scene.run(["apply", ...FLAGS], { env, typed })).exit).toBe(0);
  });

  test("an approval for another state says what moved", async () => {
    const scene = await openTeam();
    await scene.planUnder("");
    await scene.approve("vera@acme.io");
    scene.write(
      "access.yaml",
      `${PEOPLE}${TEAM.replace("alpha: { private: true, members: { jane@acme.io: admin, bob@acme.io: member } }", "alpha: { private: true, members: { jane@acme.io: admin, bob@acme.io: admin } }")}`,
    );
    expect((await scene.axcess("apply", "--auto-approve")).exit).toBe(0);
    await scene.planUnder("");
    const held = await scene.axcess("apply", "plan.json");
    expect(held.exit).toBe(3);
    expect(held.stderr).toContain('before, role was "member" and is "admin"');
  });
});

describe("weaker rules", { timeout: 60_000 }, () => {
  test("do not count before the old ones let them", async () => {
    const scene = await openTeam('default: 2, by: "group:owners"');
    const planned = await scene.planUnder("default: 1");
    expect(planned.stdout).toContain("AX372");
    expect(planned.stdout).toContain("A held change needs 1 instead of 2. Anybody may approve now.");
    await scene.approve("mallory@acme.io");
    const held = await scene.axcess("apply", "plan.json");
    expect(held.exit).toBe(3);
    await scene.approve("vera@acme.io");
    const approved = await scene.approve("otto@acme.io");
    expect(approved.stdout).toContain("the rules for approvals: A held change needs 1");
    const done = await scene.axcess("apply", "plan.json");
    expect(done.exit, done.stderr).toBe(0);
    const again = await scene.axcess("plan");
    expect(again.stdout).not.toContain("AX372");
  });

  test("by which somebody joins the approvers are weaker; without any rules, too", async () => {
    const scene = await openTeam('by: "group:owners"');
    scene.write(
      "access.yaml",
      `${PEOPLE.replace("bob@acme.io]", "bob@acme.io, mallory@acme.io]")}${rules('by: "group:owners"')}${TEAM}`,
    );
    expect((await scene.axcess("plan")).stdout).toContain("More people may approve now: mallory@acme.io.");
    expect((await scene.planUnder("")).stdout).toContain("Anybody may approve now.");
    await scene.approve("mallory@acme.io");
    expect((await scene.axcess("apply", "plan.json")).exit).toBe(3);
  });
});

describe("signed approvals", { timeout: 60_000 }, () => {
  const SIGNED = "signed: true, allowed_signers: signers";

  async function openSigned(): Promise<Scene & { readonly keys: Readonly<Record<string, string>> }> {
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
    expect(JSON.parse(blind.stdout).doubts).toEqual([expect.stringMatching(doubt)]);
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
