import { drawScenario } from "./worlds/random-scenario.ts";
import { runScenario } from "./story/run-scenario.ts";
import { describeTrace } from "./story/trace.ts";

const first = Number(process.argv[2] ?? 1);
const count = Number(process.argv[3] ?? 1);
const started = performance.now();
for (let seed = first; seed < first + count; seed += 1) {
  const t = performance.now();
  const evidence = await runScenario(drawScenario(seed));
  const requests = evidence.happenings.filter(({ type }) => type === "request").length;
  const settled = evidence.happenings.flatMap((h) => (h.type === "settled" ? [`${h.rounds} ${JSON.stringify(h.left)}`] : []));
  const bugs = evidence.happenings.flatMap((h) => (h.type === "ended" && h.ending.failure?.isBug === true ? [h.ending.failure.words] : []));
  console.log(seed, requests, (performance.now() - t).toFixed(0), describeTrace(evidence).slice(0, 12), settled.join(" | ").slice(0, 300), bugs.join());
}
console.log(((performance.now() - started) / count).toFixed(1), "ms each");
