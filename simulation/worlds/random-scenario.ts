import fc from "fast-check";
import { anyCompany } from "../../test/support/random-companies.ts";
import { anyServer } from "../../test/support/random-servers.ts";
import { DISK_FAULTS, type Fault, PERSON_FAULTS, REQUEST_FAULTS } from "../faults/fault.ts";
import { type Chance, makeChance } from "../machine/chance.ts";
import type { Company, Scenario, Stage, Visit } from "../story/scenario.ts";
import { addKeys } from "./add-keys.ts";
import { changeCompany } from "./change-company.ts";
import { complicate } from "./complicate.ts";
import { divideAccount } from "./divide-account.ts";
import { FURNITURE, HANDS_OFF } from "./furniture.ts";
import { pruneCompany } from "./prune-company.ts";
import { takeBack } from "./take-back.ts";

/** The scenario of a seed: a world, a chain of manifests, and what goes wrong. */
export function drawScenario(seed: number): Scenario {
  const chance = makeChance(`scenario ${seed}`);
  const [first] = fc.sample(anyCompany, { seed, numRuns: 1 }) as readonly Company[];
  const [other] = fc.sample(anyCompany, { seed: seed + 0x40000000, numRuns: 1 }) as readonly Company[];
  const [switches] = fc.sample(anyServer, { seed, numRuns: 1 });
  const before = dress(first ?? {}, chance.fork("before"));
  const changed = chance.happens(0.6)
    ? changeCompany(before, chance.fork("change"))
    : dress(other ?? {}, chance.fork("other"));
  const startsCalm = chance.happens(0.7);
  const scenario: Scenario = {
    seed,
    switches: { graphqlQueriesPerMinute: undefined, graphqlMutationsPerMinute: undefined, ...switches },
    parallelism: chance.pick([1, 3, 8]),
    isContainer: chance.happens(0.2),
    furniture: FURNITURE,
    stages: [
      { company: before, days: 0, ...(startsCalm ? CALM : drawTrouble(chance.fork("trouble 1"))) },
      { company: changed, days: chance.pick([0, 0, 1, 40]), ...drawTrouble(chance.fork("trouble 2")) },
    ],
  };
  return complicate(scenario, makeChance(`rare ${seed}`));
}

/** The same with the account divided into shards. */
export function drawDivided(seed: number): Scenario {
  return divideAccount(drawScenario(seed), makeChance(`divided ${seed}`));
}

/** The same with a run that is taken back. */
export function drawUndone(seed: number): Scenario {
  return takeBack(drawScenario(seed), makeChance(`undone ${seed}`));
}

const CALM: Pick<Stage, "troubled" | "faults"> = { troubled: [], faults: [] };

/** A company, mostly a smaller one, in which some things are no business of axcess. */
function dress(company: Company, chance: Chance): Company {
  const small = chance.happens(0.8) ? pruneCompany(company, { organizations: 2, spaces: 2, projects: 1 }) : company;
  return { ...addKeys(small, chance), ...HANDS_OFF };
}

function drawTrouble(chance: Chance): Pick<Stage, "troubled" | "faults"> {
  const visits = 1 + chance.below(2);
  const troubled = Array.from(
    { length: visits },
    (): Visit => ({ approves: chance.pick(["all", "all", "some", "none"]), isSaved: chance.happens(0.6) }),
  );
  const faults = Array.from({ length: chance.pick([0, 1, 1, 1, 2, 2]) }, () => drawFault(chance));
  return { troubled, faults };
}

function drawFault(chance: Chance): Fault {
  const sort = chance.fraction();
  if (sort < 0.2) return { write: 1 + chance.below(40), fault: chance.pick(DISK_FAULTS) };
  const request = 1 + chance.below(chance.pick([40, 120, 200]));
  if (sort < 0.4) return { request, fault: { ...chance.pick(PERSON_FAULTS), pick: chance.below(50) } as never };
  return { request, fault: chance.pick(REQUEST_FAULTS) };
}
