import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { describe, expect, onTestFinished, test } from "vitest";
import { buildProgram } from "../../src/cli/program.ts";
import type { FaultRule } from "../../src/sandbox/start-sandbox.ts";
import { makeWorkplace, type Ran, type Workplace } from "../support/run-axcess.ts";
import { startTestAccount, type TestAccount } from "../support/sandbox-account.ts";
import { spellSecret } from "../support/spellings.ts";

// Every command of the program is run, as it should be and as it should not, where secrets are about. Afterwards no byte that was
// printed or written may hold one of them. A command that is not in RUNS is run by its name alone, and with a word for each argument.

const MANIFEST = `version: 1
people:
  kim@acme.example: { name: Kim, role: member, invite: temporary_password, developer: false, password: { to: file, path: secrets/kim } }
  lee@acme.example: { name: Lee, role: member, invite: temporary_password, developer: false, password: { to: command, command: [sh, -c, "cat >> secrets/lee; echo >> secrets/lee; cat secrets/lee; cat secrets/lee >&2; exit 3"] } }
organizations:
  Acme:
    members: { kim@acme.example: member }
    spaces:
      prod:
        members: { kim@acme.example: member }
        service_keys:
          ci: { role: member, expires: "2099-01-01", secret: { to: env, file: secrets/env, name: AX } }
          no: { role: member, expires: "2099-01-01", secret: { to: command, command: [sh, -c, "cat >> secrets/no; echo >> secrets/no; cat secrets/no; cat secrets/no >&2; exit 3"] } }
`;

/** What each command is run with; `ledger show` is the command `show` of `ledger`. */
const RUNS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  init: [["--owner", "@acme/access", "--file", "new/access.yaml"]],
  validate: [[], ["--format", "sarif"]],
  fmt: [["--check"]],
  schema: [["ledger"]],
  export: [[], ["--split", "space", "--out", "exported"]],
  adopt: [["organization:Acme"]],
  plan: [
    ["--out", "plan.json", "--format", "markdown=plan.md", "--format", "html=plan.html", "--events", "plan.events"],
  ],
  show: [["plan.json"], ["plan.json", "--format", "html=show.html"], ["access.yaml"]],
  review: [["--out", "reviews"]],
  approve: [["plan.json", "--all", "--reason", "because", "--by", "ann@acme.example"]],
  apply: [["plan.json"], ["--auto-approve", "--events", "apply.events"]],
  undo: [["--out", "undo.json"], []],
  explain: [["kim@acme.example", "space:Acme/prod"]],
  "who-can": [["PROJECT_READ", "space:Acme/prod"]],
  access: [["kim@acme.example"]],
  test: [["--live"]],
  "ledger show": [[]],
  "ledger who": [["**"]],
  "ledger verify": [[]],
  drift: [[], ["--format", "markdown=drift.md", "--events", "drift.events"]],
  offboard: [["nobody@acme.example"]],
  keys: [["rotate", "ci", "--auto-approve", "--events", "rotate.events"]],
  doctor: [[]],
  sandbox: [["--port", "0", "--dir", "served"]],
  completion: [["bash"]],
};

const IO = {
  stdout: { write: () => undefined },
  stderr: { write: () => undefined },
  stdin: (async function* nothing(): AsyncGenerator<string, void, void> {})(),
  isTty: { stdin: false, stdout: false, stderr: false },
  columns: 100,
  env: {},
  cwd: ".",
  onInterrupt: () => () => undefined,
};

interface Leaf {
  readonly name: string;
  readonly words: readonly string[];
  readonly runs: readonly (readonly string[])[];
}

function listLeaves(command: Command, before: readonly string[] = []): readonly Leaf[] {
  return command.commands.flatMap((child) => {
    const words = [...before, child.name()];
    if (child.commands.length > 0) return listLeaves(child, words);
    const name = words.join(" ");
    return [{ name, words, runs: RUNS[name] ?? [child.registeredArguments.map(() => "x")] }];
  });
}

const LEAVES = listLeaves(buildProgram(IO, () => undefined));

interface Scene extends Workplace {
  readonly account: TestAccount;
  readonly env: Readonly<Record<string, string>>;
  readonly outputs: Ran[];
}

async function openScene(): Promise<Scene> {
  // A minute's limit would make the runs wait.
  const switches = { contract: "2026-09", graphqlQueriesPerMinute: undefined } as const;
  const account = await startTestAccount({ now: () => new Date(), switches });
  onTestFinished(account.close);
  await account.space(await account.organization("Acme"), "prod");
  const place = makeWorkplace();
  mkdirSync(join(place.folder, "secrets"));
  mkdirSync(join(place.folder, "home/.arize"), { recursive: true });
  place.write("access.yaml", MANIFEST);
  const { adminKey, url } = account.sandbox;
  return { ...place, account, env: { ARIZE_API_KEY: adminKey, ARIZE_BASE_URL: url }, outputs: [] };
}

/** Runs every command in every form, tells all it can, and ends what serves as soon as it does. */
async function runAll(
  scene: Scene,
  env: Readonly<Record<string, string>>,
  more: readonly string[] = [],
): Promise<void> {
  for (const { words, runs } of LEAVES) {
    for (const run of runs) {
      for (const form of [["--verbose"], ["--verbose", "--json"]]) {
        const serves = words[0] === "sandbox";
        const options = serves ? { env, onWrite: (_: string, interrupt: () => void) => interrupt() } : { env };
        const flags = [...form, "--parallelism", "4", ...more];
        scene.outputs.push(await scene.run([...words, ...run, ...flags], options));
      }
    }
  }
}

/** Everything that was printed and written, but for the places of secrets and the simulated account's own key file. */
function findLeaks({ folder, outputs }: Scene, secrets: Readonly<Record<string, string>>): readonly string[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => !name.startsWith("secrets") && !name.startsWith("home") && statSync(join(folder, name)).isFile())
    .map((name) => [name, readFileSync(join(folder, name), "latin1")] as const);
  const printed = outputs.map(({ stdout, stderr }) => ["output", `${stdout}\n${stderr}`] as const);
  return Object.entries(secrets).flatMap(([name, secret]) =>
    spellSecret(secret).flatMap((spelling) =>
      [...files, ...printed].flatMap(([where, text]) => {
        const at = text.indexOf(spelling);
        return at < 0 ? [] : [`${name} as ${spelling} in ${where}: ${text.slice(Math.max(0, at - 60), at + 80)}`];
      }),
    ),
  );
}

/** The secrets that reached their places, and those with which a program failed. */
function readDelivered({ folder }: Scene): Readonly<Record<string, string>> {
  const named = readdirSync(join(folder, "secrets")).flatMap((name) => {
    const lines = readFileSync(join(folder, "secrets", name), "utf8")
      .trim()
      .split("\n");
    return lines.map((line, index) => [`${name} ${index}`, line.replace(/^AX=["']?|["']?$/gu, "")] as const);
  });
  return Object.fromEntries(named);
}

describe("no secret is printed or written but to its place", () => {
  test("the runs are of commands that there are, and every argument that must be given is", () => {
    const names = new Set(LEAVES.map(({ name }) => name));
    expect(Object.keys(RUNS).filter((name) => !names.has(name))).toEqual([]);
    expect(LEAVES.length).toBeGreaterThan(20);
  });

  test("whatever command is run on an account that answers", async () => {
    const scene = await openScene();
    const first = await scene.run(["apply", "--auto-approve", "--verbose"], { env: scene.env });
    scene.outputs.push(first);
    expect(first.exit, first.stderr).toBe(5);
    const secrets = { key: scene.account.sandbox.adminKey, ...readDelivered(scene) };
    expect(Object.keys(secrets)).toEqual(expect.arrayContaining(["env 0", "kim 0", "lee 0", "no 0"]));
    expect(Object.values(secrets).every((secret) => secret.length >= 12)).toBe(true);
    await runAll(scene, scene.env);
    expect(scene.outputs.filter(({ exit }) => exit === 0).length).toBeGreaterThan(30);
    expect(findLeaks(scene, { ...secrets, ...readDelivered(scene) })).toEqual([]);
  });

  test.each<readonly [string, FaultRule["effect"]]>([
    ["refuses", { kind: "status", status: 403 }],
    ["answers what is no problem", { kind: "status", status: 422, body: "json" }],
    ["answers half", { kind: "truncate" }],
  ])("by an account that %s", async (_, effect) => {
    const scene = await openScene();
    scene.account.sandbox.setFaults([{ path: "*", times: 100_000, effect }]);
    await runAll(scene, scene.env);
    expect(findLeaks(scene, { key: scene.account.sandbox.adminKey })).toEqual([]);
  });

  test("with a key that is wrong, and places that hold a password", async () => {
    const scene = await openScene();
    const secrets = {
      key: "wrong-ax-key-0123456789/+?=&",
      ledger: "ledger%2Fpassword-8b1f",
      proxy: "proxy%2Fpassword-77ac",
      "broken profile": "profile-key-4c1d9e7",
    };
    const env = { ...scene.env, ARIZE_API_KEY: secrets.key };
    scene.write("home/.arize/config.toml", `[auth]\napi_key = "${secrets["broken profile"]}" oops\n`);
    await runAll(scene, env);
    await runAll(scene, env, ["--ledger", `postgres://axcess:${secrets.ledger}@127.0.0.1:1/ledger`]);
    await runAll(scene, { ...env, HTTPS_PROXY: `socks5://axcess:${secrets.proxy}@127.0.0.1:1` });
    await runAll(scene, { ...env, ARIZE_BASE_URL: `https://axcess:${secrets.proxy}@127.0.0.1:1` });
    await runAll(scene, {}, ["--profile", "default"]);
    expect(findLeaks(scene, secrets)).toEqual([]);
  });
});
