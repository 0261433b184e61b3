// @ts-check
// Times whole processes of the built command line against the sandbox, on loopback only. The method is told in README.md.
// node bench/measure.mjs [--sizes S,M1] [--runs 5] [--apply] [--json FILE]
import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { generateAccount, SIZES, writeAccountFiles } from "./generate-account.mjs";

const MAIN = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const PRELOAD = fileURLToPath(new URL("report-usage.cjs", import.meta.url));
const LONGEST_MS = 15 * 60_000;
const MOST_RUNS = 50;

/** @typedef {{ readonly wallMs: number, readonly cpuMs: number, readonly peakMb: number, readonly exit: number | null }} Usage */
/** @typedef {{ readonly rest: number, readonly queries: number, readonly mutations: number, readonly cost: number, readonly refused: number }} Calls */
/** @typedef {{ readonly name: string, readonly args: readonly string[], readonly exits: readonly number[], readonly box?: string, readonly reach?: Readonly<Record<string, string>> }} Task */
/** @typedef {{ readonly size: string, readonly name: string, readonly wallMs: Spread, readonly cpuMs: Spread, readonly peakMb: number, readonly timesNode: number | undefined, readonly calls: Calls | undefined }} Line */
/** @typedef {{ readonly min: number, readonly median: number }} Spread */

const { values } = parseArgs({
  options: {
    sizes: { type: "string", default: "S,M1" },
    runs: { type: "string", default: "5" },
    apply: { type: "boolean", default: false },
    json: { type: "string" },
  },
});
const runs = Math.min(MOST_RUNS, Math.max(1, Number(values.runs) || 1));
if (!existsSync(MAIN)) throw new Error("There is nothing to measure: run `npm run build` first.");

const folder = mkdtempSync(join(tmpdir(), "axcess-bench-"));
const env = childEnvironment();
try {
  /** @type {Line[]} */
  const lines = [];
  lines.push(...(await measureTasks("", [{ name: "--version", args: ["--version"], exits: [0] }])));
  for (const size of values.sizes.split(",")) lines.push(...(await measureSize(size)));
  process.stdout.write(formatTable(lines));
  const machine = { node: process.version, cpus: cpus().length, model: cpus()[0]?.model, at: new Date().toISOString() };
  const report = `${JSON.stringify({ machine, runs, lines }, undefined, 2)}\n`;
  if (values.json === undefined) process.stdout.write(`\n${report}`);
  else writeFileSync(values.json, report);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** @param {string} size @returns {Promise<readonly Line[]>} */
async function measureSize(size) {
  const sizes = SIZES[size];
  if (sizes === undefined)
    throw new Error(`There is no size called "${size}"; there are ${Object.keys(SIZES).join(", ")}.`);
  const manifest = join(folder, size);
  const changed = join(folder, `${size}-changed`);
  const box = join(folder, `${size}-sandbox`);
  writeAccountFiles(manifest, generateAccount(sizes, { seed: 1, changedShare: 0 }));
  writeAccountFiles(changed, generateAccount(sizes, { seed: 1, changedShare: 0.01 }));
  const apply = (/** @type {string} */ into) => [
    "apply",
    "-f",
    manifest,
    `--sandbox=${into}`,
    "--auto-approve",
    "--quiet",
  ];
  /** @type {Line[]} */
  const lines = [];
  if (values.apply) {
    const limited = join(folder, `${size}-limited`);
    lines.push(
      await measureOnce(size, { name: "apply all, limits on", args: apply(limited), exits: [0], box: limited }),
    );
  }
  lines.push(...(await measureServed(size, { manifest, box })));
  const plan = (/** @type {string} */ from) => ["plan", "-f", from, `--sandbox=${box}`, "--quiet"];
  const tasks = [
    { name: "validate", args: ["validate", "-f", manifest], exits: [0] },
    { name: "plan, no changes", args: plan(manifest), exits: [0], box },
    { name: "plan, 1 % changes", args: plan(changed), exits: [0, 3], box },
    {
      name: "plan, new account",
      args: ["plan", "-f", manifest, `--sandbox=${join(folder, "new")}`, "--quiet"],
      exits: [0],
    },
  ];
  return [...lines, ...(await measureTasks(size, tasks))];
}

/**
 * Fills a sandbox that a process of its own serves, so that its limits can be taken off, and plans against it: what is
 * measured there is the tool alone.
 * @param {string} size @param {{ manifest: string, box: string }} places @returns {Promise<readonly Line[]>}
 */
async function measureServed(size, { manifest, box }) {
  const server = await serveSandbox(box);
  try {
    const switches = { graphqlQueriesPerMinute: null, graphqlMutationsPerMinute: null };
    const headers = { authorization: `Bearer ${server.key}`, "content-type": "application/json" };
    const body = JSON.stringify(switches);
    const answer = await fetch(`${server.url}/_sandbox/switches`, { method: "PATCH", headers, body });
    if (!answer.ok) throw new Error(`The sandbox answered ${answer.status}.`);
    const reach = { ARIZE_API_KEY: server.key, ARIZE_BASE_URL: server.url, ARIZE_APP_URL: server.url };
    const common = { exits: [0], box, reach };
    const apply = ["apply", "-f", manifest, "--auto-approve", "--quiet"];
    const plan = ["plan", "-f", manifest, "--quiet"];
    return [
      await measureOnce(size, { ...common, name: "apply all, served, limits off", args: apply }),
      ...(await measureTasks(size, [{ ...common, name: "plan, no changes, served", args: plan }])),
    ];
  } finally {
    await server.stop();
  }
}

/** @param {string} box */
async function serveSandbox(box) {
  const child = spawn(process.execPath, [MAIN, "sandbox", "--port=0", `--dir=${box}`, "--json"], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  const timer = setTimeout(() => child.kill("SIGKILL"), LONGEST_MS);
  /** @type {Promise<{ url: string, keyFile: string }>} */
  const announced = new Promise((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (chunk) => {
      text += chunk;
      if (text.trimEnd().endsWith("}")) resolve(JSON.parse(text));
    });
    child.on("exit", () => reject(new Error("The sandbox ended.")));
  });
  const { url, keyFile } = await announced;
  const stop = async () => {
    child.kill("SIGINT");
    await ended;
    clearTimeout(timer);
  };
  return { url, key: readFileSync(keyFile, "utf8").trim(), stop };
}

/** Each task several times, each time after a bare node. @param {string} size @param {readonly Task[]} tasks @returns {Promise<readonly Line[]>} */
async function measureTasks(size, tasks) {
  /** @type {Line[]} */
  const lines = [];
  for (const task of tasks) {
    /** @type {Usage[]} */
    const bare = [];
    /** @type {Usage[]} */
    const own = [];
    /** @type {Calls | undefined} */
    let calls;
    for (let run = 0; run < runs; run += 1) {
      bare.push(await runProcess(["-e", "0"], {}));
      const before = countLines(task.box);
      own.push(await runTask(task));
      calls = countCalls(task.box, before);
    }
    const node = spread(bare.map(({ wallMs }) => wallMs));
    lines.push(summarize({ size, task, usages: own, calls, node }));
  }
  return lines;
}

/** @param {string} size @param {Task} task @returns {Promise<Line>} */
async function measureOnce(size, task) {
  process.stderr.write(`${size} ${task.name} …\n`);
  const usage = await runTask(task);
  return summarize({ size, task, usages: [usage], calls: countCalls(task.box, 0), node: undefined });
}

/** @param {{ size: string, task: Task, usages: readonly Usage[], calls: Calls | undefined, node: Spread | undefined }} measured @returns {Line} */
function summarize({ size, task, usages, calls, node }) {
  const wallMs = spread(usages.map((usage) => usage.wallMs));
  return {
    size,
    name: task.name,
    wallMs,
    cpuMs: spread(usages.map((usage) => usage.cpuMs)),
    peakMb: Math.max(...usages.map((usage) => usage.peakMb)),
    timesNode: node === undefined ? undefined : wallMs.min / node.min,
    calls,
  };
}

/** @param {Task} task @returns {Promise<Usage>} */
async function runTask(task) {
  const usage = await runProcess([MAIN, ...task.args], task.reach ?? {});
  if (usage.exit === null || !task.exits.includes(usage.exit)) {
    throw new Error(
      `${task.name} ended with ${usage.exit}:\n${readFileSync(join(folder, "output"), "utf8").slice(-4000)}`,
    );
  }
  return usage;
}

/** @param {readonly string[]} args @param {Readonly<Record<string, string>>} more @returns {Promise<Usage>} */
async function runProcess(args, more) {
  const file = join(folder, "usage.json");
  const output = openSync(join(folder, "output"), "w");
  const start = process.hrtime.bigint();
  const child = spawn(process.execPath, ["--require", PRELOAD, ...args], {
    cwd: folder,
    env: { ...env, ...more, BENCH_USAGE_FILE: file },
    stdio: ["ignore", output, output],
    timeout: LONGEST_MS,
    killSignal: "SIGKILL",
  });
  const exit = await new Promise((resolve, reject) => child.on("exit", resolve).on("error", reject));
  const wallMs = Number(process.hrtime.bigint() - start) / 1e6;
  closeSync(output);
  return { wallMs, exit, ...JSON.parse(readFileSync(file, "utf8")) };
}

/** Nothing of the caller's settings but what finds programs: NODE_EXTRA_CA_CERTS alone adds tens of milliseconds to each start. */
function childEnvironment() {
  const home = join(folder, "home");
  mkdirSync(home);
  return { PATH: process.env["PATH"] ?? "", HOME: home };
}

/** @param {string | undefined} box */
function readLog(box) {
  const path = join(box ?? "", "requests.jsonl");
  return box === undefined || !existsSync(path) ? [] : readFileSync(path, "utf8").trimEnd().split("\n");
}

/** @param {string | undefined} box */
function countLines(box) {
  return readLog(box).length;
}

/** @param {string | undefined} box @param {number} from @returns {Calls | undefined} */
function countCalls(box, from) {
  if (box === undefined) return undefined;
  const requests = readLog(box)
    .slice(from)
    .map((line) => JSON.parse(line));
  const graphql = requests.filter(({ path }) => path === "/graphql");
  return {
    rest: requests.length - graphql.length,
    queries: graphql.filter((each) => each.graphql?.type !== "mutation").length,
    mutations: graphql.filter((each) => each.graphql?.type === "mutation").length,
    cost: graphql.reduce((sum, each) => sum + (each.graphql?.cost ?? 0), 0),
    refused: requests.filter(({ status }) => status === 429).length,
  };
}

/** @param {readonly number[]} numbers @returns {Spread} */
function spread(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return { min: sorted[0] ?? 0, median: sorted[sorted.length >> 1] ?? 0 };
}

/** @param {readonly Line[]} lines */
function formatTable(lines) {
  const head = [
    "size",
    "what",
    "wall ms: min",
    "median",
    "× node",
    "CPU ms: min",
    "median",
    "peak MB",
    "REST",
    "GraphQL",
    "cost",
    "429",
  ];
  const rows = lines.map(({ size, name, wallMs, cpuMs, peakMb, timesNode, calls }) => [
    size,
    name,
    ...[wallMs.min, wallMs.median].map((ms) => ms.toFixed(0)),
    timesNode === undefined ? "" : timesNode.toFixed(1),
    ...[cpuMs.min, cpuMs.median, peakMb].map((number) => number.toFixed(0)),
    ...(calls === undefined
      ? ["", "", "", ""]
      : [calls.rest, calls.queries + calls.mutations, calls.cost, calls.refused].map(String)),
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const write = (/** @type {readonly string[]} */ cells) =>
    `| ${cells.map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(" | ")} |\n`;
  const rule = `|${widths.map((width, column) => (column < 2 ? "-".repeat(width + 2) : `${"-".repeat(width + 1)}:`)).join("|")}|\n`;
  return write(head) + rule + rows.map(write).join("");
}
