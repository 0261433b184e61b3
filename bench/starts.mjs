// @ts-check
// Starts, and what needs no platform: each several times, each time after a bare node.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { generateAccount, SIZES, writeAccountFiles } from "./generate-account.mjs";
import { FOLDER, MAIN, runNode } from "./processes.mjs";

/** @typedef {import("./scenarios.mjs").Line} Line */
/** What only a platform can tell. */
const NOTHING_ELSE = {
  boundMs: undefined,
  ownBoundMs: undefined,
  changes: undefined,
  lost: undefined,
  serverCpu: undefined,
  firstRequestMs: undefined,
  traffic: undefined,
};

/** @typedef {{ readonly runs: number, readonly tell: (line: Line) => void }} Options */

/** The start alone, by `measure-start.mjs`: each until the process ends, or until its first request. @param {Options} options */
export async function playColdStarts({ runs, tell }) {
  const file = join(FOLDER, "starts.json");
  await runNode([
    fileURLToPath(new URL("measure-start.mjs", import.meta.url)),
    "--runs",
    String(runs * 4),
    "--json",
    file,
  ]);
  const { lines } = JSON.parse(readFileSync(file, "utf8"));
  for (const { name, wallMs, timesNode, cpuMs } of lines) {
    const figures = { wallMs: wallMs.min, timesNode: timesNode.min, cpuMs: cpuMs.min, peakMb: undefined, exit: 0 };
    tell({ ...NOTHING_ELSE, ...figures, group: "", name: `start: ${name}` });
  }
}

/** @param {string} size @param {Options & { readonly box: string }} options `box` holds the account as the manifest of the size wants it. */
export async function playStarts(size, { runs, tell, box }) {
  const sizes = SIZES[size];
  if (sizes === undefined) return;
  const manifest = join(FOLDER, `${size}-start`);
  const changed = join(FOLDER, `${size}-start-changed`);
  writeAccountFiles(manifest, generateAccount(sizes, { seed: 1 }));
  writeAccountFiles(changed, generateAccount(sizes, { seed: 1, changedShare: 0.01 }));
  const plan = (/** @type {string} */ from, /** @type {string} */ into) => [
    "plan",
    "-f",
    from,
    `--sandbox=${into}`,
    "--quiet",
  ];
  await playTask(size, "validate", ["validate", "-f", manifest], { runs, tell });
  await playTask(size, "plan --sandbox, no changes", plan(manifest, box), { runs, tell });
  await playTask(size, "plan --sandbox, 1 % changed", plan(changed, box), { runs, tell });
  await playTask(size, "plan --sandbox, new account", plan(manifest, join(FOLDER, `${size}-new`)), { runs, tell });
}

/** @param {string} group @param {string} name @param {readonly string[]} args @param {Options} options */
async function playTask(group, name, args, { runs, tell }) {
  /** @type {import("./processes.mjs").Usage[]} */
  const bare = [];
  /** @type {import("./processes.mjs").Usage[]} */
  const own = [];
  for (let run = 0; run < runs; run += 1) {
    bare.push(await runNode(["-e", "0"]));
    own.push(await runNode([MAIN, ...args], { exits: [0, 3] }));
  }
  const wallMs = least(own.map((usage) => usage.wallMs));
  tell({
    ...NOTHING_ELSE,
    group,
    name,
    wallMs,
    timesNode: wallMs / least(bare.map((usage) => usage.wallMs)),
    cpuMs: least(own.map(({ cpuMs = 0 }) => cpuMs)),
    peakMb: Math.max(...own.map(({ peakMb = 0 }) => peakMb)),
    exit: own[0]?.exit ?? null,
  });
}

/** @param {readonly number[]} numbers */
function least(numbers) {
  return Math.min(...numbers);
}
