// @ts-check
// The same role bindings made by axcess and by what people would use instead, against the same platform in the same run.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { boundChanges, boundOwnCalls, boundReading } from "./bounds.mjs";
import { FOLDER, MAIN, runNode, runTree } from "./processes.mjs";
import { connect } from "./read-facts.mjs";
import { lineOf } from "./scenarios.mjs";
import { servePlatform } from "./serve.mjs";

/** @typedef {import("./scenarios.mjs").Line} Line */
/** @typedef {import("./serve.mjs").Platform} Platform */
/** @typedef {import("./proxy.mjs").Traffic} Traffic */
/** @typedef {import("./processes.mjs").Conditions} Conditions */
/** @typedef {import("./processes.mjs").Usage} Usage */
/** @typedef {{ readonly userId: string, readonly roleId: string, readonly resourceId: string }} Binding */
/** @typedef {{ readonly folder: string, readonly wanted: readonly Binding[], readonly platform: Platform }} Place */

/**
 * @typedef {object} Client
 * @property {string} name
 * @property {number} [inFlight] Calls at the same time; as many as it likes where it is not told.
 * @property {number} [most] Bindings that it is given, where all would take too long.
 * @property {() => string | undefined} lacks Why it cannot run here.
 * @property {(place: Place) => void} prepare
 * @property {(place: Place, conditions: Conditions) => Promise<Usage>} apply
 * @property {(place: Place, conditions: Conditions) => Promise<Usage>} look Where nothing is to do.
 */

const PEERS = fileURLToPath(new URL("peers/", import.meta.url));
const TERRAFORM = process.env["TERRAFORM"] ?? findProgram("terraform") ?? findProgram("tofu");
const PROVIDER = join(PEERS, ".build");
const PROVIDER_SOURCE = join(PEERS, "terraform-provider-bench");
const OWN_AX = join(PEERS, ".venv/bin/ax");
const AX = process.env["AX"] ?? findProgram("ax");
/** Each starts a program anew, for seconds: more of them would be waited for rather than measured. */
const MOST_OF_AX = 5;
const PEOPLE_A_PROJECT = 100;
const ENDS = [0, 1, 2, 3, 5];

/** What is needed to measure the others, as far as this machine can: packages of npm and PyPI, and a provider built from Go. */
export function installPeers() {
  const run = (/** @type {string} */ program, /** @type {readonly string[]} */ args, cwd = PEERS) => {
    process.stderr.write(`${program} ${args.join(" ")}\n`);
    try {
      execFileSync(program, args, { cwd, stdio: ["ignore", 2, 2] });
    } catch (error) {
      process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    }
  };
  if (!isInstalled()) run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
  mkdirSync(PROVIDER, { recursive: true });
  run("go", ["build", "-o", join(PROVIDER, "terraform-provider-bench"), "."], PROVIDER_SOURCE);
  if (AX === undefined && !existsSync(OWN_AX)) {
    run("python3", ["-m", "venv", ".venv"]);
    run(".venv/bin/pip", ["install", "--quiet", "-r", "requirements.txt"]);
  }
}

/** Whether what is there was installed from the lock file as it is. */
function isInstalled() {
  const [lock, installed] = ["package-lock.json", "node_modules/.package-lock.json"].map((name) => join(PEERS, name));
  return existsSync(installed ?? "") && statSync(installed ?? "").mtimeMs >= statSync(lock ?? "").mtimeMs;
}

/** @returns {readonly Client[]} */
function listClients() {
  const packages = () => (existsSync(join(PEERS, "node_modules")) ? undefined : "npm ci was not run in bench/peers");
  const script = (/** @type {string} */ name, /** @type {readonly string[]} */ ...args) => {
    const run = (/** @type {Place} */ { folder, platform }, /** @type {Conditions} */ conditions) =>
      runNode([join(PEERS, name), join(folder, "wanted.json"), ...args], {
        ...conditions,
        cwd: folder,
        env: platform.reach,
      });
    return { lacks: packages, prepare: () => undefined, apply: run, look: run };
  };
  return [
    {
      name: "axcess",
      inFlight: 16,
      lacks: () => undefined,
      prepare: writeManifest,
      apply: runAxcess("apply", "--auto-approve"),
      look: runAxcess("plan"),
    },
    { name: "script over the SDK, 10 in flight", inFlight: 10, ...script("run-sdk.mjs", "10") },
    { name: "script over the SDK, 1 in flight", inFlight: 1, ...script("run-sdk.mjs", "1") },
    { name: "alchemy", ...script("run-alchemy.mjs") },
    {
      name: `${TERRAFORM?.endsWith("tofu") ? "OpenTofu" : "Terraform"} engine, parallelism 10`,
      inFlight: 10,
      ...terraform(),
    },
    { name: "ax in a loop", inFlight: 1, most: MOST_OF_AX, ...ax() },
  ];
}

/** @param {string} command @param {readonly string[]} flags */
function runAxcess(command, ...flags) {
  return (/** @type {Place} */ { folder, platform }, /** @type {Conditions} */ conditions) =>
    runNode(
      [MAIN, command, ...flags, "-f", join(folder, "access.yaml"), "--ledger", join(folder, "ledger.jsonl"), "--quiet"],
      {
        ...conditions,
        cwd: folder,
        env: platform.reach,
      },
    );
}

/** @param {Place} place */
function writeManifest({ folder, wanted }) {
  const lines = ["version: 1", "organizations:", "  Bench:", "    spaces:", "      bench:", "        projects:"];
  const projects =
    Map.groupBy === undefined ? groupByProject(wanted) : Map.groupBy(wanted, ({ resourceId }) => resourceId);
  [...projects.values()].forEach((bindings, project) => {
    lines.push(`          project-${project}:`, "            bindings:");
    lines.push(...bindings.map((_, person) => `              person-${person}@acme.example: Project Viewer`));
  });
  const people = Math.min(PEOPLE_A_PROJECT, wanted.length);
  lines.push(
    "people:",
    ...Array.from(
      { length: people },
      (_, person) => `  person-${person}@acme.example: { name: Person ${person}, role: member }`,
    ),
  );
  writeFileSync(join(folder, "access.yaml"), `${lines.join("\n")}\n`);
}

/** @param {readonly Binding[]} wanted */
function groupByProject(wanted) {
  /** @type {Map<string, Binding[]>} */
  const projects = new Map();
  for (const each of wanted) projects.set(each.resourceId, [...(projects.get(each.resourceId) ?? []), each]);
  return projects;
}

function terraform() {
  const run = (/** @type {string} */ command, /** @type {readonly string[]} */ ...flags) => {
    return (/** @type {Place} */ { folder, platform }, /** @type {Conditions} */ conditions) =>
      runTree([TERRAFORM ?? "", command, ...flags, "-input=false", "-no-color", "-parallelism=10"], {
        ...conditions,
        cwd: folder,
        env: { ...platform.reach, TF_CLI_CONFIG_FILE: join(folder, "terraform.rc"), CHECKPOINT_DISABLE: "1" },
      });
  };
  return {
    lacks: () => {
      if (TERRAFORM === undefined) return "not here: no terraform or tofu in PATH or TERRAFORM";
      return existsSync(join(PROVIDER, "terraform-provider-bench"))
        ? undefined
        : "not here: its provider was not built";
    },
    prepare: (/** @type {Place} */ { folder, wanted }) => {
      const source = "axcess/bench";
      const overrides = `provider_installation {\n  dev_overrides {\n    "${source}" = "${PROVIDER}"\n  }\n  direct {}\n}\n`;
      const providers = { required_providers: { bench: { source } } };
      const bindings = wanted.map(({ userId, roleId, resourceId }, index) => [
        `binding_${index}`,
        { user_id: userId, role_id: roleId, resource_id: resourceId },
      ]);
      const main = { terraform: providers, resource: { bench_binding: Object.fromEntries(bindings) } };
      writeFileSync(join(folder, "terraform.rc"), overrides);
      writeFileSync(join(folder, "main.tf.json"), JSON.stringify(main));
    },
    apply: run("apply", "-auto-approve"),
    look: run("plan"),
  };
}

function ax() {
  const run = (/** @type {Place} */ { folder, wanted }, /** @type {Conditions} */ conditions) => {
    const flags = (/** @type {Binding} */ { userId, roleId, resourceId }) =>
      `--user-id ${userId} --role-id ${roleId} --resource-id ${resourceId} --resource-type PROJECT`;
    const lines = wanted.map((each) => `"$AX" role-bindings create ${flags(each)} || failed=1`);
    writeFileSync(join(folder, "loop.sh"), `${lines.join("\n")}\nexit \${failed:-0}\n`);
    return runTree(["bash", join(folder, "loop.sh")], {
      ...conditions,
      cwd: folder,
      env: { HOME: folder, AX: AX ?? OWN_AX },
    });
  };
  return {
    lacks: () =>
      AX === undefined && !existsSync(OWN_AX) ? "not here: no ax in bench/peers/.venv, PATH or AX" : undefined,
    prepare: (/** @type {Place} */ { folder, platform }) => {
      const { port } = new URL(platform.reach["ARIZE_BASE_URL"] ?? "");
      const profile = [
        "[profile]",
        'name = "bench"',
        "[auth]",
        'auth_method = "api-key"',
        `api_key = "${platform.key}"`,
        "[routing]",
        'single_host = "127.0.0.1"',
        `single_port = "${port}"`,
        'api_scheme = "http"',
        'app_scheme = "http"',
        "[network]",
        'no_proxy = "127.0.0.1"',
        "[output]",
        'format = "json"',
        "[update]",
        "enabled = false",
      ];
      mkdirSync(join(folder, ".arize/profiles"), { recursive: true });
      writeFileSync(join(folder, ".arize/profiles/bench.toml"), `${profile.join("\n")}\n`);
      writeFileSync(join(folder, ".arize/.active_profile"), "bench");
    },
    apply: run,
    look: run,
  };
}

/**
 * For each client: bindings made, nothing to do, and made again after kill -9 at half, each from the same account.
 * @param {{ readonly bindings: number, readonly weather: import("./proxy.mjs").Weather, readonly only: readonly string[] | undefined, readonly tell: (line: Line) => void, readonly tellMissing: (name: string, why: string) => void }} options
 */
export async function playPeers({ bindings, weather, only, tell, tellMissing }) {
  const bare = join(FOLDER, "peers-bare");
  rmSync(bare, { recursive: true, force: true });
  const wanted = await fillBare(bare, bindings);
  for (const client of listClients()) {
    if (only !== undefined && !only.some((word) => client.name.includes(word))) continue;
    const why = client.lacks();
    if (why === undefined)
      await playClient(client, { bare, wanted: wanted.slice(0, client.most ?? wanted.length), weather, tell });
    else tellMissing(client.name, why);
  }
}

/** @param {Client} client @param {{ readonly bare: string, readonly wanted: readonly Binding[], readonly weather: import("./proxy.mjs").Weather, readonly tell: (line: Line) => void }} options */
async function playClient(client, { bare, wanted, weather, tell }) {
  /** @param {boolean} isKilled @param {(place: Place) => Promise<void>} work */
  const begin = async (isKilled, work) => {
    const folder = join(FOLDER, `peer-${isKilled ? "killed" : "whole"}`);
    rmSync(folder, { recursive: true, force: true });
    cpSync(bare, join(folder, "sandbox"), { recursive: true });
    const platform = await servePlatform(join(folder, "sandbox"));
    try {
      const place = { folder, platform, wanted };
      writeFileSync(join(folder, "wanted.json"), JSON.stringify(wanted));
      client.prepare(place);
      await work(place);
    } finally {
      await platform.stop();
    }
  };
  /** @param {string} what @param {Place} place @param {import("./serve.mjs").Measured} measured @param {number} [changes] */
  const tellRun = async (what, { platform }, measured, changes) => {
    const { traffic } = measured;
    const conditions = { reading: traffic, inFlight: client.inFlight ?? Math.max(1, traffic.mostInFlight) };
    const lost = Math.abs(wanted.length - (await countBindings(platform)));
    const isReading = changes === undefined;
    tell({
      ...lineOf(measured),
      group: `${wanted.length} bindings`,
      name: `${what}: ${client.name}`,
      boundMs: isReading ? boundReading(traffic) : boundChanges(traffic, conditions),
      ownBoundMs: boundOwnCalls(traffic, conditions),
      changes,
      lost,
    });
  };
  await begin(false, async (place) => {
    const made = await place.platform.measure(weather, () => client.apply(place, { exits: ENDS }));
    await tellRun("create", place, made, wanted.length);
    const same = await place.platform.measure(weather, () => client.look(place, { exits: ENDS }));
    await tellRun("nothing to do", place, same);
  });
  await begin(true, async (place) => {
    const half = Math.floor(wanted.length / 2);
    await place.platform.measure({ ...weather, tellAtWrites: half }, (hearWrites) =>
      client.apply(place, { exits: [null, ...ENDS], onStart: hearWrites }),
    );
    const left = wanted.length - (await countBindings(place.platform));
    const again = await place.platform.measure(weather, () => client.apply(place, { exits: ENDS }));
    await tellRun("after kill -9 at half", place, again, left);
  });
}

/** An account with people, a space and projects, and no binding yet. @param {string} box @param {number} count @returns {Promise<readonly Binding[]>} */
async function fillBare(box, count) {
  const platform = await servePlatform(box);
  try {
    const { call, list } = connect(platform);
    const role = (await list("roles")).find(({ name }) => name === "Project Viewer");
    const organization = await call("POST", "/v2/organizations", { name: "Bench" });
    const space = await call("POST", "/v2/spaces", {
      name: "bench",
      organization_id: organization.id,
      is_private: true,
    });
    /** @type {string[]} */
    const people = [];
    for (let person = 0; person < Math.min(PEOPLE_A_PROJECT, count); person += 1) {
      const email = `person-${person}@acme.example`;
      const { id } = await call("POST", "/v2/users", {
        name: `Person ${person}`,
        email,
        role: PREDEFINED_MEMBER,
        invite_mode: "EMAIL_LINK",
      });
      await call("POST", `/v2/organizations/${organization.id}/users`, { user_id: id, role: PREDEFINED_MEMBER });
      await call("POST", `/v2/spaces/${space.id}/users`, { user_id: id, role: PREDEFINED_MEMBER });
      people.push(id);
    }
    /** @type {Binding[]} */
    const wanted = [];
    for (let project = 0; wanted.length < count; project += 1) {
      const { id } = await call("POST", "/v2/projects", { name: `project-${project}`, space_id: space.id });
      for (const userId of people.slice(0, count - wanted.length))
        wanted.push({ userId, roleId: role.id, resourceId: id });
    }
    return wanted;
  } finally {
    await platform.stop();
  }
}

const PREDEFINED_MEMBER = { type: "PREDEFINED", name: "MEMBER" };

/** @param {Platform} platform */
async function countBindings(platform) {
  return (await connect(platform).list("role-bindings", "resource_type=PROJECT")).length;
}

/** @param {string} name */
function findProgram(name) {
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(existsSync);
}
