import { play } from "./play.ts";
import type { Sabotage } from "./story/sabotage.ts";
import type { Company, Scenario, Stage } from "./story/scenario.ts";

/** The most scenarios that are tried while one is made smaller. */
const MOST_TRIES = 400;

/**
 * Makes a scenario that breaks an invariant smaller, as long as it breaks the same: fewer faults, visits and stages, then fewer
 * people, places and grants. Greedy, and always the same.
 */
export async function shrink(scenario: Scenario, invariant: string, sabotage: Sabotage = {}): Promise<Scenario> {
  let smallest = scenario;
  let tries = 0;
  const stillBreaks = async (smaller: Scenario): Promise<boolean> => {
    tries += 1;
    const { breaches } = await play(smaller, sabotage);
    return breaches.some(
      (breach) => breach.invariant === invariant && !breach.words.includes("The manifest is not valid"),
    );
  };
  for (let progress = true; progress && tries < MOST_TRIES; ) {
    progress = false;
    for (const smaller of listSmaller(smallest)) {
      if (tries >= MOST_TRIES || !(await stillBreaks(smaller))) continue;
      smallest = smaller;
      progress = true;
      break;
    }
  }
  return smallest;
}

/** Everything that is one piece smaller, the largest pieces first. */
function* listSmaller(scenario: Scenario): Generator<Scenario> {
  const { stages } = scenario;
  for (const index of stages.keys()) if (stages.length > 1) yield { ...scenario, stages: stages.toSpliced(index, 1) };
  const withStage = (index: number, stage: Stage): Scenario => ({ ...scenario, stages: stages.with(index, stage) });
  for (const [index, stage] of stages.entries()) {
    for (const at of stage.faults.keys()) yield withStage(index, { ...stage, faults: stage.faults.toSpliced(at, 1) });
    for (const at of stage.troubled.keys())
      yield withStage(index, { ...stage, troubled: stage.troubled.toSpliced(at, 1) });
    if (stage.days > 0) yield withStage(index, { ...stage, days: 0 });
  }
  for (const name of Object.keys(scenario.switches)) {
    const { [name as keyof Scenario["switches"]]: _, ...switches } = scenario.switches;
    yield { ...scenario, switches };
  }
  for (const [index, stage] of stages.entries()) {
    for (const company of listSmallerCompanies(stage.company)) yield withStage(index, { ...stage, company });
  }
}

const KEPT: readonly string[] = ["version", "manage", "policy", "ignore", "protect"];

/** A manifest without one of its entries, level by level. */
function* listSmallerCompanies(company: Company): Generator<Company> {
  for (const depth of [1, 3, 5]) {
    for (const [section, value] of Object.entries(company)) {
      if (KEPT.includes(section)) continue;
      for (const smaller of dropOne(value, depth)) yield { ...company, [section]: smaller };
    }
  }
}

function* dropOne(value: unknown, depth: number): Generator<unknown> {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return;
  const entries = Object.entries(value);
  for (const [name, inner] of entries) {
    if (depth === 1) yield Object.fromEntries(entries.filter(([other]) => other !== name));
    else for (const smaller of dropOne(inner, depth - 1)) yield { ...value, [name]: smaller };
  }
}
