// @ts-check
// Measures the built command line and what people would use instead, on this machine and loopback only. README.md tells the method.
// node bench/measure.mjs [--sizes S,M1] [--parts starts,sizes,limits,peers] [--write] [--json FILE] …
import { existsSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { installPeers, playPeers } from "./peers.mjs";
import { MAIN } from "./processes.mjs";
import { writeDocument, writeTable, writeTargets } from "./report.mjs";
import { LIMITS, playLimits, playSize } from "./scenarios.mjs";
import { playColdStarts, playStarts } from "./starts.mjs";

/** @typedef {import("./scenarios.mjs").Line} Line */

const PARTS = ["starts", "sizes", "limits", "peers"];
const DOCUMENT = new URL("../docs/performance.md", import.meta.url);
const { values } = parseArgs({
  options: {
    sizes: { type: "string", default: "S,M1,M" },
    apply: { type: "string", default: "S" },
    change: { type: "string", default: "S,M1" },
    parts: { type: "string", default: PARTS.join(",") },
    "limited-size": { type: "string", default: "S" },
    limits: { type: "string", default: Object.keys(LIMITS).join(";") },
    bindings: { type: "string", default: "1000" },
    peers: { type: "string" },
    runs: { type: "string", default: "5" },
    rounds: { type: "string", default: "1" },
    latency: { type: "string", default: "50" },
    jitter: { type: "string", default: "0.2" },
    install: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    json: { type: "string" },
  },
});
if (!existsSync(MAIN)) throw new Error("There is nothing to measure: run `npm run build` first.");
if (values.install) installPeers();

const parts = new Set(values.parts.split(","));
const sizes = values.sizes.split(",");
const weather = { latencyMs: Number(values.latency), jitter: Number(values.jitter), seed: 1 };
const runs = readCount(values.runs, 50);
const startedAt = new Date();
/** The best of all rounds, by group and name. @type {Map<string, Line>} */
const best = new Map();
/** @type {Map<string, string>} */
const missing = new Map();
const tell = (/** @type {Line} */ line) => {
  const key = `${line.group} ${line.name}`;
  const other = best.get(key);
  // What was lost in any round is lost.
  const lost = Math.max(line.lost ?? 0, other?.lost ?? 0);
  const better = other === undefined || line.wallMs < other.wallMs ? line : other;
  best.set(key, line.lost === undefined ? better : { ...better, lost });
  process.stderr.write(`${writeTable([line]).split("\n")[2]}\n`);
};

for (let round = 0; round < readCount(values.rounds, 20); round += 1) {
  if (parts.has("starts")) await playColdStarts({ runs, tell });
  for (const size of sizes) {
    if (!parts.has("sizes") && !parts.has("starts")) continue;
    const isApplied = values.apply.split(",").includes(size);
    const isChanged = values.change.split(",").includes(size);
    const box = await playSize(size, { weather, tell, isApplied, isChanged });
    if (parts.has("starts") && isChanged) await playStarts(size, { runs, tell, box });
  }
  const limits = values.limits.split(";");
  if (parts.has("limits")) await playLimits(values["limited-size"], { weather, tell, limits });
  if (parts.has("peers")) {
    await playPeers({
      bindings: readCount(values.bindings, 10_000),
      weather,
      only: values.peers?.split(","),
      tell,
      tellMissing: (name, why) => missing.set(name, why),
    });
  }
}

const lines = [...best.values()];
const machine = {
  node: process.version,
  system: `${process.platform} ${process.arch}`,
  cpus: cpus().length,
  model: cpus()[0]?.model,
  memoryGb: Math.round(totalmem() / 2 ** 30),
};
const absent = [...missing].map(([name, why]) => `- ${name}: ${why}.\n`).join("");
const text = [
  `${describeRun()}\n`,
  `### Targets\n\n${writeTargets(lines)}`,
  `### All lines\n\n${writeTable(lines)}`,
  ...(absent === "" ? [] : [`Not measured:\n\n${absent}`]),
].join("\n");
process.stdout.write(text);
const report = `${JSON.stringify({ at: startedAt.toISOString(), machine, options: values, lines, missing: Object.fromEntries(missing) }, undefined, 2)}\n`;
if (values.json !== undefined) writeFileSync(values.json, report);
else process.stdout.write(`\n${report}`);
if (values.write) writeDocument(DOCUMENT, text);

function describeRun() {
  const day = startedAt.toISOString().slice(0, 10);
  const minutes = Math.round((Date.now() - startedAt.getTime()) / 60_000);
  const { latencyMs, jitter } = weather;
  return `${day}, ${machine.cpus} × ${machine.model}, ${machine.memoryGb} GB, ${machine.system}, Node ${machine.node}. Latency ${latencyMs} ms ± ${jitter * 100} %. The run took ${minutes} minutes.`;
}

/** @param {string} text @param {number} most */
function readCount(text, most) {
  return Math.min(most, Math.max(1, Number(text) || 1));
}
