// Uses the packed package under every line of Node.js that is kept up, beside the one that runs this: same words, same exits.
// `--tests` runs all tests under each as well, which takes some minutes for each; `--built` takes what was built last.
import { execFile, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";

/** Each as a package of the registry that holds nothing else, and runs nothing when it is installed. */
const VERSIONS = ["22.23.3", "24.21.0", "26.10.0"];
const SYSTEMS = { linux: "linux", darwin: "darwin", win32: "win" };

const root = new URL("..", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "axcess-nodes-"));
const run = promisify(execFile);
const npm = (args, cwd) => run("npm", [...args, "--silent"], { cwd });

try {
  const nodes = Promise.all(VERSIONS.map(install));
  const [tarball] = await Promise.all([pack(), nodes]);
  writeFileSync(join(folder, "package.json"), '{ "name": "newcomer", "private": true, "type": "module" }\n');
  await npm(["install", "--no-audit", "--no-fund", "--prefer-offline", `./${tarball}`], folder);
  const usual = use(process.execPath);
  for (const [index, node] of (await nodes).entries()) {
    const version = VERSIONS[index];
    const found = use(node);
    for (const [command, outcome] of Object.entries(usual)) {
      if (JSON.stringify(found[command]) === JSON.stringify(outcome)) continue;
      throw new Error(
        `Under Node.js ${version}, axcess ${command} does not do what it does under ${process.version}:\n${tell(found[command])}\ninstead of\n${tell(outcome)}`,
      );
    }
    console.log(
      `ok  under Node.js ${version}, ${Object.keys(usual).length} commands do what they do under ${process.version}`,
    );
    if (process.argv.includes("--tests")) test(node, version);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The name of the packed package, in the folder. */
async function pack() {
  await npm(
    ["pack", "--pack-destination", folder, ...(process.argv.includes("--built") ? ["--ignore-scripts"] : [])],
    root,
  );
  return readdirSync(folder).find((name) => name.endsWith(".tgz"));
}

/** The path of that Node.js. */
async function install(version) {
  const home = join(folder, version);
  mkdirSync(home);
  const name = `node-${SYSTEMS[process.platform]}-${process.arch}`;
  await npm(["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", home, `${name}@${version}`], home);
  return join(home, "node_modules", name, "bin", "node");
}

/** What a newcomer does in an empty folder, by command: what was printed, and the exit. */
function use(node) {
  // The same for each: the digest of a plan is of its account, too, which here is a folder.
  const place = join(folder, "place");
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place);
  const package_ = join(folder, "node_modules/axcess");
  const example = ["-f", join(package_, "examples/access.yaml")];
  writeFileSync(join(place, "wrong.yaml"), "version: 1\norganisations: {}\n");
  const commands = [
    ["--version"],
    ["validate", ...example],
    ["validate", "-f", "wrong.yaml"],
    ["plan", "--sandbox", "--out", "plan.json", ...example],
    ["show", "plan.json"],
    ["explain", "grace@acme.example", "project:Platform Team/production/checkout-assistant", "--declared", ...example],
    ["apply", "--sandbox", "--auto-approve", "--quiet", ...example],
    ["plan", "--sandbox", ...example],
    ["ledger", "verify"],
  ];
  const env = { ...process.env, NO_COLOR: "1", PATH: `${dirname(node)}${delimiter}${process.env.PATH}` };
  delete env.NODE_EXTRA_CA_CERTS;
  const outcomes = commands.map((command) => {
    const args = [join(package_, "dist/cli/main.js"), ...command];
    const { status, stdout, stderr } = spawnSync(node, args, { cwd: place, env, encoding: "utf8" });
    return [
      command.filter((word) => !word.includes(folder)).join(" "),
      { status, stdout: steady(stdout), stderr: steady(stderr) },
    ];
  });
  return Object.fromEntries(outcomes);
}

/** Without what differs from run to run: names of runs, times, how long it took. The digest of a plan does not. */
function steady(text) {
  return text
    .replaceAll(/run_[\da-f-]+/g, "RUN")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME")
    .replaceAll(/\b\d+(?:\.\d+)? (?:s|seconds)\b/g, "LONG");
}

function tell({ status, stdout, stderr }) {
  return `exit ${status}\n${stdout}${stderr}`;
}

function test(node, version) {
  const args = [join(root, "node_modules/vitest/vitest.mjs"), "run", "--reporter=dot"];
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` };
  const { status } = spawnSync(node, args, { cwd: root, env, stdio: "inherit" });
  if (status !== 0) throw new Error(`The tests fail under Node.js ${version}.`);
  console.log(`ok  under Node.js ${version}, all tests pass`);
}
