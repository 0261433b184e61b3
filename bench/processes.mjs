// @ts-check
// Runs whole programs, and tells what they took.
import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The built command line. */
export const MAIN = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const PRELOAD = fileURLToPath(new URL("report-usage.cjs", import.meta.url));
export const LONGEST_MS = 15 * 60_000;

/** `cpuMs` and `peakMb` are undefined where nobody told, as of what was killed; `startedAt` is in milliseconds since 1970. @typedef {{ readonly startedAt: number, readonly wallMs: number, readonly cpuMs: number | undefined, readonly peakMb: number | undefined, readonly exit: number | null, readonly output: string }} Usage */
/** @typedef {{ readonly exits?: readonly (number | null)[], readonly env?: Readonly<Record<string, string>>, readonly cwd?: string, readonly onStart?: (kill: () => void) => void }} Conditions */

/** A folder of its own for everything that a measurement writes; it goes with the process. */
export const FOLDER = mkdtempSync(join(tmpdir(), "axcess-bench-"));
/** What ends the programs that run. @type {Set<() => void>} */
const running = new Set();
process.on("exit", () => {
  for (const kill of running) kill();
  rmSync(FOLDER, { recursive: true, force: true });
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(1));
mkdirSync(join(FOLDER, "home"));

/** Nothing of the caller's settings but what finds programs: NODE_EXTRA_CA_CERTS alone adds tens of milliseconds to each start. */
export const BARE = { PATH: process.env["PATH"] ?? "", HOME: join(FOLDER, "home"), NO_COLOR: "1" };

/** Runs a program of Node and measures it. Throws where it ends otherwise than it should. @param {readonly string[]} args @param {Conditions} [conditions] @returns {Promise<Usage>} */
export async function runNode(args, conditions = {}) {
  const file = join(FOLDER, "usage.json");
  rmSync(file, { force: true });
  const usage = await run([process.execPath, "--require", PRELOAD, ...args], {
    ...conditions,
    env: { ...conditions.env, BENCH_USAGE_FILE: file },
  });
  const { cpuMs, peakMb } = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  return { ...usage, cpuMs, peakMb };
}

/** Runs any program with all that it starts; the shell tells the processor time of all of them, but nobody their memory. @param {readonly string[]} command @param {Conditions} [conditions] @returns {Promise<Usage>} */
export async function runTree(command, conditions = {}) {
  const file = join(FOLDER, "times");
  rmSync(file, { force: true });
  const script = 'file=$1; shift; "$@"; code=$?; times >"$file"; exit $code';
  const usage = await run(["bash", "-c", script, "bash", file, ...command], conditions);
  const [, children = ""] = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
  const parts = [...children.matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds),
  );
  return { ...usage, cpuMs: parts.length === 0 ? undefined : parts.reduce((sum, part) => sum + part * 1000, 0) };
}

/** @param {readonly string[]} command @param {Conditions} conditions @returns {Promise<Usage>} */
async function run([program = "", ...args], { exits = [0], env = {}, cwd = FOLDER, onStart }) {
  const path = join(FOLDER, "output");
  const output = openSync(path, "w");
  const startedAt = performance.timeOrigin + performance.now();
  // A group of its own, so that a kill reaches what it started, too.
  const child = spawn(program, args, {
    cwd,
    env: { ...BARE, ...env },
    stdio: ["ignore", output, output],
    detached: true,
  });
  const kill = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  };
  running.add(kill);
  const timer = setTimeout(kill, LONGEST_MS);
  onStart?.(kill);
  const exit = await new Promise((resolve, reject) => child.on("exit", resolve).on("error", reject));
  const wallMs = performance.timeOrigin + performance.now() - startedAt;
  clearTimeout(timer);
  running.delete(kill);
  closeSync(output);
  const text = readFileSync(path, "utf8");
  if (!exits.includes(exit))
    throw new Error(`${[program, ...args].join(" ")} ended with ${exit}:\n${text.slice(-4000)}`);
  return { startedAt, wallMs, exit, cpuMs: undefined, peakMb: undefined, output: text };
}

/** Processor time that a process has taken so far; undefined where the system does not tell. @param {number | undefined} pid */
export function cpuOf(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return undefined;
  }
}
