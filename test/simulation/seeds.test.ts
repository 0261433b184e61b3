import { describe, expect, test } from "vitest";
import { DISK_FAULTS } from "../../simulation/faults/fault.ts";
import { play } from "../../simulation/play.ts";
import type { Scenario, Stage } from "../../simulation/story/scenario.ts";
import { describeTrace } from "../../simulation/story/trace.ts";
import { FIXED_SCENARIOS } from "../../simulation/worlds/fixed-scenarios.ts";
import { drawDivided, drawScenario, drawUndone } from "../../simulation/worlds/random-scenario.ts";

describe("a simulated world", () => {
  test("keeps every invariant, whatever goes wrong in it", async () => {
    for (let seed = 1; seed <= 10; seed += 1) {
      const { breaches } = await play(drawScenario(seed));
      expect(breaches, `seed ${seed}`).toEqual([]);
    }
  });

  test("keeps every invariant where the account is divided, whoever runs beside", async () => {
    // Then a space goes, approved, with what an identity provider syncs in it; power is lost after somebody was killed in the middle
    // of a line; and a clock is set back between two checkpoints.
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8, 20_021, 51_134, 910_048]) {
      const { breaches } = await play(drawDivided(seed));
      expect(breaches, `seed ${seed}`).toEqual([]);
    }
  });

  test("keeps every invariant where a run is taken back", async () => {
    let undone = 0;
    for (let seed = 1; seed <= 8; seed += 1) {
      const { breaches, evidence } = await play(drawUndone(seed));
      expect(breaches, `seed ${seed}`).toEqual([]);
      undone += evidence.happenings.filter(
        (one) => one.type === "ended" && one.ending.applied?.plan.basis.undo !== undefined,
      ).length;
    }
    expect(undone).toBeGreaterThan(3);
  });

  test.each([
    ["is never blocked by a share of more than everything, which no flag would let through", 1348],
    ["may lose a role on a project with a membership, where the platform does that of its own accord", 1733],
    ["lets a key be renewed whose space was renamed: its secret goes where axcess put the last one", 990],
    ["sees nothing sent again by a run whose lock another one took while it waited for an answer", 720_074],
    ["settles what was under way in a place that was to be renamed as well, and was not", 721_092],
    ["cannot see that a person gave another organization role where the server tells none", 720_774],
    ["is told whose secret is in a file, where the space of that key was renamed by hand", 762_791],
  ])("%s", async (_, seed) => {
    expect((await play(drawScenario(seed))).breaches).toEqual([]);
  });

  test("goes the same way each time", async () => {
    for (const seed of [3, 28]) {
      const once = describeTrace((await play(drawScenario(seed))).evidence);
      expect(describeTrace((await play(drawScenario(seed))).evidence), `seed ${seed}`).toBe(once);
    }
  });

  test("keeps every invariant where a write to the disk fails, each one in its turn", async () => {
    const { scenario } = FIXED_SCENARIOS[2] ?? { scenario: drawScenario(1) };
    for (let write = 9; write <= 10; write += 1) {
      for (const fault of DISK_FAULTS) {
        const last = scenario.stages.at(-1) as Stage;
        const struck: Scenario = {
          ...scenario,
          stages: [...scenario.stages.slice(0, -1), { ...last, faults: [{ write, fault }] }],
        };
        expect((await play(struck)).breaches, `${fault.kind} at write ${write}`).toEqual([]);
      }
    }
  });
});
