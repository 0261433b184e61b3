import type { Sharding } from "../../src/model/shard.ts";
import type { Chance } from "../machine/chance.ts";
import type { Scenario } from "../story/scenario.ts";

/** The same scenario with the account divided: all the time or from the second manifest on, anew, otherwise, or no more. */
export function divideAccount(scenario: Scenario, chance: Chance): Scenario {
  const [first, second] = chance.pick<readonly [Sharding | undefined, Sharding | undefined]>([
    [TWO, TWO],
    [TWO, TWO],
    [BY_SPACE, BY_SPACE],
    [undefined, TWO],
    [undefined, BY_SPACE],
    [TWO, THREE],
    [THREE, TWO],
    [TWO, BY_SPACE],
    [TWO, undefined],
  ]);
  const stages = scenario.stages.map(({ putBack: _, ...stage }, index) => {
    const shards = index === 0 ? first : second;
    return { ...stage, ...(shards !== undefined && { shards }) };
  });
  // Several processes live at once, each with a number of its own.
  return { ...scenario, stages, isContainer: false, keepsApprovals: false };
}

const TWO: Sharding = { of: 2, by: "organization" };
const THREE: Sharding = { of: 3, by: "organization" };
const BY_SPACE: Sharding = { of: 2, by: "space" };
