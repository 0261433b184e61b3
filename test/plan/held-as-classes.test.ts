import fc from "fast-check";
import { expect, test } from "vitest";
import type { Address } from "../../src/model/address.ts";
import { ClassedWorld } from "../../src/model/classed-world.ts";
import { canonicalJson } from "../../src/model/json.ts";
import { ListMap } from "../../src/model/list-map.ts";
import { DerivedMap } from "../../src/model/map-view.ts";
import type { Resource, World } from "../../src/model/resource.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import { arbitrarySample } from "../support/arbitrary-accounts.ts";
import { declare, live, type PlanSample, planInput } from "../support/plan-input.ts";

const GRANTS: ReadonlySet<string> = new Set(["org-member", "space-member", "binding"]);

/** The same world, with its grants held as classes, as far as there is nothing special about them. */
function holdAsClasses(world: World): ClassedWorld {
  const singles: Resource[] = [];
  const grants = new Map<string, [string, Resource][]>();
  for (const resource of world.values()) {
    const { kind, address, unknown, builtin, facts } = resource;
    if (!GRANTS.has(kind) || unknown !== undefined || builtin === true || facts !== undefined) singles.push(resource);
    else {
      const end = address.lastIndexOf("/") + 1;
      const others = grants.get(address.slice(0, end)) ?? [];
      grants.set(address.slice(0, end), [...others, [address.slice(end), resource]]);
    }
  }
  const classes = [...grants].map(([prefix, named]) => {
    const resources = ListMap.sorted(named) as ListMap<Resource>;
    const kind = prefix.slice(0, prefix.indexOf(":")) as Resource["kind"];
    return { kind, prefix, resources, specs: new DerivedMap(resources, ({ spec }) => spec) };
  });
  return new ClassedWorld(singles, classes);
}

const anyHolding = fc.constantFrom<(world: World) => World>(holdAsClasses, (world) => world);

test("a plan does not tell how worlds are held", () => {
  fc.assert(
    fc.property(arbitrarySample, anyHolding, anyHolding, (sample, holdDesired, holdLive) => {
      const input = planInput(sample);
      const { desired, observation } = input;
      const held = {
        ...input,
        desired: { ...desired, world: holdDesired(desired.world) },
        observation: { ...observation, world: holdLive(observation.world) },
      };
      expect(canonicalJson(makePlan(held))).toBe(canonicalJson(makePlan(input)));
    }),
    { numRuns: 250, seed: 20_261_122 },
  );
});

const MEMBER: Address = "org-member:A/a@x.io";
const FORMER: Address = "org-member:Old/a@x.io";
const ELSEWHERE: Address = "org-member:B/a@x.io";
const ROLE = { role: "member" };
const PLACE = [declare("organization:A")];
const PEOPLE = [live("organization:A"), live(MEMBER, ROLE), live("org-member:A/b@x.io", ROLE)];

const CASES: readonly (readonly [string, PlanSample, readonly string[]])[] = [
  ["nothing is asked for", { declared: PLACE, live: PEOPLE }, []],
  [
    "one of them is to go",
    { declared: PLACE, live: PEOPLE, absent: { [MEMBER]: "declared-absent" } },
    [`delete ${MEMBER}`],
  ],
  ["one of them is ignored", { declared: PLACE, live: PEOPLE, ignore: [MEMBER] }, []],
  [
    "their organization has a new name, and another has not",
    {
      declared: [...PLACE, declare(MEMBER, ROLE), declare("organization:B"), declare(ELSEWHERE, ROLE)],
      live: [live("organization:Old"), live(FORMER, ROLE), live("organization:B"), live(ELSEWHERE, ROLE)],
      renames: { "organization:A": ["organization:Old"] },
    },
    ["update organization:A"],
  ],
];

test.each(CASES)("a class of which nothing is managed is as if held singly, where %s", (_, sample, expected) => {
  const input = planInput(sample);
  const { desired, observation } = input;
  const held = {
    ...input,
    desired: { ...desired, world: holdAsClasses(desired.world) },
    observation: { ...observation, world: holdAsClasses(observation.world) },
  };
  const plan = makePlan(held);
  expect(canonicalJson(plan)).toBe(canonicalJson(makePlan(input)));
  expect(plan.steps.map(({ op, address }) => `${op} ${address}`)).toEqual(expected);
});
