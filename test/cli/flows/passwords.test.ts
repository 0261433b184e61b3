import { lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { makeWorkplace, type Ran, type Workplace } from "../../support/run-axcess.ts";
import { startTestAccount, type TestAccount } from "../../support/sandbox-account.ts";

const manifestWith = (password: string): string => `version: 1
people:
  kim@acme.example:
    name: Kim
    role: member
    invite: temporary_password
    developer: false
    password: ${password}
`;

const TO_FILE = "{ to: file, path: secrets/kim }";

interface Scene extends Workplace {
  readonly account: TestAccount;
  readonly axcess: (...words: readonly string[]) => Promise<Ran>;
  readonly people: () => Promise<readonly string[]>;
  readonly outcomes: () => Promise<readonly Readonly<Record<string, unknown>>[]>;
}

async function openScene(password: string = TO_FILE): Promise<Scene> {
  const account = await startTestAccount({ switches: { contract: "2026-09" } });
  onTestFinished(account.close);
  const place = makeWorkplace();
  place.write("access.yaml", manifestWith(password));
  const { adminKey, url } = account.sandbox;
  const env = { ARIZE_API_KEY: adminKey, ARIZE_BASE_URL: url, ARIZE_APP_URL: url };
  return {
    ...place,
    account,
    axcess: (...words) => place.run(words, { env }),
    people: async () => {
      const { body } = await account.rest("GET", "/v2/users?email=kim@acme.example");
      return body.users.map(({ email }: { readonly email: string }) => email);
    },
    outcomes: async () =>
      (await place.read(".axcess/ledger.jsonl"))
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line).entry)
        .filter(({ type }) => type === "outcome"),
  };
}

/** All text that anybody could see or find: what was printed, and every file but the places of passwords. */
function everythingIn(scene: Scene, ran: readonly Ran[]): string {
  const files = readdirSync(scene.folder, { recursive: true, encoding: "utf8" })
    .filter((name) => !name.startsWith("secrets") && statSync(join(scene.folder, name)).isFile())
    .map((name) => readFileSync(join(scene.folder, name), "utf8"));
  return [...files, ...ran.flatMap(({ stdout, stderr }) => [stdout, stderr])].join("\n");
}

describe("a temporary password", () => {
  test("goes to its place and nowhere else, and then there is nothing left to do", async () => {
    const scene = await openScene();
    const ran = [
      await scene.axcess("plan", "--out", "plan.json"),
      await scene.axcess("apply", "plan.json", "--json", "--verbose"),
      await scene.axcess("plan", "--detailed-exitcode"),
      await scene.axcess("ledger", "show"),
    ];
    expect(
      ran.map(({ exit }) => exit),
      ran.map(({ stderr }) => stderr).join(""),
    ).toEqual([0, 0, 0, 0]);
    expect(ran[0]?.stdout).toContain("The temporary password goes to file secrets/kim.");
    const password = await scene.read("secrets/kim");
    expect(password.length).toBeGreaterThan(10);
    expect(lstatSync(join(scene.folder, "secrets/kim")).mode & 0o777).toBe(0o600);
    expect(await scene.outcomes()).toMatchObject([{ result: "done", secret: "delivered" }]);
    expect(everythingIn(scene, ran)).not.toContain(password);
    expect(JSON.stringify(scene.account.sandbox.log)).not.toContain(password);
  });

  test("goes into a dotenv file, or to a program", async () => {
    const env = await openScene("{ to: env, file: secrets/.env, name: KIM }");
    expect((await env.axcess("apply", "--auto-approve")).exit).toBe(0);
    expect(await env.read("secrets/.env")).toMatch(/^KIM=\S+\n$/u);
    const program = await openScene("{ to: command, command: [sh, -c, 'mkdir secrets; cat > secrets/kim'] }");
    expect((await program.axcess("apply", "--auto-approve")).exit).toBe(0);
    expect(await program.read("secrets/kim")).not.toBe("");
  });

  test("that cannot be kept leaves the person, fails the step, and the next run takes nothing back", async () => {
    const scene = await openScene("{ to: command, command: [sh, -c, 'mkdir secrets; tee secrets/seen >&2; exit 3'] }");
    const failed = await scene.axcess("apply", "--auto-approve");
    expect(failed.exit).toBe(1);
    expect(failed.stdout).toContain(
      "its secret reached nobody. sh ended with 3. The person stays. Have the person use",
    );
    expect(await scene.outcomes()).toMatchObject([{ result: "done", secret: "lost", error: "SecretLost" }]);
    const again = await scene.axcess("apply", "--auto-approve");
    expect(again.exit, again.stderr).toBe(0);
    expect(await scene.people()).toEqual(["kim@acme.example"]);
    expect(everythingIn(scene, [failed, again])).not.toContain(await scene.read("secrets/seen"));
  });

  test("whose answer was lost is told, and the person stays", async () => {
    const scene = await openScene();
    scene.account.sandbox.setFaults([{ operation: "create_user", stage: "after", effect: { kind: "reset" } }]);
    const lost = await scene.axcess("apply", "--auto-approve");
    expect(lost.exit).toBe(1);
    expect(lost.stdout).toContain("The answer was lost. The person stays.");
    expect(await scene.people()).toEqual(["kim@acme.example"]);
  });

  test("is kept where what else the manifest gives cannot be set at once", async () => {
    const scene = await openScene();
    scene.account.sandbox.setFaults([{ operation: "update_user", effect: { kind: "status", status: 403 } }]);
    const applied = await scene.axcess("apply", "--auto-approve");
    expect(applied.stdout).toContain("Not all that the manifest gives could be set; the next plan shows it.");
    expect(await scene.read("secrets/kim")).not.toBe("");
    expect((await scene.axcess("plan")).stdout).toContain("~ update user:kim@acme.example");
  });

  test("is not asked for where its place is somebody else's", async () => {
    const scene = await openScene("{ to: file, path: kim.txt }");
    scene.write("kim.txt", "mine");
    const refused = await scene.axcess("apply", "--auto-approve");
    expect(refused.stdout).toContain("kim.txt is there already, and axcess did not put it there.");
    expect(await scene.people()).toEqual([]);
    expect(await scene.read("kim.txt")).toBe("mine");
  });

  test("of a run that was killed is no reason to take the person back", async () => {
    const scene = await openScene();
    await scene.axcess("apply", "--auto-approve");
    const lines = (await scene.read(".axcess/ledger.jsonl")).trimEnd().split("\n");
    const last = lines.findLastIndex((line) => JSON.parse(line).entry.type === "intent");
    scene.write(".axcess/ledger.jsonl", `${lines.slice(0, last + 1).join("\n")}\n`);
    const again = await scene.axcess("apply", "--auto-approve");
    expect(again.exit, again.stderr).toBe(0);
    expect(again.stderr).not.toContain("revoked");
    expect(await scene.people()).toEqual(["kim@acme.example"]);
    expect((await scene.outcomes()).map(({ result }) => result)).toEqual(["settled-done"]);
  });
});
