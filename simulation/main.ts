import { judge } from "./invariants/judge.ts";
import { runScenario } from "./story/run-scenario.ts";
import { drawScenario } from "./worlds/random-scenario.ts";

const first = Number(process.argv[2] ?? 1);
const count = Number(process.argv[3] ?? 1);
const started = performance.now();
let judging = 0;
for (let seed = first; seed < first + count; seed += 1) {
  try {
    const evidence = await runScenario(drawScenario(seed));
    const t = performance.now();
    const breaches = judge(evidence);
    judging += performance.now() - t;
    const faults = evidence.happenings.flatMap((h) => (h.type === "fault" ? [`${h.name}@${h.at}`] : []));
    for (const { invariant, words } of breaches.slice(0, 2)) console.log(seed, `[${faults.join(", ")}]`, invariant, words.slice(0, 700));
  } catch (error) {
    console.log(seed, "CRASH", error);
  }
}
console.log(((performance.now() - started) / count).toFixed(1), "ms each", (judging / count).toFixed(1), "judging");
