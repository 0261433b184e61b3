import { describe, expect, test } from "vitest";
import { KINDS } from "../../src/kinds/registry.ts";
import type { Address } from "../../src/model/address.ts";
import type { Focus, Glimpse, TargetPart } from "../../src/model/plan.ts";
import type { Resource } from "../../src/model/resource.ts";
import { indexKinds } from "../../src/plan/kinds-by-name.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import { findMissingReads } from "../../src/plan/missing-reads.ts";
import { suffices } from "../../src/plan/part-suffices.ts";
import { selectTargets } from "../../src/plan/target-part.ts";
import { makeAssertion } from "../support/assertion-words.ts";
import { declare, live, type PlanSample, planInput } from "../support/plan-input.ts";

const ANA: Address = "user:ana@x.io";
const ORGANIZATION: Address = "organization:A";
const SPACE: Address = "space:A/s";
const IN_SPACE: Address = "space-member:A/s/ana@x.io";
const IN_ORGANIZATION: Address = "org-member:A/ana@x.io";

const MANAGED: NonNullable<PlanSample["managed"]> = {
  ...{ "user@": "additive", "role@": "additive", "organization@": "additive", "space@organization:A": "authoritative" },
  ...{ "org-member@organization:A": "authoritative", "space-member@space:A/s": "authoritative" },
  ...{ "space-member@space:A/t": "authoritative", "project@space:A/s": "additive" },
};

const DECLARED = [
  ...[declare(ANA, { name: "Ana" }), declare("user:ben@x.io"), declare(ORGANIZATION), declare(SPACE)],
  ...[declare("space:A/t"), declare(IN_ORGANIZATION, { role: "member" }), declare(IN_SPACE, { role: "member" })],
  declare("space-member:A/t/ben@x.io", { role: "member" }),
];

function select(targets: readonly string[], sample: PlanSample = {}): TargetPart | undefined {
  const { desired, memory } = planInput({ declared: DECLARED, managed: MANAGED, ...sample });
  return selectTargets(targets, { desired, memory, kinds: indexKinds(KINDS) });
}

function keysOf(part: TargetPart | undefined): readonly string[] {
  return [...(part?.desired.managed ?? [])].map(([key, mode]) => `${key} ${mode}`).sort();
}

describe("what targets need", () => {
  test("of a person is what they hold, and where", () => {
    const part = select([ANA]);
    expect([...(part?.desired.world.keys() ?? [])].sort()).toEqual(
      [ANA, ORGANIZATION, SPACE, IN_ORGANIZATION, IN_SPACE].sort(),
    );
    expect(part?.focus?.people).toEqual([ANA]);
    expect(keysOf(part)).toEqual([
      ...["org-member@organization:A authoritative", "organization@ additive", "role@ additive"],
      ...["space-member@space:A/s authoritative", "space@organization:A additive", "user@ additive"],
    ]);
  });

  test("of a person is also what the ledger remembers, as far as it is managed", () => {
    const remote = { space: "1", user: "2" };
    const owned = new Map<Address, typeof remote>([
      ["space-member:A/t/ana@x.io", remote],
      ["space-member:A/unmanaged/ana@x.io", remote],
      ["space-member:A/t/susana@x.io", remote],
    ]);
    const named = select([ANA], { memory: { owned } })?.focus?.named;
    expect(named?.has("space:A/t")).toBe(true);
    expect(named?.has("space:A/unmanaged")).toBe(false);
    expect(named?.has("space-member:A/t/susana@x.io")).toBe(false);
  });

  test("is taken from the ledger only where that is exactly what is wanted, and nobody asks for it by its name", () => {
    const remote = { organization: "1", user: "2" };
    const written = (role: string): PlanSample => ({
      memory: { lastWritten: new Map([[IN_ORGANIZATION, { spec: { role }, remote }]]) },
    });
    expect(select([ANA], written("member"))?.focus?.trusted).toEqual(new Map([[IN_ORGANIZATION, remote]]));
    expect(select([IN_SPACE], written("member"))?.focus?.trusted).toEqual(new Map([[IN_ORGANIZATION, remote]]));
    expect(select([IN_ORGANIZATION], written("member"))?.focus?.trusted?.size).toBe(0);
    expect(select([ANA], written("admin"))?.focus?.trusted?.size).toBe(0);
  });

  test("of a space is its classes, what they rest on, and who is who there", () => {
    const part = select([SPACE]);
    expect(part?.focus).toBeUndefined();
    expect(keysOf(part)).toEqual([
      ...["org-member@organization:A additive", "organization@ additive", "project@space:A/s additive"],
      ...["role@ additive", "space-member@space:A/s authoritative", "space@organization:A authoritative"],
      "user@ additive",
    ]);
    // Else they would seem not to be wanted.
    expect(part?.desired.world.has("space:A/t")).toBe(true);
    expect(part?.desired.world.has("space-member:A/t/ben@x.io")).toBe(false);
  });

  test("of a role is only roles", () => {
    expect(keysOf(select(["role:Ops"], { declared: [declare("role:Ops")] }))).toEqual(["role@ additive"]);
  });

  test("of a grant is its holder, and where that is not enough its class", () => {
    const part = select([IN_SPACE]);
    expect(part?.focus?.people).toEqual([ANA]);
    expect(part?.wider?.focus).toBeUndefined();
    expect(part?.wider?.desired.managed.get("space-member@space:A/s")).toBe("authoritative");
    expect(select([IN_SPACE, SPACE])?.focus).toBeUndefined();
  });

  test("cannot be told of patterns, of very many people, and of people beside places", () => {
    const many = ["a", "b", "c", "d", "e", "f"].map((name): Address => `user:${name}@x.io`);
    for (const targets of [[], ["user:*"], ["**"], ["ana@x.io"], [ANA, "space:A/*"], [ANA, SPACE], many])
      expect(select(targets)).toBeUndefined();
    expect(select(many.slice(1))?.focus?.people).toHaveLength(5);
    expect(select(many.map((person): Address => `space-member:A/s/${person.slice(5)}`))?.focus).toBeUndefined();
  });

  test("cannot be told where something decides on places anywhere, or is renamed, or goes with what is in it", () => {
    expect(select([ANA], { managed: { ...MANAGED, "saml-provider@": "additive" } })).toBeUndefined();
    expect(select([ANA], { renames: { [SPACE]: ["space:A/old"] } })).toBeUndefined();
    expect(select([ANA], { renames: { "space:A/new": [SPACE] } })).toBeUndefined();
    expect(select([ANA], { absent: { [ANA]: "declared-absent" } })).toBeUndefined();
    expect(select([SPACE], { absent: { [SPACE]: "declared-absent" } })).toBeUndefined();
    expect(select([ANA], { absent: { "space-member:A/s/ana@x.io": "expired" } })).toBeDefined();
    const { desired, memory } = planInput({ declared: DECLARED, managed: MANAGED });
    const options = { memory, kinds: indexKinds(KINDS) };
    const undone = { ...desired, undoes: { run: "r", notes: [] } };
    expect(selectTargets([ANA], { ...options, desired: undone })).toBeUndefined();
    const rotated = { ...desired, rotates: { address: "service-key:A/s/k" as const, at: "" } };
    expect(selectTargets([ANA], { ...options, desired: rotated })).toBeUndefined();
  });
});

interface PartSample extends PlanSample {
  readonly focus?: Focus;
  readonly glimpse?: Partial<Glimpse>;
}

/** The input of a plan of what the sample has, all of which was read for its targets. */
function partInput({ focus, glimpse, ...sample }: PartSample): ReturnType<typeof planInput> {
  const input = planInput({ limits: { targets: [ANA] }, managed: MANAGED, ...sample });
  const part = { desired: { ...input.desired, assertions: [] }, ...(focus !== undefined && { focus }) };
  const seen: Glimpse = { loose: new Set(), assumed: new Set(), strays: new Set(), ...glimpse };
  return { ...input, part, observation: { ...input.observation, glimpse: seen } };
}

const PLACES = [live(ANA, { name: "Ana", role: "member" }), live(ORGANIZATION), live(SPACE, { private: true })];
const WANTED = [declare(ANA, { name: "Ana" }), declare(ORGANIZATION), declare(SPACE)];
const FOCUS: Focus = { people: [ANA], named: new Set([SPACE]) };
const MEMBER = live(IN_SPACE, { role: "member", also: null }, { remote: { space: "1", user: "2" } });

function enough(sample: PartSample): boolean {
  return suffices(partInput({ focus: FOCUS, ...sample }));
}

describe("what was read for targets is enough", () => {
  test("where nothing was left out, and where nothing changes", () => {
    expect(suffices(planInput({ live: PLACES, absent: { [ANA]: "declared-absent" } }))).toBe(true);
    expect(enough({ declared: WANTED, live: PLACES })).toBe(true);
  });

  test("not where the people hold something elsewhere that may have to go", () => {
    const sample = { declared: WANTED, live: PLACES, glimpse: { strays: new Set(["space-member"] as const) } };
    expect(enough(sample)).toBe(false);
    expect(enough({ ...sample, managed: {} })).toBe(true);
    expect(enough({ ...sample, limits: { targets: [IN_SPACE] } })).toBe(true);
    expect(suffices(partInput(sample))).toBe(true);
    const { glimpse: _, ...observation } = partInput(sample).observation;
    expect(suffices({ ...partInput({ ...sample, focus: FOCUS }), observation })).toBe(true);
  });

  test("for what one person gets or loses, as long as no share could be too large", () => {
    const declared = [...WANTED, declare(IN_SPACE, { role: "member" })];
    expect(enough({ declared, live: PLACES })).toBe(true);
    const removal = { declared: WANTED, live: [...PLACES, MEMBER] };
    expect(enough(removal)).toBe(true);
    expect(enough({ ...removal, policy: { maxRemovalPercent: 9 } })).toBe(false);
    expect(enough({ ...removal, limits: { targets: [ANA], maxRemovalPercent: 9 } })).toBe(false);
    expect(suffices(partInput(removal))).toBe(true);
  });

  test("for several that go of one kind only where so many may go of ten", () => {
    const others = ["s", "t", "u"].map((name) => live(`space-member:A/${name}/ana@x.io`, { role: "member" }));
    const spaces = ["t", "u"].map((name) => live(`space:A/${name}`));
    const managed = { ...MANAGED, "space-member@space:A/u": "authoritative" } satisfies PlanSample["managed"];
    const declared = [...WANTED, declare("space:A/t"), declare("space:A/u")];
    const removal = { declared, managed, live: [...PLACES, ...spaces, ...others] };
    expect(enough({ ...removal, policy: { maxRemovalPercent: 30 } })).toBe(true);
    expect(enough({ ...removal, policy: { maxRemovalPercent: 29 } })).toBe(false);
  });

  test("not for an admin who goes where others were not read", () => {
    for (const spec of [{ role: "admin" }, { role: "role:Ops", also: "admin" }]) {
      const going: Resource = { ...MEMBER, spec };
      expect(enough({ declared: WANTED, live: [...PLACES, going] })).toBe(false);
      expect(suffices(partInput({ declared: WANTED, live: [...PLACES, going] }))).toBe(true);
    }
    const lowered = [...WANTED, declare(IN_SPACE, { role: "member" })];
    expect(enough({ declared: lowered, live: [...PLACES, { ...MEMBER, spec: { role: "admin" } }] })).toBe(false);
  });

  test("not for people and places that go or open, new account admins, and what has to hold everywhere", () => {
    expect(enough({ live: PLACES, absent: { [SPACE]: "declared-absent" }, limits: { targets: [SPACE] } })).toBe(false);
    const opened = { declared: [declare(SPACE, { private: false })], live: PLACES, limits: { targets: [SPACE] } };
    expect(enough(opened)).toBe(false);
    const told = { declared: [declare(SPACE, { description: "new" })], live: PLACES, limits: { targets: [SPACE] } };
    expect(enough(told)).toBe(true);
    expect(enough({ declared: [declare(ANA, { name: "Ana", role: "admin" })] })).toBe(false);
    expect(enough({ declared: [declare(ANA, { name: "Ana", role: "member" })] })).toBe(true);
    const assertions = [makeAssertion({ who: ["ana@x.io"] })];
    expect(enough({ declared: [declare(ANA, { name: "Ana", role: "member" })], assertions })).toBe(false);
  });
});

test("what was only glimpsed is read where a change needs it, and what the ledger tells where nothing proves it", () => {
  const glimpse = { loose: new Set(["org-member@organization:A"] as const), assumed: new Set([IN_ORGANIZATION]) };
  const taken = live(IN_ORGANIZATION, {}, { unknown: ["role"] });
  const missing = (sample: PartSample): readonly string[] => [
    ...findMissingReads(partInput({ focus: FOCUS, glimpse, managed: {}, ...sample })).classes,
  ];
  expect(missing({ live: [...PLACES, taken, MEMBER] })).toEqual([]);
  expect(missing({ live: [...PLACES, taken] })).toEqual(["org-member@organization:A"]);
  // Somebody else's entry, which goes with nothing of ours.
  expect(missing({ live: [...PLACES, taken, { ...MEMBER, builtin: true }] })).toEqual(["org-member@organization:A"]);
  const declared = [...WANTED, declare(IN_SPACE, { role: "read-only" })];
  expect(missing({ declared, live: [...PLACES, taken, MEMBER] })).toEqual(["org-member@organization:A"]);
});

describe("a plan of a part says", () => {
  const told = (sample: PartSample): string =>
    makePlan(partInput(sample))
      .unknowns.map(({ code, detail }) => `${code} ${detail}`)
      .join();

  test("whom and which places it looked at, and what it took from the ledger", () => {
    const spaces = ["a", "b", "c", "d"].map((name): Address => `space:A/${name}`);
    const text = told({
      focus: { people: [ANA], named: new Set([...spaces, IN_SPACE]) },
      glimpse: { assumed: new Set([IN_ORGANIZATION]) },
    });
    expect(text).toContain("AX426 Read was what user:ana@x.io needs");
    expect(text).toContain("Grants were looked for in space:A/a, space:A/b, space:A/c and 1 more,");
    expect(text).toContain("Of org-member:A/ana@x.io the role was not looked at");
    expect(text).not.toContain("Assertions");
    expect(told({ focus: { people: [ANA] } })).toContain("Grants were looked for in no place");
  });

  test("no more of places than that it is a part, and that nothing was asserted of it", () => {
    const text = told({ limits: { targets: [SPACE, "role:Ops"] }, assertions: [makeAssertion({ who: ["ana@x.io"] })] });
    expect(text).toContain("Read was what space:A/s, role:Ops need,");
    expect(text).toContain("Assertions were not checked.");
    expect(text).not.toContain("Grants were looked for");
    expect(told({ limits: { targets: [IN_SPACE] }, focus: FOCUS })).not.toContain("Grants were looked for");
    const { part } = partInput({});
    expect(
      makePlan({ ...planInput({ limits: { targets: [SPACE] } }), ...(part !== undefined && { part }) }).unknowns,
    ).toHaveLength(1);
    expect(makePlan(planInput({})).unknowns).toEqual([]);
  });
});
