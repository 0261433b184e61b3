import { describe, expect, test } from "vitest";
import { KINDS } from "../../src/kinds/registry.ts";
import type { AccessDelta } from "../../src/model/access.ts";
import type { Address } from "../../src/model/address.ts";
import { type Finding, HAZARD_TITLES, type Hazard, type Step } from "../../src/model/change.ts";
import type { Resource } from "../../src/model/resource.ts";
import { makeJudge } from "../../src/plan/guards.ts";
import { indexKinds } from "../../src/plan/kinds-by-name.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import type { Draft } from "../../src/plan/match.ts";
import { deltaOf, shift } from "../support/access-sample.ts";
import { declare, live, type PlanSample, planInput } from "../support/plan-input.ts";

const ANA_IN_SPACE = "space-member:A/x/ana@acme.io";
const RESTRICTION = "restriction:A/x/p";

function creationOf(after: Resource): Draft {
  const { address, origin } = after;
  const rest = { fields: [], reason: "declared-not-found", renamedFrom: undefined, isBlind: false } as const;
  return { op: "create", address, before: undefined, after, wanted: after, origin, ...rest };
}

/** What is found in the creation of a role in a space and of a restriction. */
function judge(address: Address, delta: AccessDelta): readonly Finding[] {
  const input = planInput({
    live: [live("organization:A"), live("space:A/x"), live("project:A/x/p"), live("user:ana@acme.io")],
  });
  const created = [declare(ANA_IN_SPACE, { role: "member" }), declare(RESTRICTION)];
  const drafts = created.map(creationOf);
  const planned = new Map([...input.observation.world, ...created.map((one) => [one.address, one] as const)]);
  const draft = drafts.find((one) => one.address === address);
  if (draft === undefined) throw new Error("one of the two");
  return makeJudge({
    ...input,
    drafts,
    cascades: new Map(),
    worlds: { live: input.observation.world, planned },
    delta,
    usersOf: new Map(),
    kinds: indexKinds(KINDS),
    policy: input.desired.policy,
    isProtected: () => false,
    isIgnored: () => false,
  })(draft);
}

describe("what effective access tells of a step", () => {
  test("stands behind what its kind tells; that somebody gains is told once", () => {
    const gain = (through: Address): AccessDelta =>
      deltaOf([
        shift({ person: "user:ana@acme.io", place: "space:A/x", through: [through], after: "p1", gained: "p1" }),
      ]);
    expect(judge(ANA_IN_SPACE, gain(ANA_IN_SPACE))).toEqual([
      { code: "widens-access", detail: "The role member is given." },
    ]);
    expect(judge(RESTRICTION, gain(RESTRICTION))).toEqual([
      { code: "widens-access", detail: "Somebody has more access afterwards." },
    ]);
  });

  test("belongs to the steps it comes through, and to no others", () => {
    const lost = deltaOf([
      shift({
        person: "user:caller@acme.io",
        place: "project:A/x/p",
        through: [RESTRICTION],
        before: "p1",
        lost: "p1",
      }),
    ]);
    expect(judge(RESTRICTION, lost)).toEqual([
      { code: "removes-access", detail: "1 person has less: caller@acme.io." },
      { code: "locks-out", detail: "The person whose key does this has less in project:A/x/p." },
    ]);
    expect(judge(ANA_IN_SPACE, lost).map(({ code }) => code)).toEqual(["widens-access"]);
  });
});

/** What the plan of a sample tells of its first change. */
function tell(sample: PlanSample): readonly string[] {
  const [first] = makePlan(planInput(sample)).steps;
  return (first?.hazards ?? []).map(({ code, detail }) => `${code}: ${detail}`);
}

const ABSENT = "declared-absent";
const people = (size: number): readonly Address[] =>
  Array.from({ length: size }, (_, index) => `org-member:A/p${index}@acme.io` as const);

describe("a limit is the most that goes without a flag", () => {
  // Roles that nobody has: nobody loses anything with them, so that nothing else blocks.
  const roles = (size: number): readonly Address[] =>
    Array.from({ length: size }, (_, index) => `role:R${index}` as const);
  const removing = (from: number, gone: number, policy: PlanSample["policy"]): readonly Step[] =>
    makePlan(
      planInput({
        live: roles(from).map((role) => live(role, { permissions: { A_READ: true } })),
        absent: Object.fromEntries(roles(gone).map((role) => [role, ABSENT])),
        ...(policy && { policy }),
      }),
    ).steps;
  const gates = (steps: readonly Step[]): readonly string[] => [...new Set(steps.map(({ gate }) => gate.state))];

  test("of removals", () => {
    expect(gates(removing(5, 3, { maxRemovals: 3 }))).toEqual(["held"]);
    const steps = removing(5, 4, { maxRemovals: 3 });
    expect(gates(steps)).toEqual(["blocked"]);
    for (const { hazards } of steps) {
      expect(hazards.at(-1)).toEqual({
        code: "mass-removal",
        detail: "The plan removes 4 objects; the policy allows 3.",
      });
    }
    expect(gates(removing(5, 1, { maxRemovals: 0 }))).toEqual(["blocked"]);
  });

  test("of a class, from ten objects on", () => {
    expect(gates(removing(10, 3, {}))).toEqual(["blocked"]);
    expect(gates(removing(9, 3, {}))).toEqual(["held"]);
    for (const { hazards } of removing(10, 3, {})) {
      expect(hazards.map(({ code }) => HAZARD_TITLES[code])).not.toContain(undefined);
    }
    expect(gates(removing(10, 3, { maxRemovalPercent: 30 }))).toEqual(["held"]);
    expect(removing(10, 3, {})[0]?.hazards.at(-1)?.detail).toBe(
      "3 of 10 in role@ go, 30 percent; the policy allows 25.",
    );
  });

  test("counts what goes, not what comes", () => {
    const { steps } = makePlan(
      planInput({ declared: ["A", "B"].map((name) => declare(`organization:${name}`)), policy: { maxRemovals: 1 } }),
    );
    expect(gates(steps)).toEqual(["open"]);
  });

  test("of a whole kind, where more of it goes than of one class", () => {
    const others = people(10).map((person) => person.replace("org-member:A/", "org-member:B/") as Address);
    const { steps } = makePlan(
      planInput({
        live: [
          live("organization:A"),
          live("organization:B"),
          ...[...people(10), ...others].map((person) => live(person, { role: "member" })),
        ],
        absent: Object.fromEntries([...people(3), ...others.slice(0, 9)].map((person) => [person, ABSENT])),
        policy: { maxRemovals: 100 },
      }),
    );
    const [first] = steps.filter(({ address }) => address.startsWith("org-member:A/"));
    expect(first?.gate).toMatchObject({ release: "--max-removal-percent 60" });
  });

  test("of the class in which the larger share goes, where there are several", () => {
    const others = people(30).map((person) => person.replace("org-member:A/", "org-member:B/") as Address);
    const { steps } = makePlan(
      planInput({
        live: [
          live("organization:A"),
          live("organization:B"),
          ...[...people(10), ...others].map((person) => live(person, { role: "member" })),
        ],
        absent: Object.fromEntries([...people(9), ...others.slice(0, 10)].map((person) => [person, ABSENT])),
        policy: { maxRemovals: 100 },
      }),
    );
    const releases = steps.map(({ address, gate }) => [address.slice(11, 12), "release" in gate && gate.release]);
    expect(new Set(releases.map(String))).toEqual(
      new Set(["A,--max-removal-percent 90", "B,--max-removal-percent 48"]),
    );
  });
});

describe("what a change is told to be", () => {
  const ORG = live("organization:A");
  const SPACE = live("space:A/x");

  test("by what goes with it", () => {
    const going = (...others: readonly Resource[]): readonly string[] =>
      tell({ live: [ORG, SPACE, ...others], absent: { "space:A/x": ABSENT } }).filter((text) => /^casc/u.test(text));
    const [p, q] = [live("project:A/x/p"), live("project:A/x/q")];
    expect(going()).toEqual([]);
    expect(going(p)).toEqual(["cascades: 1 other object goes with it."]);
    expect(going(p, q)).toEqual(["cascades: 2 other objects go with it."]);
    const member = live("org-member:A/ana@acme.io", { role: "member" });
    const binding = live("binding:A/x/p/ana@acme.io", { role: "role:R" });
    expect(
      tell({ live: [ORG, SPACE, p, member, binding], absent: { [member.address]: ABSENT } }).filter((text) =>
        text.startsWith("cascades"),
      ),
    ).toEqual(["cascades: 1 other object goes with it, or stays: the platform does not say."]);
  });

  test("by what it must leave alone", () => {
    const sample = { live: [ORG, SPACE, live("project:A/x/p")], absent: { "space:A/x": ABSENT } } as const;
    const told = (more: PlanSample): readonly string[] =>
      tell({ ...sample, ...more }).filter((text) => text.startsWith("protected"));
    expect(told({})).toEqual([]);
    expect(told({ protect: ["space:A/x"] })).toEqual(["protected: space:A/x is protected."]);
    expect(told({ protect: ["project:A/x/p"] })).toEqual(["protected: project:A/x/p is protected."]);
    expect(told({ ignore: ["project:A/x/p"] })).toEqual([
      'protected: project:A/x/p goes with it and is to be left alone ("ignore").',
    ]);
  });

  test("by what it must leave alone, which keeps nobody from changing it", () => {
    const sample = {
      live: [ORG, live("space:A/x", { description: "" })],
      declared: [declare(ORG.address), declare("space:A/x", { description: "new" })],
    };
    expect(tell({ ...sample, protect: ["space:A/x"] })).toEqual([]);
  });

  test("by who still uses it, which keeps nobody from changing it", () => {
    const sample = {
      live: [
        ORG,
        SPACE,
        live("project:A/x/p"),
        live("role:R", { permissions: { A_READ: true }, description: "" }),
        live("binding:A/x/p/a@acme.io", { role: "role:R" }),
      ],
      declared: [declare("role:R", { permissions: { A_READ: true }, description: "new" })],
    };
    expect(tell(sample).join()).not.toContain("in-use");
  });

  test("by what nobody sees", () => {
    const [first] = makePlan(
      planInput({
        live: [ORG, SPACE, live("user:ana@acme.io"), live("org-member:A/ana@acme.io", { role: "member" })],
        declared: [declare(ANA_IN_SPACE, { role: "member", also: null })],
        coverage: { "space-member": "unreadable" },
      }),
    ).steps;
    expect(first?.hazards).toContainEqual({
      code: "blind",
      detail: "What is there now cannot be seen: setting it may lower what somebody holds.",
    });
  });

  test("by losing access, told once", () => {
    const member = live("org-member:A/ana@acme.io", { role: "member" });
    const told = tell({ live: [ORG, live("user:ana@acme.io"), member], absent: { [member.address]: ABSENT } });
    expect(told.filter((text) => text.startsWith("removes-access"))).toHaveLength(1);
  });

  test("by who still uses it, a few by name", () => {
    const role = live("role:R", { permissions: { A_READ: true } });
    const holders = ["d", "a", "c", "b"].map((name) =>
      live(`binding:A/x/p/${name}@acme.io` as Address, { role: "role:R" }),
    );
    const told = (count: number): readonly string[] =>
      tell({
        live: [ORG, SPACE, live("project:A/x/p"), role, ...holders.slice(0, count)],
        absent: { "role:R": ABSENT },
      }).filter((text) => text.startsWith("in-use"));
    const at = (name: string): string => `binding:A/x/p/${name}@acme.io`;
    expect(told(0)).toEqual([]);
    expect(told(1)).toEqual([`in-use: ${at("d")} would still use it.`]);
    expect(told(3)).toEqual([`in-use: ${at("a")}, ${at("c")}, ${at("d")} would still use it.`]);
    expect(told(4)).toEqual([`in-use: ${at("a")}, ${at("b")}, ${at("c")} and 1 more would still use it.`]);
  });

  test("by what is missing", () => {
    expect(tell({ declared: [declare("org-member:A/ana@acme.io", { role: "member" })] })).toEqual(
      expect.arrayContaining([
        "must-exist: organization:A is not there, nor does the manifest make it.",
        "must-exist: user:ana@acme.io is not there, nor does the manifest make it.",
      ]),
    );
  });

  test("by why it cannot be made", () => {
    const [first] = tell({ declared: [declare("user:ana@acme.io")] });
    expect(first).toMatch(/^must-exist: It is not there\. \S/u);
  });

  test("by its being the first of its class", () => {
    const member = live("org-member:A/ana@acme.io", { role: "member" });
    const sample = { live: [ORG, member], managed: { "org-member@organization:A": "authoritative" } } as const;
    expect(tell(sample)).toContain("first-managed: org-member@organization:A was not managed authoritatively before.");
    const { managed: _, ...unmanaged } = sample;
    expect(tell({ ...unmanaged, absent: { [member.address]: ABSENT } }).join()).not.toContain("first-managed");
  });
});

describe("the key's own holder", () => {
  const me = live("org-member:A/caller@acme.io", { role: "member" });
  const told = (more: PlanSample): boolean =>
    tell({
      live: [live("organization:A"), live("user:caller@acme.io"), me],
      absent: { [me.address]: ABSENT },
      ...more,
    }).includes("locks-out: The key that would do this belongs to this very person.");

  test("is known by id, and by e-mail in any case", () => {
    expect(told({})).toBe(true);
    expect(told({ caller: { email: undefined } })).toBe(true);
    expect(told({ caller: { userId: undefined, email: "Caller@Acme.io" } })).toBe(true);
    expect(told({ caller: { userId: "another", email: "other@acme.io" } })).toBe(false);
    expect(told({ caller: { userId: "another", email: undefined } })).toBe(false);
    // The end of somebody else's e-mail is not theirs.
    expect(told({ caller: { userId: "another", email: "aller@acme.io" } })).toBe(false);
    expect(told({ caller: { userId: undefined, email: undefined } })).toBe(false);
    const nameless = live("user:caller@acme.io", {}, { remote: {} });
    const sample = { live: [live("organization:A"), nameless, me], caller: { userId: undefined, email: undefined } };
    expect(told(sample)).toBe(false);
  });

  test("is no thing that has the id of a person", () => {
    const role = live("role:R", { permissions: { A_READ: true } }, { remote: { id: "1" } });
    const sample = { live: [role], absent: { "role:R": ABSENT }, caller: { userId: "1" } } as const;
    expect(told(sample)).toBe(false);
  });

  test("is not lowered, and may be raised, added and renamed", () => {
    const admin = live(me.address, { role: "admin" });
    const user = live("user:caller@acme.io", { name: "" });
    const change = (was: readonly Resource[], spec: Resource["spec"], address: Address = me.address): boolean =>
      told({ live: [live("organization:A"), user, ...was], absent: {}, declared: [declare(address, spec)] });
    expect(change([admin], { role: "member" })).toBe(true);
    expect(change([me], { role: "admin" })).toBe(false);
    expect(change([], { role: "member" })).toBe(false);
    expect(change([], { name: "Cy" }, user.address)).toBe(false);
  });

  test("is not removed though its kind sees no danger in it, and may be added though it does", () => {
    const told = (sample: PlanSample, hazards: readonly Hazard[]): string => {
      const kinds = KINDS.map((kind) => ({ ...kind, hazardsOf: () => hazards }));
      const [first] = makePlan({ ...planInput(sample), kinds }).steps;
      return (first?.hazards ?? []).map(({ detail }) => detail).join();
    };
    const own = "belongs to this very person";
    const world = [live("organization:A"), live("user:caller@acme.io")];
    expect(told({ live: [...world, me], absent: { [me.address]: ABSENT } }, [])).toContain(own);
    const added = declare(me.address, { role: "member" });
    expect(told({ live: world, declared: [added] }, [{ code: "removes-access", detail: "x" }])).not.toContain(own);
  });

  test("is told apart from what they lose by a change", () => {
    const codes = tell({
      live: [live("organization:A"), live("user:caller@acme.io"), me],
      absent: { [me.address]: ABSENT },
    }).filter((text) => text.startsWith("locks-out"));
    expect(codes).toEqual([
      "locks-out: The key that would do this belongs to this very person.",
      "locks-out: The person whose key does this has less in organization:A.",
    ]);
  });
});
