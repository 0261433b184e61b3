import { parseArgs } from "node:util";
import { play } from "./play.ts";
import { listPositions } from "./positions.ts";
import { readScenario, writeScenario } from "./report/scenario-folder.ts";
import { report } from "./report/tally.ts";
import { shrink } from "./shrink.ts";
import type { Start } from "./story/run-scenario.ts";
import type { Scenario } from "./story/scenario.ts";
import { describeTrace } from "./story/trace.ts";
import { drawDivided, drawScenario, drawUndone } from "./worlds/random-scenario.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "100" },
    from: { type: "string", default: "1" },
    seed: { type: "string" },
    replay: { type: "string" },
    positions: { type: "boolean", default: false },
    /** As many scenarios again of the same seeds, with the account divided. */
    divided: { type: "string", default: "0" },
    /** And as many with a run that is taken back. */
    undone: { type: "string", default: "0" },
    out: { type: "string", default: "simulation/failures" },
    /** This process's share, as `1/2`. */
    share: { type: "string", default: "1/1" },
  },
});

/** More failures than these are told, and not made smaller. */
const MOST_SHRUNK = 3;
const [part = 1, parts = 1] = values.share.split("/").map(Number);

if (values.replay !== undefined) await show("the replay", readScenario(values.replay));
else if (values.seed !== undefined) {
  const plain = values.undone === "0" ? drawScenario : drawUndone;
  const draw = values.divided === "0" ? plain : drawDivided;
  await show(`seed ${values.seed}`, draw(Number(values.seed)));
} else {
  const seeds = listSeeds(values.seeds);
  const divided = listSeeds(values.divided);
  const undone = listSeeds(values.undone);
  const positions = values.positions ? await listPositions() : { positions: [], reach: [] };
  if (part === 1)
    for (const { name, requests, writes, faults } of positions.reach) {
      report.say(`${name}: ${requests} requests and ${writes} writes, ${faults} single faults`);
    }
  await playAll([
    ...mine(positions.positions).map(({ name, scenario, start }) => ({
      name: `${name} ${JSON.stringify(scenario.stages.at(-1)?.faults[0])}`,
      scenario: () => scenario,
      start,
    })),
    ...mine(seeds).map((seed) => ({ name: `seed ${seed}`, scenario: () => drawScenario(seed) })),
    ...mine(divided).map((seed) => ({ name: `seed ${seed}, divided`, scenario: () => drawDivided(seed) })),
    ...mine(undone).map((seed) => ({ name: `seed ${seed}, undone`, scenario: () => drawUndone(seed) })),
  ]);
}
report.end();

function listSeeds(count: string): readonly number[] {
  return Array.from({ length: Number(count) }, (_none, index) => Number(values.from) + index);
}

function mine<T>(all: readonly T[]): readonly T[] {
  return all.filter((_one, index) => index % parts === part - 1);
}

/** Plays one scenario, and says all that is known of it. */
async function show(name: string, scenario: Scenario): Promise<void> {
  const outcome = await play(scenario);
  report.count(outcome);
  report.say(`${name}: trace ${describeTrace(outcome.evidence)}`);
  for (const { invariant, words } of outcome.breaches) report.fail(`${name}: ${invariant}: ${words}`);
}

interface Turn {
  readonly name: string;
  readonly scenario: () => Scenario;
  readonly start?: Start;
}

async function playAll(all: readonly Turn[]): Promise<void> {
  for (const { name, scenario, start } of all) {
    const outcome = await play(scenario(), {}, start);
    report.count(outcome);
    const [first] = outcome.breaches;
    if (first === undefined) continue;
    report.fail(`${name}: ${first.invariant}: ${first.words.slice(0, 1000)}`);
    if (report.failures() > MOST_SHRUNK) continue;
    const folder = `${values.out}/${name.replaceAll(/[^\w]+/gu, "-").slice(0, 80)}`;
    writeScenario(folder, await play(await shrink(scenario(), first.invariant)));
    report.say(`  shrunk: ${folder}`);
  }
}
