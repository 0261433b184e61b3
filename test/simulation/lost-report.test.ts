import { expect, test } from "vitest";
import type { Outcome } from "../../simulation/play.ts";
import { play } from "../../simulation/play.ts";
import type { Ending } from "../../simulation/story/evidence.ts";
import type { Sabotage } from "../../simulation/story/sabotage.ts";
import type { Scenario, Stage } from "../../simulation/story/scenario.ts";
import { FIXED_SCENARIOS } from "../../simulation/worlds/fixed-scenarios.ts";

/** Everything is approved in one run, and then the disk takes no more from a write on. */
function strike(write: number): Scenario {
  const { scenario } = FIXED_SCENARIOS[0] as (typeof FIXED_SCENARIOS)[number];
  const stage = scenario.stages[0] as Stage;
  const faults = write > 0 ? [{ write, fault: { kind: "full" } as const }] : [];
  return { ...scenario, stages: [{ ...stage, troubled: [{ approves: "all", isSaved: true }], faults }] };
}

/** Which write of the stage, counted from 1, is the end of the first run. */
function findEnd({ evidence: { happenings } }: Outcome): number {
  const from = happenings.findLastIndex(({ type }) => type === "stage");
  const writes = happenings.slice(from).flatMap((happening) => (happening.type === "write" ? [happening.text] : []));
  return writes.findIndex((text) => text.includes('"type":"end"')) + 1;
}

function firstApplied({ evidence: { happenings } }: Outcome): Ending {
  const ended = happenings.find((happening) => happening.type === "ended" && happening.ending.applied !== undefined);
  if (ended?.type !== "ended") throw new Error("nothing was applied");
  return ended.ending;
}

test("what was done is told, with exit code 5, where the end of the run cannot be written", async () => {
  const calm = await play(strike(0));
  expect(firstApplied(calm).exit).toBe(0);
  const struck = await play(strike(findEnd(calm)));
  const { exit, applied } = firstApplied(struck);
  expect(exit).toBe(5);
  expect(applied).toMatchObject({
    outcome: "applied",
    report: {
      stopped: expect.stringMatching(/^The end of the run could not be written to the ledger\. .*the disk is full\.$/u),
      results: expect.arrayContaining([expect.objectContaining({ state: "done" })]),
    },
  });
  expect(struck.breaches).toEqual([]);
});

test("the same is told where the disk refuses without a word", async () => {
  const mute: Sabotage = {
    files: (files) => ({
      ...files,
      openAppender: async (path) => {
        const appender = await files.openAppender(path);
        const append = (text: string): Promise<void> =>
          text.includes('"type":"end"') ? Promise.reject(undefined) : appender.append(text);
        return { ...appender, append };
      },
    }),
  };
  const { exit, applied } = firstApplied(await play(strike(0), mute));
  expect(exit).toBe(5);
  expect(applied).toMatchObject({ report: { stopped: "The end of the run could not be written to the ledger." } });
});
