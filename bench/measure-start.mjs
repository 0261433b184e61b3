// @ts-check
// Times how soon the built command line starts, against a bare node. See README.md.
// node bench/measure-start.mjs [--runs 20] [--main dist/cli/main.js] [--json FILE]
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { generateAccount, SIZES, writeAccountFiles } from "./generate-account.mjs";

const PRELOAD = fileURLToPath(new URL("report-usage.cjs", import.meta.url));
const NOTE_MODULES = new URL("note-modules.mjs", import.meta.url).href;

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "20" },
    main: { type: "string", default: fileURLToPath(new URL("../dist/cli/main.js", import.meta.url)) },
    json: { type: "string" },
  },
});
const runs = Math.min(200, Math.max(1, Number(values.runs) || 1));
const main = resolve(values.main);
if (!existsSync(main)) throw new Error("There is nothing to measure: run `npm run build` first.");

const folder = mkdtempSync(join(tmpdir(), "axcess-start-"));
/** Told at each request, with the time at which it was there. @type {(at: bigint) => void} */
let onRequest = () => {};
const server = createServer((_request, response) => {
  onRequest(process.hrtime.bigint());
  response.destroy();
});
try {
  mkdirSync(join(folder, "home"));
  const manifest = join(folder, "S");
  writeAccountFiles(manifest, generateAccount(/** @type {any} */ (SIZES["S"]), { seed: 1, changedShare: 0 }));
  const line = join(folder, "line.yaml");
  writeFileSync(line, "version: 1\n");
  const url = await listen();
  // Nothing of the caller's settings but what finds programs: NODE_EXTRA_CA_CERTS alone adds tens of milliseconds to each start.
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: join(folder, "home"),
    ARIZE_API_KEY: "k".repeat(40),
    ARIZE_BASE_URL: url,
    ARIZE_APP_URL: url,
    BENCH_USAGE_FILE: join(folder, "usage.json"),
  };
  /** @type {readonly Task[]} */
  const tasks = [
    { name: "bare node", words: ["-e", "0"], until: "exit" },
    { name: "`--version`", words: [main, "--version"], until: "exit" },
    { name: "`validate`, one line", words: [main, "validate", "--quiet", "-f", line], until: "exit" },
    { name: "`validate`, S", words: [main, "validate", "--quiet", "-f", manifest], until: "exit" },
    { name: "`plan`, S, until its first request", words: [main, "plan", "-f", manifest], until: "request" },
  ];
  const measured = [];
  for (const task of tasks) {
    const modules = await countModules(task, env);
    measured.push({ task, modules, wall: /** @type {number[]} */ ([]), cpu: /** @type {number[]} */ ([]) });
  }
  // One after the other in each round, so that all of them meet the same machine.
  for (let run = 0; run < runs; run += 1) {
    for (const { task, wall, cpu } of measured) {
      const { wallMs, cpuMs } = await time(task, env);
      wall.push(wallMs);
      cpu.push(cpuMs);
    }
  }
  const bare = { wallMs: spread(measured[0]?.wall ?? []), cpuMs: spread(measured[0]?.cpu ?? []) };
  const lines = measured.map(({ task, modules, wall, cpu }) => {
    const [wallMs, cpuMs] = [spread(wall), spread(cpu)];
    const timesNode = { min: wallMs.min / bare.wallMs.min, median: wallMs.median / bare.wallMs.median };
    return { name: task.name, wallMs, timesNode, cpuMs, cpuTimesNode: cpuMs.min / bare.cpuMs.min, modules };
  });
  process.stdout.write(formatTable(lines));
  const machine = { node: process.version, cpus: cpus().length, model: cpus()[0]?.model, at: new Date().toISOString() };
  const report = `${JSON.stringify({ machine, runs, lines }, undefined, 2)}\n`;
  if (values.json !== undefined) writeFileSync(values.json, report);
} finally {
  server.close();
  rmSync(folder, { recursive: true, force: true });
}

/** @typedef {{ readonly name: string, readonly words: readonly string[], readonly until: "exit" | "request" }} Task */
/** @typedef {Readonly<Record<string, string>>} Env */
/** @typedef {{ readonly min: number, readonly median: number }} Spread */
/** @typedef {{ readonly name: string, readonly wallMs: Spread, readonly timesNode: Spread, readonly cpuMs: Spread, readonly cpuTimesNode: number, readonly modules: number }} Line */

/** What a new process takes to its end, or until it asks its account for the first time. @param {Task} task @param {Env} env */
async function time({ words, until }, env) {
  const start = process.hrtime.bigint();
  const stderr = until === "exit" ? "inherit" : "ignore";
  const child = spawn(process.execPath, ["--require", PRELOAD, ...words], {
    cwd: folder,
    env,
    stdio: ["ignore", "ignore", stderr],
  });
  /** @type {Promise<number | null>} */
  const exited = new Promise((end, fail) => child.on("exit", end).on("error", fail));
  /** @type {Promise<{ readonly at: bigint, readonly cpuMs: number }>} */
  const requested = new Promise((end) => {
    onRequest = (at) => end({ at, cpuMs: cpuOf(child.pid) });
  });
  const first = await Promise.race([requested, exited]);
  const now = process.hrtime.bigint();
  if (until === "request") {
    if (typeof first !== "object" || first === null)
      throw new Error(`${words.join(" ")} asked nothing, and ended with ${first}.`);
    child.kill("SIGKILL");
    await exited;
    return { wallMs: Number(first.at - start) / 1e6, cpuMs: first.cpuMs };
  }
  if (first !== 0) throw new Error(`${words.join(" ")} ended with ${first}.`);
  const { cpuMs } = JSON.parse(readFileSync(env["BENCH_USAGE_FILE"] ?? "", "utf8"));
  return { wallMs: Number(now - start) / 1e6, cpuMs };
}

/** Processor time of all threads of a running process, as Linux tells it. @param {number | undefined} pid */
function cpuOf(pid) {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const times = threads.map((id) => Number(readFileSync(`/proc/${pid}/task/${id}/schedstat`, "utf8").split(" ")[0]));
    return times.reduce((sum, each) => sum + each, 0) / 1e6;
  } catch {
    return Number.NaN;
  }
}

/** How many files of code are loaded until then. @param {Task} task @param {Env} env */
async function countModules({ words, ...task }, env) {
  const note = join(folder, "modules.txt");
  writeFileSync(note, "");
  await time({ ...task, words: ["--import", NOTE_MODULES, ...words] }, { ...env, NOTE_MODULES: note });
  return new Set(
    readFileSync(note, "utf8")
      .split("\n")
      .filter((each) => each !== ""),
  ).size;
}

/** @returns {Promise<string>} */
function listen() {
  return new Promise((done) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      done(`http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`);
    });
  });
}

/** @param {readonly number[]} numbers @returns {Spread} */
function spread(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return { min: sorted[0] ?? 0, median: sorted[sorted.length >> 1] ?? 0 };
}

/** @param {readonly Line[]} lines */
function formatTable(lines) {
  const head = ["what", "ms: min", "median", "× node: min", "median", "CPU ms: min", "× node", "modules"];
  const rows = lines.map(({ name, wallMs, timesNode, cpuMs, cpuTimesNode, modules }) => [
    name,
    ...[wallMs.min, wallMs.median].map((ms) => ms.toFixed(0)),
    ...[timesNode.min, timesNode.median].map((ratio) => ratio.toFixed(2)),
    ...[cpuMs.min.toFixed(0), cpuTimesNode.toFixed(2), String(modules)],
  ]);
  const rule = head.map((_, column) => (column === 0 ? "---" : "---:"));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}
