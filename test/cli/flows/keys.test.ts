import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { SandboxSwitches } from "../../../src/sandbox/start-sandbox.ts";
import { makeWorkplace, type Ran, type Workplace } from "../../support/run-axcess.ts";
import { startTestAccount, type TestAccount } from "../../support/sandbox-account.ts";

interface KeyText {
  readonly expires?: string;
  readonly secret?: string;
  readonly more?: string;
}

/** A manifest with one key in a space that is there already. */
function manifestWith({
  expires = "2099-01-01",
  secret = "{ to: file, path: secrets/ci }",
  more = "",
}: KeyText = {}): string {
  return `version: 1
organizations:
  Acme:
    spaces:
      prod:
        service_keys:
          ci: { role: member, expires: "${expires}", secret: ${secret}${more} }
`;
}

interface Scene extends Workplace {
  readonly account: TestAccount;
  /** Live keys of the space, as the account lists them. */
  readonly keys: () => Promise<readonly { readonly id: string; readonly name: string; readonly expires_at?: string }[]>;
  readonly apply: (...words: readonly string[]) => Promise<Ran>;
  readonly axcess: (...words: readonly string[]) => Promise<Ran>;
  readonly ledger: () => Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Whether a secret opens the account. */
  readonly opens: (secret: string) => Promise<boolean>;
}

async function openScene(text: string = manifestWith(), switches: Partial<SandboxSwitches> = {}): Promise<Scene> {
  // What is in doubt is judged by the times of both clocks: both are the machine's.
  const account = await startTestAccount({ now: () => new Date(), switches });
  onTestFinished(account.close);
  const organization = await account.organization("Acme");
  const space = await account.space(organization, "prod");
  const place = makeWorkplace();
  place.write("access.yaml", text);
  const { adminKey, url } = account.sandbox;
  const env = { ARIZE_API_KEY: adminKey, ARIZE_BASE_URL: url, ARIZE_APP_URL: url };
  const axcess = (...words: readonly string[]): Promise<Ran> => place.run(words, { env });
  return {
    ...place,
    account,
    keys: async () => (await account.rest("GET", `/v2/api-keys?space_id=${space}`)).body.api_keys,
    axcess,
    apply: (...words) => axcess("apply", "--auto-approve", ...words),
    ledger: async () =>
      (await place.read(".axcess/ledger.jsonl"))
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line).entry),
    opens: async (secret) => (await account.rest("GET", "/v2/spaces", undefined, secret)).status === 200,
  };
}

/** All text that anybody could see or find: what was printed, and every file but the places of secrets. */
function everythingIn(scene: Scene, ran: readonly Ran[]): string {
  const files = readdirSync(scene.folder, { recursive: true, encoding: "utf8" })
    .filter((name) => !name.startsWith("secrets") && statSync(join(scene.folder, name)).isFile())
    .map((name) => readFileSync(join(scene.folder, name), "utf8"));
  return [...files, ...ran.flatMap(({ stdout, stderr }) => [stdout, stderr])].join("\n");
}

/** Cuts the ledger off right behind the last intent, as a run that was killed then leaves it. */
async function forgetOutcome(scene: Scene): Promise<void> {
  const lines = (await scene.read(".axcess/ledger.jsonl")).trimEnd().split("\n");
  const last = lines.findLastIndex((line) => JSON.parse(line).entry.type === "intent");
  scene.write(".axcess/ledger.jsonl", `${lines.slice(0, last + 1).join("\n")}\n`);
}

describe("a service key", () => {
  test("is made, its secret goes to its place and nowhere else, and then there is nothing left to do", async () => {
    const scene = await openScene();
    const ran = [
      await scene.axcess("plan", "--out", "plan.json"),
      await scene.axcess("apply", "plan.json", "--json", "--verbose"),
      await scene.axcess("plan", "--detailed-exitcode"),
    ];
    expect(
      ran.map(({ exit }) => exit),
      ran.map(({ stderr }) => stderr).join(""),
    ).toEqual([0, 0, 0]);
    expect(ran[0]?.stdout).toContain("note: Its bot will be member in space:Acme/prod, read-only in the organization");
    const secret = await scene.read("secrets/ci");
    expect(await scene.opens(secret)).toBe(true);
    expect(lstatSync(join(scene.folder, "secrets/ci")).mode & 0o777).toBe(0o600);
    const entries = await scene.ledger();
    expect(entries.find(({ type }) => type === "outcome")).toMatchObject({ result: "done", secret: "delivered" });
    expect(everythingIn(scene, ran)).not.toContain(secret);
  });

  test("whose answer was lost is revoked, and the step fails", async () => {
    const scene = await openScene();
    scene.account.sandbox.setFaults([{ operation: "create_api_key", stage: "after", effect: { kind: "reset" } }]);
    const lost = await scene.apply();
    expect(lost.exit).toBe(1);
    expect(lost.stdout).toContain("Its secret reached nobody, so what was made was revoked.");
    expect(await scene.keys()).toEqual([]);
    expect((await scene.ledger()).find(({ type }) => type === "outcome")).toMatchObject({
      result: "failed",
      secret: "revoked",
    });
    expect((await scene.apply()).exit).toBe(0);
    expect(await scene.keys()).toHaveLength(1);
    expect(await scene.opens(await scene.read("secrets/ci"))).toBe(true);
  });

  test("whose creation was never answered and is not there is not sent again", async () => {
    const scene = await openScene();
    scene.account.sandbox.setFaults([{ operation: "create_api_key", effect: { kind: "reset" } }]);
    const lost = await scene.apply();
    expect(lost.exit).toBe(1);
    expect(lost.stdout).toContain("It is not known whether this took effect");
    expect(scene.account.sandbox.log.filter(({ operation }) => operation === "create_api_key")).toHaveLength(1);
    expect((await scene.apply()).exit).toBe(0);
    expect(await scene.keys()).toHaveLength(1);
  });

  test("whose secret cannot be kept is revoked, and told without the secret", async () => {
    const scene = await openScene(manifestWith({ secret: "{ to: command, command: [sh, -c, 'cat >&2; exit 3'] }" }));
    const failed = await scene.apply();
    expect(failed.exit).toBe(1);
    expect(failed.stdout).toContain("sh ended with 3.");
    expect(await scene.keys()).toEqual([]);
  });

  test("that cannot even be revoked is revoked by the next run", async () => {
    const scene = await openScene(manifestWith({ secret: "{ to: command, command: [sh, -c, 'test -e ready'] }" }));
    scene.account.sandbox.setFaults([{ operation: "revoke_api_key", effect: { kind: "status", status: 403 } }]);
    const failed = await scene.apply();
    expect(failed.exit).toBe(1);
    const [first] = await scene.keys();
    scene.write("ready", "");
    const again = await scene.apply();
    expect(again.stderr).toContain("before its secret reached its place; what it made is revoked.");
    expect(again.exit).toBe(0);
    const live = await scene.keys();
    expect(live).toHaveLength(1);
    expect(live[0]?.id).not.toBe(first?.id);
  });

  test("of a run that was killed before its secret was kept is revoked by the next run", async () => {
    const scene = await openScene();
    await scene.apply();
    const [first] = await scene.keys();
    await forgetOutcome(scene);
    rmSync(join(scene.folder, "secrets"), { recursive: true });
    const planned = await scene.axcess("plan");
    expect(planned.stderr).toContain("A run broke off at service-key:Acme/prod/ci; the next apply settles");
    const again = await scene.apply();
    expect(again.exit, again.stderr).toBe(0);
    const live = await scene.keys();
    expect(live).toHaveLength(1);
    expect(live[0]?.id).not.toBe(first?.id);
    expect(await scene.opens(await scene.read("secrets/ci"))).toBe(true);
    expect((await scene.ledger()).filter(({ secret }) => secret !== undefined).map(({ secret }) => secret)).toEqual([
      "revoked",
      "delivered",
    ]);
  });

  test("is not made where its file is somebody else's, or behind a link", async () => {
    const scene = await openScene(manifestWith({ secret: "{ to: file, path: ci.txt }" }));
    scene.write("ci.txt", "mine");
    const refused = await scene.apply();
    expect(refused.stdout).toContain("ci.txt is there already, and axcess did not put it there.");
    expect(await scene.read("ci.txt")).toBe("mine");
    rmSync(join(scene.folder, "ci.txt"));
    symlinkSync(join(tmpdir(), "elsewhere"), join(scene.folder, "secrets"));
    scene.write("access.yaml", manifestWith({ secret: "{ to: file, path: secrets/../../ci }" }));
    expect((await scene.apply()).stdout).toContain("leads out of the folder of the manifest");
    expect(scene.account.sandbox.log.filter(({ operation }) => operation === "create_api_key")).toEqual([]);
  });

  test("that is taken out of an authoritative section is revoked once approved", async () => {
    const scene = await openScene(`${manifestWith()}manage: { service_keys: authoritative }\n`);
    await scene.apply();
    const secret = await scene.read("secrets/ci");
    scene.write(
      "access.yaml",
      "version: 1\nmanage: { service_keys: authoritative }\norganizations: { Acme: { spaces: { prod: { service_keys: {} } } } }\n",
    );
    const held = await scene.axcess("plan", "--out", "plan.json");
    expect(held.stdout).toContain("- delete service-key:Acme/prod/ci  held");
    expect(held.stdout).toContain("note: The platform tells no use of it.");
    await scene.axcess("approve", "plan.json", "--all", "--reason", "unused");
    const removed = await scene.axcess("apply", "plan.json");
    expect(removed.exit, removed.stdout).toBe(0);
    expect(await scene.keys()).toEqual([]);
    expect(await scene.opens(secret)).toBe(false);
  });
});

test("a revoked key that left the manifest does not come back by an undo, until the manifest says where its secret goes", async () => {
  const scene = await openScene(`${manifestWith()}manage: { service_keys: authoritative }\n`);
  await scene.apply();
  const removed = manifestWith()
    .replace(/ {10}ci: .*\n/u, "")
    .replace("service_keys:", "service_keys: {}");
  scene.write("access.yaml", `${removed}manage: { service_keys: authoritative }\n`);
  await scene.axcess("plan", "--out", "plan.json");
  await scene.axcess("approve", "plan.json", "--all", "--reason", "unused");
  expect((await scene.axcess("apply", "plan.json")).exit).toBe(0);
  const told = await scene.axcess("undo");
  expect(told.exit).toBe(0);
  expect(told.stdout).toContain("AX345");
  expect(told.stdout).toContain("service-key:Acme/prod/ci: A revoked key does not come back.");
  expect(told.stdout).toContain('write "ci": { role: "member", expires: DATE, secret: { to: file, path: PATH } }');
  expect(told.stdout).not.toContain("+ create");
  scene.write("access.yaml", manifestWith({ expires: "2098-01-01", secret: "{ to: file, path: secrets/new }" }));
  const planned = await scene.axcess("undo", "--out", "undo.json");
  expect(planned.stdout).toContain("+ create service-key:Acme/prod/ci\n");
  expect(planned.stdout).toContain("note: Its secret goes to file secrets/new");
  expect((await scene.axcess("apply", "undo.json")).exit).toBe(0);
  expect((await scene.keys()).map(({ expires_at }) => expires_at)).toEqual(["2098-01-01T00:00:00Z"]);
  expect(await scene.opens(await scene.read("secrets/new"))).toBe(true);
});

test("the program that takes a secret gets no variable with the account's key, whatever its name", async () => {
  const report = "env > env.txt; cat > secret.txt";
  const scene = await openScene(manifestWith({ secret: `{ to: command, command: [sh, -c, '${report}'] }` }));
  const { adminKey, url } = scene.account.sandbox;
  const half = adminKey.length / 2;
  const env = {
    FIRST_PART: adminKey.slice(0, half),
    LAST_PART: adminKey.slice(half),
    HEADER: `Bearer ${adminKey}`,
    HARMLESS: "yes",
  };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  mkdirSync(join(scene.folder, "home/.arize/profiles"), { recursive: true });
  const routing = `[routing]\nsingle_host = "127.0.0.1"\nsingle_port = ${new URL(url).port}\napi_scheme = "http"\n`;
  scene.write("home/.arize/profiles/x.toml", `[auth]\napi_key = "\${FIRST_PART}\${LAST_PART:none}"\n${routing}`);
  const made = await scene.run(["apply", "--auto-approve", "--profile", "x"], { env });
  expect(made.exit, made.stderr).toBe(0);
  expect(await scene.opens(await scene.read("secret.txt"))).toBe(true);
  const seen = await scene.read("env.txt");
  expect(seen).toContain("HARMLESS=yes");
  expect(seen).not.toMatch(/FIRST_PART|LAST_PART|HEADER/u);
});

test("the bot of a key is no stray member of an authoritative section", async () => {
  const manage = "manage: { members: authoritative, service_keys: authoritative }\n";
  const text = manifestWith().replace("        service_keys:", "        members: {}\n        service_keys:");
  const scene = await openScene(`${manage}${text.replace("  Acme:\n", "  Acme:\n    members: {}\n")}`);
  await scene.apply();
  const planned = await scene.axcess("plan", "--detailed-exitcode");
  expect(planned.stdout).toContain("No changes.");
  expect(planned.exit).toBe(0);
});

describe("a key in a space that is renamed", () => {
  const renamed = (more = ""): string =>
    manifestWith({ more }).replace("      prod:\n", "      live:\n        previously: [prod]\n");

  test("goes along, and gets no new secret for it", async () => {
    const scene = await openScene();
    expect((await scene.apply()).exit).toBe(0);
    const before = await scene.keys();
    scene.write("access.yaml", renamed());
    const { exit, stdout } = await scene.apply();
    expect([exit, stdout]).toEqual([0, expect.not.stringContaining("service-key:")]);
    expect(await scene.keys()).toEqual(before);
    expect((await scene.axcess("plan")).stdout).toContain("No changes.");
  });

  test("is rotated once, also where the rename has to wait", async () => {
    const scene = await openScene();
    expect((await scene.apply()).exit).toBe(0);
    const [first] = await scene.keys();
    scene.write("access.yaml", renamed());
    const rotated = await scene.axcess("keys", "rotate", "service-key:Acme/live/ci", "--auto-approve");
    expect([rotated.exit, rotated.stderr]).toEqual([0, expect.anything()]);
    const both = (await scene.keys()).map(({ id }) => id);
    expect(both).toEqual(expect.arrayContaining([first?.id]));
    expect(both).toHaveLength(2);
    const { stdout } = await scene.axcess("plan");
    expect(stdout).toContain("space:Acme/live");
    expect(stdout).not.toContain("service-key:");
    expect((await scene.axcess("drift")).stdout).not.toContain("service-key:");
    expect((await scene.apply()).exit).toBe(0);
    expect((await scene.keys()).map(({ id }) => id)).toEqual(both);
    expect((await scene.axcess("plan")).stdout).toContain("No changes.");
  });
});

describe("a rotation", () => {
  const DUE = manifestWith({ more: ", rotate: { before_expiry: 99999d, grace: 1h }" });

  test("is planned by the clock, made once, and leaves the old secret for its grace", async () => {
    const scene = await openScene();
    await scene.apply();
    const [old] = await scene.keys();
    const before = await scene.read("secrets/ci");
    scene.write("access.yaml", DUE);
    const ran = [await scene.axcess("plan"), await scene.apply(), await scene.axcess("plan", "--detailed-exitcode")];
    expect(ran[0]?.stdout).toContain("due for a new secret, by the clock");
    expect(ran[0]?.stdout).toContain("note: By the clock: due since 1825-03-20T00:00:00Z");
    expect(
      ran.map(({ exit }) => exit),
      ran[1]?.stdout,
    ).toEqual([0, 0, 0]);
    const after = await scene.read("secrets/ci");
    expect(after).not.toBe(before);
    expect(await Promise.all([before, after].map(scene.opens))).toEqual([true, true]);
    const live = await scene.keys();
    expect(live.map(({ name }) => name)).toEqual(["ci", "ci"]);
    expect((await scene.ledger()).findLast(({ type }) => type === "outcome")).toMatchObject({
      remote: { id: live.find(({ id }) => id !== old?.id)?.id },
    });
    expect(everythingIn(scene, ran)).not.toMatch(new RegExp(`${before}|${after}`, "u"));
  });

  test("without grace is held", async () => {
    const scene = await openScene();
    await scene.apply();
    scene.write("access.yaml", DUE.replace("1h", "0s"));
    const planned = await scene.axcess("plan");
    expect(planned.stdout).toContain("! interrupts: Whatever uses the old secret loses access at once.");
    expect((await scene.apply()).exit).toBe(3);
  });

  test("whose answer was lost revokes what it made", async () => {
    const scene = await openScene();
    await scene.apply();
    const [old] = await scene.keys();
    scene.write("access.yaml", DUE);
    scene.account.sandbox.setFaults([{ operation: "refresh_api_key", stage: "after", effect: { kind: "reset" } }]);
    const lost = await scene.apply();
    expect(lost.stdout).toContain("Its secret reached nobody, so what was made was revoked.");
    expect((await scene.keys()).map(({ id }) => id)).toEqual([old?.id]);
    // The old key ends with its grace, and no refresh can prolong it: another one takes its place.
    expect((await scene.apply()).exit).toBe(0);
    expect(await scene.opens(await scene.read("secrets/ci"))).toBe(true);
  });

  test("of a run that was killed before its secret was kept is taken back and made again", async () => {
    const scene = await openScene();
    await scene.apply();
    scene.write("access.yaml", DUE);
    await scene.apply();
    const undelivered = (await scene.keys()).map(({ id }) => id)[1];
    await forgetOutcome(scene);
    const again = await scene.apply();
    expect(again.exit, again.stdout + again.stderr).toBe(0);
    const live = (await scene.keys()).map(({ id }) => id);
    expect(live).toHaveLength(2);
    expect(live).not.toContain(undelivered);
    expect(await scene.opens(await scene.read("secrets/ci"))).toBe(true);
  });

  test("for a later end makes another key, and the old one goes on to its own", async () => {
    const scene = await openScene();
    await scene.apply();
    scene.write("access.yaml", manifestWith({ expires: "2099-02-01" }));
    const planned = await scene.axcess("plan");
    expect(planned.stdout).toContain("No new secret may outlive the key it replaces");
    expect(planned.stdout).toContain("note: Its bot will be member in space:Acme/prod, read-only in the organization");
    expect((await scene.apply()).exit).toBe(0);
    expect((await scene.keys()).map(({ expires_at }) => expires_at)).toEqual([
      "2099-01-01T00:00:00Z",
      "2099-02-01T00:00:00Z",
    ]);
    expect((await scene.axcess("plan", "--detailed-exitcode")).exit).toBe(0);
  });

  test("for a later end makes another admin only where the policy lets it", async () => {
    const scene = await openScene(manifestWith().replace("role: member", "role: admin"));
    await scene.apply();
    const later = manifestWith({ expires: "2099-02-01" }).replace("role: member", "role: admin");
    scene.write("access.yaml", `${later}policy: { forbid: [gains-admin] }\n`);
    const planned = await scene.axcess("plan");
    expect(planned.stdout).toContain("gains-admin: The key's bot becomes an admin: space.");
    expect(planned.exit).toBe(3);
    expect((await scene.apply()).exit).toBe(3);
    expect(await scene.keys()).toHaveLength(1);
  });

  test("now is of one key that is meant, and of none that has come to its end", async () => {
    const scene = await openScene(manifestWith({ expires: "2020-01-01" }));
    expect((await scene.axcess("keys", "rotate", "ci", "--auto-approve")).stderr).toContain("has come to its end");
    const star = manifestWith().replace("ci: {", '"c*": {');
    scene.write("access.yaml", star);
    expect((await scene.axcess("keys", "rotate", "c*")).stderr).toContain("can only rotate by an apply");
    const again = star.replace('"c*"', "ci").replace("secrets/ci", "secrets/x").split("\n").slice(4, 7).join("\n");
    scene.write("access.yaml", `${manifestWith()}${again.replace("prod", "dev")}\n`);
    const several = await scene.axcess("keys", "rotate", "ci");
    expect(several.stderr).toContain("Name one by its address: service-key:Acme/prod/ci, service-key:Acme/dev/ci");
  });

  test("leaves two keys of one name, and nothing that only tells of the account minds", async () => {
    const scene = await openScene(
      `${manifestWith()}assertions: [{ who: "*@x.io", on: "space:**", never: SPACE_READ }]\n`,
    );
    await scene.apply();
    await scene.axcess("keys", "rotate", "ci", "--auto-approve");
    expect(await scene.keys()).toHaveLength(2);
    const told = await Promise.all([
      scene.axcess("export"),
      scene.axcess("test", "--live"),
      scene.axcess("access", "a@x.io"),
    ]);
    expect(told.map(({ exit }) => exit)).toEqual([0, 0, 0]);
    expect(told.map(({ stderr }) => stderr).join("")).not.toContain("AX304");
  });

  test("now is what keys rotate does, by name or address, and only that", async () => {
    const scene = await openScene();
    expect((await scene.axcess("keys", "rotate", "ci", "--auto-approve")).stderr).toContain("is not there yet");
    await scene.apply();
    const before = await scene.read("secrets/ci");
    scene.write("access.yaml", `${manifestWith()}roles: { other: { permissions: [SPACE_READ] } }\n`);
    const rotated = await scene.axcess("keys", "rotate", "service-key:Acme/prod/ci", "--auto-approve");
    expect(rotated.exit, rotated.stderr).toBe(0);
    expect(await scene.read("secrets/ci")).not.toBe(before);
    expect(rotated.stdout).not.toContain("role:other");
    expect((await scene.ledger()).findLast(({ type }) => type === "run")).toMatchObject({ command: "keys rotate" });
    expect((await scene.axcess("keys", "rotate", "cii")).stderr).toContain("Did you mean ci?");
    expect((await scene.axcess("keys", "rotate", "ci")).stderr).toContain("There is no terminal to ask on.");
    expect(existsSync(join(scene.folder, "secrets/ci"))).toBe(true);
  });

  test("that is held is approved with a saved plan, by the commands that the message names", async () => {
    const scene = await openScene(manifestWith({ more: ", rotate: { before_expiry: 1d, grace: 0s }" }));
    await scene.apply();
    const before = await scene.read("secrets/ci");
    const mute = await scene.axcess("keys", "rotate", "ci");
    expect(mute.stderr).toContain("or apply a saved plan: axcess keys rotate service-key:Acme/prod/ci --out plan.json");
    const held = await scene.axcess("keys", "rotate", "ci", "--auto-approve");
    expect(held.exit).toBe(3);
    expect(held.stdout).toContain("save the plan first: axcess keys rotate service-key:Acme/prod/ci --out plan.json\n");
    expect(held.stdout).toContain('to release: axcess approve plan.json --all --reason "WHY"\n');
    expect(held.stdout).toContain("then: axcess apply plan.json\n");
    const ran = [
      await scene.axcess("keys", "rotate", "service-key:Acme/prod/ci", "--out", "plan.json"),
      await scene.axcess("approve", "plan.json", "--all", "--reason", "it may have leaked"),
      await scene.axcess("apply", "plan.json"),
    ];
    expect(ran.map(({ exit }) => exit)).toEqual([0, 0, 0]);
    expect(ran[2]?.stdout).toContain("Apply: 1 done.");
    expect(await scene.read("secrets/ci")).not.toBe(before);
    expect(await scene.opens(before)).toBe(false);
    expect((await scene.ledger()).findLast(({ type }) => type === "run")).toMatchObject({ command: "keys rotate" });
    const again = await scene.axcess("apply", "plan.json");
    expect([again.exit, again.stdout]).toEqual([0, expect.stringContaining("No changes.")]);
  });

  test("that is saved takes no flag of an apply, and of a key that is gone since is stale", async () => {
    const scene = await openScene();
    await scene.apply();
    const both = await scene.axcess("keys", "rotate", "ci", "--out", "plan.json", "--auto-approve");
    expect(both).toMatchObject({ exit: 64, stderr: expect.stringContaining("--out only saves a plan") });
    expect((await scene.axcess("keys", "rotate", "ci", "--out", "plan.json")).exit).toBe(0);
    scene.write("access.yaml", "version: 1\norganizations: { Acme: { spaces: { prod: { service_keys: {} } } } }\n");
    const stale = await scene.axcess("apply", "plan.json");
    expect(stale.exit).toBe(4);
    expect(stale.stdout).toContain("Plan again: axcess keys rotate service-key:Acme/prod/ci --out plan.json");
  });

  test("that is saved tells whether what lies there is enough, for the author that it is told", async () => {
    const scene = await openScene(manifestWith({ more: ", rotate: { before_expiry: 1d, grace: 0s }" }));
    await scene.apply();
    scene.write("access.yaml", `${await scene.read("access.yaml")}policy: { approvals: { not_by: [author] } }\n`);
    // Of one moment, so that what is approved is the change that is planned again.
    const rotate = ["keys", "rotate", "ci", "--out", "plan.json", "--now", new Date().toISOString()];
    expect((await scene.axcess(...rotate)).exit).toBe(0);
    await scene.axcess("approve", "plan.json", "--all", "--reason", "it leaked", "--by", "jane@acme.io");
    expect((await scene.axcess(...rotate)).stdout).toContain("0 of 1 there");
    expect((await scene.axcess(...rotate, "--author", "jane@acme.io")).stdout).toContain("0 of 1 there");
    expect((await scene.axcess(...rotate, "--author", "vera@acme.io")).stdout).toContain("1 of 1 there: jane@acme.io");
    expect((await scene.axcess(...rotate, "--author", "me")).exit).toBe(64);
  });

  test("now that failed is what is left, and the last line does not say that all is well", async () => {
    const scene = await openScene();
    await scene.apply();
    scene.account.sandbox.setFaults([{ operation: "refresh_api_key", effect: { kind: "status", status: 422 } }]);
    const failed = await scene.axcess("keys", "rotate", "ci", "--auto-approve");
    expect(failed.exit).toBe(1);
    expect(failed.stdout).toContain(
      "Apply: 1 failed.\nLeft: 1 to update; 1 open.\n  ~ update service-key:Acme/prod/ci",
    );
    expect(failed.stdout).not.toContain("matches");
    scene.account.sandbox.setFaults([]);
    const rotated = await scene.axcess("keys", "rotate", "ci", "--auto-approve");
    expect(rotated.stdout).toContain("Apply: 1 done.\nservice-key:Acme/prod/ci has a new secret.\n");
  });
});
