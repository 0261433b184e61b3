import type { Chance } from "../machine/chance.ts";
import type { Company, LeftLock, Scenario, Stage } from "../story/scenario.ts";
import { addMappings, IDENTITY_PROVIDER } from "./identity-provider.ts";

type Named = Readonly<Record<string, Company>>;

/** The same scenario with some of what is rare in a company: grants that end, people who leave for good, an identity provider, locks of dead runs, and a ledger that is put back. */
export function complicate(scenario: Scenario, chance: Chance): Scenario {
  let { stages, furniture } = scenario;
  const change = (chosen: (stage: Stage) => Stage): void => {
    stages = stages.map(chosen);
  };
  if (chance.happens(0.35)) {
    const ends = chance.fork("ends");
    const expire = ends.pick(["held", "automatic"]);
    change((stage) => ({ ...stage, company: addEnds(stage.company, expire, ends) }));
  }
  if (chance.happens(0.25)) {
    furniture = [...furniture, ...IDENTITY_PROVIDER];
    const mappings = chance.fork("mappings");
    change((stage) => ({ ...stage, company: addMappings(stage.company, mappings) }));
  }
  if (chance.happens(0.25)) {
    const leaver = chance.pick(LEAVERS);
    stages = stages.with(-1, { ...(stages.at(-1) as Stage), company: offboard(stages.at(-1)?.company ?? {}, leaver) });
  }
  if (chance.happens(0.2)) {
    const at = chance.below(stages.length);
    stages = stages.with(at, { ...(stages[at] as Stage), leftLock: drawLock(chance) });
  }
  const isSecondElsewhere = chance.happens(0.2);
  if (isSecondElsewhere) stages = stages.with(-1, addRace(stages.at(-1) as Stage, chance));
  const isPutBack = chance.happens(0.25);
  if (isPutBack) {
    const [before, after] = [
      { approves: "all", isSaved: chance.happens(0.5) },
      { approves: "none", isSaved: chance.happens(0.5) },
    ] as const;
    const share = chance.pick([0, 0.3, 0.6, 0.9, 1]);
    stages = stages.with(-1, { ...(stages.at(-1) as Stage), troubled: [before, after], putBack: share });
  }
  return { ...scenario, stages, furniture, isSecondElsewhere, keepsApprovals: isPutBack };
}

const LEAVERS = ["ana@acme.io", "ben@acme.io", "cy@acme.io"];
const ENDS = ["2026-08-01", "2026-08-30", "2027-01-31"];

function drawLock(chance: Chance): LeftLock {
  return { hostname: chance.pick(["machine", "elsewhere", "elsewhere"]), minutes: chance.pick([0, 59, 61, 600]) };
}

/** The clock jumps so far that the lock of the run beside seems left, and right then another machine starts. */
function addRace(stage: Stage, chance: Chance): Stage {
  const request = 1 + chance.below(120);
  const fault = { kind: "clock", minutes: chance.pick([90, -90]) } as const;
  const second = { request: request + chance.below(3), fault: { kind: "second-run" } as const };
  return { ...stage, faults: [...stage.faults, { request, fault }, second] };
}

/** Grants in spaces and on projects that end; the same grant ends at the same time in every manifest. */
function addEnds(company: Company, expire: string, chance: Chance): Company {
  const end = (grants: unknown, place: string): Company =>
    mapNamed(grants, (role, email) => {
      const own = chance.fork(`${place}/${email}`);
      return own.happens(0.4) ? { role, expires: own.pick(ENDS) } : role;
    });
  return {
    ...mapSpaces(company, (space, at) => ({
      ...space,
      members: end(space["members"], at),
      projects: mapNamed(space["projects"], (project, name) => ({
        ...(project as Company),
        bindings: end((project as Company)["bindings"], `${at}/${name}`),
      })),
    })),
    policy: { ...(company["policy"] as Company), expire },
  };
}

/** Takes somebody out of every place, and has them deleted. */
function offboard(company: Company, email: string): Company {
  const without = (grants: unknown): Company =>
    Object.fromEntries(Object.entries((grants ?? {}) as Company).filter(([name]) => name !== email));
  const inSpaces = mapSpaces(company, (space) => ({
    ...space,
    members: without(space["members"]),
    projects: mapNamed(space["projects"], (project) => ({
      ...(project as Company),
      bindings: without((project as Company)["bindings"]),
    })),
  }));
  const organizations = mapNamed(inSpaces["organizations"], (organization) => ({
    ...(organization as Company),
    members: without((organization as Company)["members"]),
  }));
  return { ...inSpaces, organizations, people: without(company["people"]), offboard: [email] };
}

function mapSpaces(company: Company, change: (space: Company, at: string) => Company): Company {
  const organizations = mapNamed(company["organizations"], (organization, name) => ({
    ...(organization as Company),
    spaces: mapNamed((organization as Named)["spaces"], (space, at) => change(space as Company, `${name}/${at}`)),
  }));
  return { ...company, organizations };
}

function mapNamed(named: unknown, change: (one: unknown, name: string) => unknown): Company {
  return Object.fromEntries(Object.entries((named ?? {}) as Company).map(([name, one]) => [name, change(one, name)]));
}
