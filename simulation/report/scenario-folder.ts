import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Outcome } from "../play.ts";
import type { Happening } from "../story/evidence.ts";
import type { Scenario, Stage } from "../story/scenario.ts";
import { describeHappening, describeTrace } from "../story/trace.ts";

/** Writes a scenario that breaks something into a folder: its manifests, its world, what goes wrong in it, and what happened. */
export function writeScenario(folder: string, { evidence, breaches }: Outcome): void {
  const { stages, ...world } = evidence.scenario;
  const put = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  mkdirSync(folder, { recursive: true });
  for (const [index, { company }] of stages.entries())
    put(manifestName(index), `${JSON.stringify(company, undefined, 2)}\n`);
  put("world.json", `${JSON.stringify(world, (_name, value: unknown) => value ?? null, 2)}\n`);
  put(
    "faults.json",
    `${JSON.stringify(
      stages.map(({ company: _, ...stage }) => stage),
      undefined,
      2,
    )}\n`,
  );
  put(
    "trace.txt",
    evidence.happenings.map((happening) => `${conceal(describeHappening(happening), happening)}\n`).join(""),
  );
  const list = breaches.map(({ invariant, words }) => `- **${invariant}**: ${words.split("\n")[0]}`).join("\n");
  put(
    "README.md",
    `# What breaks\n\n${list}\n\nReplay it:\n\n    npm run simulate -- --replay ${folder}\n\nIts trace: ${describeTrace(evidence)}\n`,
  );
}

/** Reads what `writeScenario` wrote. */
export function readScenario(folder: string): Scenario {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), "utf8"));
  const world = read("world.json") as Omit<Scenario, "stages">;
  // A switch that is set to nothing is no switch that is left out: JSON has only null for it.
  const switches = Object.entries(world.switches).map(([name, value]) => [name, value ?? undefined]);
  const stages = read("faults.json") as readonly Omit<Stage, "company">[];
  return {
    ...world,
    switches: Object.fromEntries(switches) as Scenario["switches"],
    stages: stages.map((stage, index): Stage => ({ ...stage, company: read(manifestName(index)) as Stage["company"] })),
  };
}

function manifestName(index: number): string {
  return `manifest-${index + 1}.yaml`;
}

/** The secrets of a simulated account open nothing; a trace is still no place for them. */
function conceal(text: string, happening: Happening): string {
  const isSecret = happening.type === "write" && happening.path.includes("/.secrets/");
  return isSecret ? `{"type":"write","path":"${happening.path}"}` : text.replaceAll(/ak-[\w-]{20,}/gu, "[key]");
}
