import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { afterAll, describe, expect, test } from "vitest";
import { play } from "../../simulation/play.ts";
import { readScenario, writeScenario } from "../../simulation/report/scenario-folder.ts";
import { shrink } from "../../simulation/shrink.ts";
import type { Sabotage } from "../../simulation/story/sabotage.ts";
import type { Scenario } from "../../simulation/story/scenario.ts";
import { describeTrace } from "../../simulation/story/trace.ts";
import { FIXED_SCENARIOS } from "../../simulation/worlds/fixed-scenarios.ts";
import { drawScenario } from "../../simulation/worlds/random-scenario.ts";

const folder = mkdtempSync(join(tmpdir(), "axcess-replay-"));
afterAll(() => rmSync(folder, { recursive: true }));

const bootstrap = FIXED_SCENARIOS[0]?.scenario ?? drawScenario(1);

/** Nothing that is meant ever reaches the ledger. */
const FORGETFUL: Sabotage = {
  files: (files) => ({
    ...files,
    openAppender: async (path) => ({ ...(await files.openAppender(path)), append: async () => undefined }),
  }),
};

function sizeOf({ stages }: Scenario): number {
  return JSON.stringify(stages).length;
}

const NO_EVIDENCE = { happenings: [], outputs: [], adminKey: "" };

interface Said {
  readonly code: number;
  readonly text: string;
}

/** Replays a folder as a person does. */
function replay(path: string): Promise<Said> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ["scripts/simulate.mjs", "--replay", path], (_error, text) =>
      resolve({ code: child.exitCode ?? -1, text }),
    );
  });
}

describe("a failure is played again", () => {
  test("a planted fault breaks the same in the smaller scenario that is read from its folder, and goes the same way", async () => {
    const scenario: Scenario = { ...bootstrap, stages: bootstrap.stages.map((stage) => ({ ...stage, troubled: [] })) };
    const path = join(folder, "planted");
    const smaller = await shrink(scenario, "ledger-tells-truth", FORGETFUL);
    const outcome = await play(smaller, FORGETFUL);
    expect(sizeOf(smaller)).toBeLessThan(sizeOf(scenario) * 0.6);
    writeScenario(path, outcome);
    const again = await play(readScenario(path), FORGETFUL);
    expect(again.breaches).toEqual(outcome.breaches);
    expect(again.breaches.map(({ invariant }) => invariant)).toContain("ledger-tells-truth");
    expect(describeTrace(again.evidence)).toBe(describeTrace(outcome.evidence));
    const trace = readFileSync(join(path, "trace.txt"), "utf8").trim().split("\n");
    expect(trace).toHaveLength(outcome.evidence.happenings.length);
    const page = readFileSync(join(path, "README.md"), "utf8");
    expect(page).toContain(`--replay ${path}`);
    expect(page).toContain(describeTrace(outcome.evidence));
  });

  test("every scenario comes back from its folder as it was, whatever switches it has", async () => {
    for (const seed of [3, 28]) {
      const outcome = { evidence: { ...NO_EVIDENCE, scenario: drawScenario(seed) }, breaches: [] };
      writeScenario(join(folder, `${seed}`), outcome);
      const { scenario } = outcome.evidence;
      const again = readScenario(join(folder, `${seed}`));
      expect(again).toEqual(scenario);
      expect(Object.keys(again.switches)).toEqual(Object.keys(scenario.switches));
    }
  });

  test("the command tells the trace, and fails where the scenario does", async () => {
    const fine = await play({ ...bootstrap, stages: [] });
    writeScenario(join(folder, "fine"), fine);
    const [stage] = bootstrap.stages;
    const broken = await play({
      ...bootstrap,
      stages: stage === undefined ? [] : [{ ...stage, company: { version: 7 } }],
    });
    writeScenario(join(folder, "broken"), broken);
    const [good, bad] = await Promise.all([replay(join(folder, "fine")), replay(join(folder, "broken"))]);
    expect(good.text).toContain(`trace ${describeTrace(fine.evidence)}`);
    expect(good.code).toBe(0);
    expect(bad.text).toContain("FAILED the replay: comes-to-an-end: ");
    expect(bad.code).toBe(1);
  });
});
