import { describe, expect, test } from "vitest";
import type { Address } from "../../src/model/address.ts";
import type { Step } from "../../src/model/change.ts";
import type { RemoteRef, Spec } from "../../src/model/resource.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import { declare, live, type PlanSample, planInput } from "../support/plan-input.ts";

const ORG = "organization:Acme";
const SPACE = "space:Acme/alpha";
const PROJECT = "project:Acme/alpha/web";
const ANA = "user:ana@acme.io";
const ANA_IN_ORG = "org-member:Acme/ana@acme.io";
const ANA_IN_SPACE = "space-member:Acme/alpha/ana@acme.io";
const ANA_ON_PROJECT = "binding:Acme/alpha/web/ana@acme.io";
const RESTRICTION = "restriction:Acme/alpha/web";
const VIEWER = live("role:Project Viewer", { permissions: { PROJECT_READ: true } }, { builtin: true });

/** A small account that is in order. */
const PEACE = [
  live(ORG, { description: "" }),
  live(SPACE, { description: "", private: false }, { remote: { id: "s", organization: "o" } }),
  live(PROJECT),
  live(ANA, { name: "Ana", role: "member", developer: true }),
  live(ANA_IN_ORG, { role: "member" }, { remote: { organization: "o", user: "u" } }),
  live(ANA_IN_SPACE, { role: "member", also: null }, { remote: { space: "s", user: "u" } }),
  live(ANA_ON_PROJECT, { role: "role:Project Viewer" }),
  live(RESTRICTION),
  VIEWER,
];

function stepsOf(sample: PlanSample): readonly Step[] {
  return makePlan(planInput(sample)).steps;
}

function outline(steps: readonly Step[]): readonly string[] {
  return steps.map(({ op, address, gate }) => `${op} ${address} ${gate.state}`);
}

describe("what is planned", () => {
  test("nothing, when the account is as declared", () => {
    const declared = PEACE.filter(({ builtin }) => builtin !== true).map(({ address, spec }) => declare(address, spec));
    const plan = makePlan(planInput({ declared, live: PEACE }));
    expect(plan.steps).toEqual([]);
    expect(plan.unmanaged).toEqual({});
  });

  test("an empty account is filled from containers down, new projects are closed before people come, and all of it is open", () => {
    const declared = PEACE.filter(({ builtin }) => builtin !== true).map(({ address, spec }) => declare(address, spec));
    expect(outline(stepsOf({ declared: declared.toReversed(), live: [VIEWER] }))).toEqual([
      `create ${ORG} open`,
      `create ${SPACE} open`,
      `create ${ANA} open`,
      `create ${PROJECT} open`,
      `create ${RESTRICTION} open`,
      `create ${ANA_IN_ORG} open`,
      `create ${ANA_IN_SPACE} open`,
      `create ${ANA_ON_PROJECT} open`,
    ]);
  });

  test("a field the manifest does not write is not compared", () => {
    expect(stepsOf({ declared: [declare(ORG)], live: [live(ORG, { description: "by hand" })] })).toEqual([]);
  });

  test("a field that differs is an update that names it, its place in the manifest and the ids", () => {
    const [step] = stepsOf({
      declared: [declare(ORG, { description: "new" }, 7)],
      live: [live(ORG, { description: "old" })],
    });
    expect(step).toMatchObject({
      op: "update",
      reason: "fields-differ",
      source: "access.yaml:7:3",
      remote: { id: `id(${ORG})` },
      from: { description: "old" },
      to: { description: "new" },
      fields: [{ field: "description", from: "old", to: "new" }],
      gate: { state: "open" },
    });
  });

  test("a set tells what comes and what goes", () => {
    const [step] = stepsOf({
      declared: [declare("role:Eval", { permissions: { A_READ: true, C_READ: true } })],
      live: [live("role:Eval", { description: "", permissions: { A_READ: true, B_READ: true } })],
    });
    expect(step?.fields).toMatchObject([{ field: "permissions", added: ["C_READ"], removed: ["B_READ"] }]);
    expect(step?.gate).toEqual({ state: "held", by: ["removes-access"] });
  });

  test("an account role that differs is a note and never a change", () => {
    const plan = makePlan(
      planInput({ declared: [declare(ANA, { role: "admin" })], live: [live(ANA, { role: "member" })] }),
    );
    expect(plan.steps).toEqual([]);
    expect(plan.notes).toMatchObject([{ code: "AX308" }]);
  });

  test("what is not declared and not ours is counted, and left", () => {
    const plan = makePlan(planInput({ live: PEACE, managed: { "org-member@organization:Acme": "additive" } }));
    expect(plan.steps).toEqual([]);
    expect(plan.unmanaged).toEqual({
      organization: 1,
      space: 1,
      project: 1,
      user: 1,
      "org-member": 1,
      "space-member": 1,
      binding: 1,
      restriction: 1,
    });
  });

  test("no bot is counted among what is not managed, by whatever it is known; a class read only for its bots is", () => {
    const plan = makePlan(
      planInput({
        live: [
          live("organization:A"),
          live("org-member:A/bot@acme.io", { role: "member" }, { builtin: true }),
          live("org-member:A/ana@acme.io", { role: "member" }),
          live("user:ana@acme.io", { name: "Ana" }),
          live("user:bot@acme.io", { name: "Bot" }),
          live("role:Project Viewer", {}, { builtin: true }),
        ],
        declared: [declare("organization:A")],
        // A class that is read only to know who is a bot is managed additively, and counted like any other.
        managed: { "org-member@organization:A": "additive" },
      }),
    );
    expect(plan.unmanaged).toEqual({ "org-member": 1, user: 1 });
  });

  test("a declared absence is a deletion, and is silent once it is so", () => {
    expect(outline(stepsOf({ live: PEACE, absent: { [RESTRICTION]: "declared-absent" } }))).toEqual([
      `delete ${RESTRICTION} held`,
    ]);
    expect(stepsOf({ live: [], absent: { [RESTRICTION]: "declared-absent" } })).toEqual([]);
  });

  test("a grant whose time is over is a deletion with that reason", () => {
    expect(stepsOf({ live: PEACE, absent: { [ANA_ON_PROJECT]: "expired" } })).toMatchObject([
      { reason: "expired", op: "delete" },
    ]);
  });
});

describe("removal", () => {
  const managed = {
    "org-member@organization:Acme": "authoritative",
    "space-member@space:Acme/alpha": "authoritative",
  } as const;

  test("under authoritative management what is not declared goes, held", () => {
    const steps = stepsOf({ live: PEACE, managed: { "space-member@space:Acme/alpha": "authoritative" } });
    expect(outline(steps)).toEqual([`delete ${ANA_IN_SPACE} held`]);
    expect(steps[0]?.reason).toBe("no-longer-declared");
  });

  test("what a removal surely brings along is listed and not removed again", () => {
    const steps = stepsOf({ live: PEACE, managed });
    expect(outline(steps)).toEqual([`delete ${ANA_IN_ORG} held`]);
    expect(steps[0]?.cascade).toEqual([ANA_ON_PROJECT, ANA_IN_SPACE]);
  });

  test("what a removal may or may not bring along is removed first by a step of its own", () => {
    const steps = stepsOf({ live: PEACE, managed: { ...managed, "binding@project:Acme/alpha/web": "authoritative" } });
    expect(outline(steps)).toEqual([`delete ${ANA_ON_PROJECT} held`, `delete ${ANA_IN_ORG} held`]);
    expect(steps[1]?.dependsOn).toEqual([ANA_ON_PROJECT]);
  });

  test("a class that was not read completely loses nothing, and that is told", () => {
    const plan = makePlan(
      planInput({ live: PEACE, managed, coverage: { "org-member": "partial", "space-member": "unreadable" } }),
    );
    expect(plan.steps).toEqual([]);
    expect(plan.withheld).toEqual([ANA_IN_ORG, ANA_IN_SPACE]);
  });

  test("the first time a class is managed authoritatively is told on each removal", () => {
    const first = stepsOf({ live: PEACE, managed });
    expect(first[0]?.hazards.map(({ code }) => code)).toContain("first-managed");
    const later = stepsOf({ live: PEACE, managed, memory: { managed: new Set(["org-member@organization:Acme"]) } });
    expect(later[0]?.hazards.map(({ code }) => code)).not.toContain("first-managed");
  });

  test("bots and what belongs to the platform are never removed and never counted", () => {
    const bot = live("space-member:Acme/alpha/bot@x", { role: "member", also: null }, { builtin: true });
    const plan = makePlan(planInput({ live: [...PEACE.slice(0, 2), bot], managed }));
    expect(plan.steps).toEqual([]);
    expect(plan.unmanaged).not.toHaveProperty("space-member");
  });

  test("what is ignored is not removed, nor is anything that hangs on it", () => {
    expect(stepsOf({ live: PEACE, managed, ignore: [ORG] })).toEqual([]);
    expect(stepsOf({ live: PEACE, managed, ignore: [ANA] })).toEqual([]);
  });

  test("a container is not deleted over something that is ignored or protected", () => {
    const absent = { [SPACE]: "declared-absent" } as const;
    for (const sample of [{ ignore: [PROJECT] }, { protect: [ANA_IN_SPACE] }, { protect: ["space:Acme/*"] }]) {
      const [step] = stepsOf({ live: PEACE, absent, ...sample });
      expect(step?.gate).toMatchObject({ state: "blocked", by: ["protected"] });
    }
  });

  test("the holder of the key is not removed from anywhere, unless that gate is named", () => {
    const me = live("org-member:Acme/caller@acme.io", { role: "admin" });
    const sample = { live: [live(ORG), live("user:caller@acme.io"), me], managed, policy: { minAdmins: 0 } };
    expect(stepsOf(sample)[0]?.gate).toEqual({ state: "blocked", by: ["locks-out"], release: "--allow locks-out" });
    expect(stepsOf({ ...sample, limits: { allow: ["locks-out"] } })[0]?.gate.state).toBe("held");
  });

  test("where nobody knows whose the key is, a removal is held like any other", () => {
    const caller = { userId: undefined, email: undefined };
    const steps = stepsOf({ live: [live(ORG), live(ANA), live(ANA_IN_ORG)], managed, caller });
    expect(outline(steps)).toEqual([`delete ${ANA_IN_ORG} held`]);
  });

  test("a role is not deleted while somebody who stays holds it, and after them when they change", () => {
    const held = [
      live("role:Eval", { permissions: { A_READ: true } }),
      ...PEACE.slice(0, 3),
      live(ANA),
      live(ANA_ON_PROJECT, { role: "role:Eval" }),
    ];
    const absent = { "role:Eval": "declared-absent" } as const;
    expect(stepsOf({ live: held, absent })[0]?.gate).toMatchObject({ state: "blocked", by: ["in-use"] });
    const steps = stepsOf({
      live: [...held, VIEWER],
      absent,
      declared: [declare(ANA_ON_PROJECT, { role: "role:Project Viewer" })],
    });
    expect(outline(steps)).toEqual([`update ${ANA_ON_PROJECT} held`, "delete role:Eval held"]);
    expect(steps[1]?.dependsOn).toEqual([ANA_ON_PROJECT]);
  });

  test("too many removals are blocked together, with the flag that lets exactly so many through", () => {
    const people = Array.from({ length: 11 }, (_, index) =>
      live(`org-member:Acme/p${index}@acme.io`, { role: "member" }),
    );
    const sample: PlanSample = { live: [live(ORG), ...people], managed, policy: { maxRemovalPercent: 100 } };
    for (const step of stepsOf(sample)) {
      expect(step.gate).toEqual({ state: "blocked", by: ["mass-removal"], release: "--max-removals 11" });
    }
    expect(stepsOf({ ...sample, limits: { maxRemovals: 11 } }).every(({ gate }) => gate.state === "held")).toBe(true);
    // Too many and too large a share at once: both flags are told.
    expect(stepsOf({ ...sample, policy: {} })[0]?.gate).toMatchObject({
      release: "--max-removals 11 --max-removal-percent 100",
    });
  });

  test("too large a share of a class of ten or more is blocked, of a smaller class it is not", () => {
    const sample = (size: number): PlanSample => {
      const people = Array.from({ length: size }, (_, index) => `org-member:Acme/p${index}@acme.io` as const);
      return {
        live: [live(ORG), ...people.map((person) => live(person, { role: "member" }))],
        declared: people.slice(3).map((person) => declare(person, { role: "member" })),
        managed,
      };
    };
    expect(stepsOf(sample(11)).map(({ gate }) => gate)).toEqual(
      Array.from({ length: 3 }, () => ({
        state: "blocked",
        by: ["mass-removal"],
        release: "--max-removal-percent 28",
      })),
    );
    expect(stepsOf(sample(9)).every(({ gate }) => gate.state === "held")).toBe(true);
    expect(stepsOf(sample(12)).every(({ gate }) => gate.state === "held")).toBe(true);
  });
});

test("bots that go with their organization are no share of what axcess manages", () => {
  const bots = Array.from({ length: 12 }, (_, index) => live(`org-member:Acme/b${index}@bots`, {}, { builtin: true }));
  const steps = stepsOf({ live: [live(ORG), ...bots], absent: { [ORG]: "declared-absent" } });
  expect(steps).toMatchObject([{ cascade: bots.map(({ address }) => address).sort(), gate: { state: "held" } }]);
});

test("bots beside people who go with their organization make the share no larger than all of them", () => {
  const members = Array.from({ length: 10 }, (_, index) =>
    live(`org-member:Acme/p${index}@acme.io`, { role: "member" }),
  );
  const bots = Array.from({ length: 2 }, (_, index) => live(`org-member:Acme/b${index}@bots`, {}, { builtin: true }));
  const sample: PlanSample = { live: [live(ORG), ...members, ...bots], absent: { [ORG]: "declared-absent" } };
  const limits = { maxRemovals: 100 };
  const [blocked] = stepsOf({ ...sample, limits });
  expect(blocked?.gate).toMatchObject({ state: "blocked", release: "--max-removal-percent 100" });
  expect(blocked?.hazards.find(({ code }) => code === "mass-removal")?.detail).toMatch(/^10 of 10 in org-member/u);
  expect(stepsOf({ ...sample, limits, policy: { maxRemovalPercent: 100 } })[0]?.gate.state).toBe("held");
});

test("what goes along with two deletions is counted once in the share that goes", () => {
  const people = Array.from({ length: 10 }, (_, index) => `p${index}@acme.io`);
  const steps = stepsOf({
    live: [
      live(ORG),
      live(SPACE),
      ...people.map((person) => live(`org-member:Acme/${person}`, { role: "member" })),
      ...people.map((person) => live(`space-member:Acme/alpha/${person}`, { role: "member", also: null })),
    ],
    managed: { "org-member@organization:Acme": "authoritative", "space@organization:Acme": "authoritative" },
    policy: { maxRemovals: 100, maxRemovalPercent: 100 },
  });
  expect(steps.map(({ gate }) => gate.state)).toEqual(steps.map(() => "held"));
});

test("no flag passes what is protected, in use, or missing", () => {
  const allow = ["protected", "in-use", "must-exist"] as const;
  const absent = { [SPACE]: "declared-absent" } as const;
  expect(stepsOf({ live: PEACE, absent, protect: [SPACE], limits: { allow } })[0]?.gate.state).toBe("blocked");
  expect(stepsOf({ declared: [declare(ANA)], limits: { allow } })[0]?.gate.state).toBe("blocked");
});

test("the holder of the key is not lowered either", () => {
  const me = "org-member:Acme/caller@acme.io";
  const [step] = stepsOf({
    live: [live(ORG), live("user:caller@acme.io"), live(me, { role: "admin" })],
    declared: [declare(me, { role: "member" })],
    policy: { minAdmins: 0 },
  });
  expect(step?.gate).toEqual({ state: "blocked", by: ["locks-out"], release: "--allow locks-out" });
});

describe("admins that must remain", () => {
  const [me, other] = [live("user:ben@acme.io"), live("user:cy@acme.io")];
  const admins = [me, other].map(({ address }) => live(`org-member:Acme/${address.slice(5)}`, { role: "admin" }));
  const sample: PlanSample = {
    live: [live(ORG), me, other, ...admins],
    declared: [declare("org-member:Acme/cy@acme.io", { role: "member" })],
  };

  test("block the step that takes one too many, until the flag that says how many are enough", () => {
    const [step] = stepsOf(sample);
    expect(step?.hazards.at(-1)).toEqual({
      code: "last-admin",
      detail: "organization:Acme would be left with 1 active admin; the policy asks for 2.",
    });
    expect(step?.gate).toEqual({ state: "blocked", by: ["last-admin"], release: "--min-admins 1" });
    expect(stepsOf({ ...sample, limits: { minAdmins: 1 } })[0]?.gate.state).toBe("held");
    expect(stepsOf({ ...sample, policy: { minAdmins: 1 } })[0]?.gate.state).toBe("held");
  });

  test("are counted with what goes along with a deletion", () => {
    const [step] = stepsOf({ ...sample, declared: [], absent: { "user:cy@acme.io": "declared-absent" } });
    expect(step?.address).toBe("user:cy@acme.io");
    expect(step?.gate).toMatchObject({ state: "blocked", by: ["last-admin"], release: "--min-admins 1" });
  });
});

test("an account role that no call can set is not taken for set", () => {
  const people = ["ana", "ben"].map((name) => live(`user:${name}@acme.io`, { name, role: "admin", developer: true }));
  const [step] = stepsOf({ declared: [declare(ANA, { name: "Ana", role: "member" })], live: people });
  expect(step?.fields.map(({ field }) => field)).toEqual(["name"]);
  expect(step?.gate).toEqual({ state: "open" });
});

test("the reason a grant is given for stands in its step", () => {
  const grant = declare(ANA_IN_ORG, { role: "member" });
  const origin = { ...grant.origin, reason: "on the rota" } as typeof grant.origin;
  expect(stepsOf({ declared: [{ ...grant, origin }], live: [live(ORG), live(ANA)] })[0]?.justification).toBe(
    "on the rota",
  );
});

describe("what cannot be made", () => {
  test("a person of whom the manifest says too little must exist", () => {
    const [step] = stepsOf({ declared: [declare(ANA)] });
    expect(step?.gate).toMatchObject({ state: "blocked", by: ["must-exist"] });
  });

  test("a grant to somebody, or of a role, that nobody has is blocked and says which", () => {
    const [step] = stepsOf({
      declared: [declare(ANA_ON_PROJECT, { role: "role:Nope" })],
      live: [live(ORG), live(SPACE), live(PROJECT)],
    });
    expect(step?.hazards.map(({ detail }) => detail)).toEqual([
      "The role Nope is given.",
      `${ANA} is not there, nor does the manifest make it.`,
      "role:Nope is not there, nor does the manifest make it.",
    ]);
  });
});

describe("what cannot be seen", () => {
  const unread = { "space-member": "unreadable" } as const;

  test("a member of an old space of an old person is ensured, and held, because it may lower what they have", () => {
    const declared = [declare(ANA_IN_SPACE, { role: "member", also: null })];
    const [step] = stepsOf({ declared, live: PEACE.slice(0, 5), coverage: unread });
    expect(step).toMatchObject({ op: "create", reason: "ensure", gate: { state: "held", by: ["blind"] } });
  });

  test("a member of a space that is being made is simply added", () => {
    const declared = [declare(SPACE), declare(ANA_IN_SPACE, { role: "member", also: null })];
    const steps = stepsOf({ declared, live: [live(ORG), live(ANA)], coverage: unread });
    expect(steps.map(({ gate }) => gate.state)).toEqual(["open", "open"]);
  });

  test("what axcess wrote last stands in for what cannot be seen, as long as the ids are the same", () => {
    const declared = [declare(ANA_IN_SPACE, { role: "member", also: null })];
    const written = (remote: Readonly<Record<string, string>>): PlanSample => ({
      declared,
      live: PEACE.slice(0, 5),
      coverage: unread,
      memory: { lastWritten: new Map([[ANA_IN_SPACE, { spec: { role: "member", also: null }, remote }]]) },
    });
    const plan = makePlan(planInput(written({ space: "s", user: `id(${ANA})` })));
    expect(plan.steps).toEqual([]);
    expect(plan.notes).toMatchObject([{ code: "AX307" }]);
    expect(stepsOf(written({ space: "another", user: `id(${ANA})` }))).toHaveLength(1);
  });

  test("what axcess wrote last says nothing where the container cannot be seen either", () => {
    const plan = planInput({
      declared: [declare(ANA_IN_SPACE, { role: "member", also: null })],
      live: [live(ORG), live(ANA)],
      coverage: { ...unread, space: "unreadable" },
      memory: {
        lastWritten: new Map([
          [ANA_IN_SPACE, { spec: { role: "member", also: null }, remote: { space: "s", user: `id(${ANA})` } }],
        ]),
      },
    });
    expect(makePlan(plan).steps).toMatchObject([{ op: "create", gate: { state: "blocked", by: ["must-exist"] } }]);
  });

  test("an organization role that the server does not show is compared with the one written last", () => {
    const hidden = live(ANA_IN_ORG, {}, { unknown: ["role"], remote: { organization: "o", user: "u" } });
    const sample = (role: string | undefined): PlanSample => ({
      declared: [declare(ANA_IN_ORG, { role: "admin" })],
      live: [live(ORG), live(ANA), hidden],
      memory:
        role === undefined
          ? {}
          : { lastWritten: new Map([[ANA_IN_ORG, { spec: { role }, remote: { organization: "o", user: "u" } }]]) },
    });
    expect(stepsOf(sample("admin"))).toEqual([]);
    expect(stepsOf(sample("member"))).toMatchObject([
      { fields: [{ field: "role", from: "member", to: "admin" }], gate: { state: "open" } },
    ]);
    expect(stepsOf(sample(undefined))).toMatchObject([{ op: "update", gate: { state: "held", by: ["blind"] } }]);
  });

  test("somebody covered by an inherited admin right is ensured once, openly, and then left", () => {
    const declared = [declare(ANA_IN_SPACE, { role: "admin", also: null })];
    const sample: PlanSample = { declared, live: PEACE.slice(0, 5), covered: [ANA_IN_SPACE] };
    expect(stepsOf(sample)).toMatchObject([{ op: "create", reason: "ensure", gate: { state: "open" } }]);
    const written = { spec: { role: "admin", also: null }, remote: { space: "s", user: `id(${ANA})` } };
    expect(stepsOf({ ...sample, memory: { lastWritten: new Map([[ANA_IN_SPACE, written]]) } })).toEqual([]);
  });

  test("what an inherited admin right hides is ensured, but what axcess gave there before is not lowered unseen", () => {
    const declared = [declare(ANA_IN_SPACE, { role: "member", also: null })];
    const sample: PlanSample = { declared, live: PEACE.slice(0, 5), covered: [ANA_IN_SPACE] };
    const given = { spec: { role: "admin", also: null }, remote: { space: "s", user: `id(${ANA})` } };
    expect(stepsOf(sample)).toMatchObject([{ reason: "ensure", gate: { state: "open" } }]);
    const [step] = stepsOf({ ...sample, memory: { lastWritten: new Map([[ANA_IN_SPACE, given]]) } });
    expect(step).toMatchObject({ op: "create", reason: "ensure", gate: { state: "held", by: ["blind"] } });
  });
});

describe("renames", () => {
  test("an organization is renamed, and nothing in it is made again", () => {
    const moved = (address: string): `${string}:${string}` => address.replace("Acme", "New") as `${string}:${string}`;
    const declared = PEACE.filter(({ kind }) => kind !== "role").map(({ address, spec }) =>
      declare(moved(address), spec),
    );
    const steps = stepsOf({ declared, live: PEACE, renames: { "organization:New": [ORG] } });
    expect(steps).toMatchObject([
      {
        op: "update",
        address: "organization:New",
        renamedFrom: ORG,
        reason: "renamed",
        fields: [{ field: "name", from: "Acme", to: "New" }],
        remote: { id: `id(${ORG})` },
      },
    ]);
  });

  test("a renamed role is the same role to those who hold it", () => {
    const steps = stepsOf({
      declared: [declare("role:New"), declare(ANA_ON_PROJECT, { role: "role:New" })],
      live: [
        live("role:Old", { permissions: { A: true } }),
        ...PEACE.slice(0, 4),
        live(ANA_ON_PROJECT, { role: "role:Old" }),
      ],
      renames: { "role:New": ["role:Old"] },
    });
    expect(steps.map(({ address }) => address)).toEqual(["role:New"]);
  });

  test("what was not read whole is still not whole under its new name", () => {
    const plan = makePlan(
      planInput({
        declared: [declare("organization:New")],
        live: [live(ORG), live(SPACE), live("organization:Other")],
        renames: { "organization:New": [ORG] },
        managed: { "organization@": "authoritative", "space@organization:New": "authoritative" },
        coverage: { "organization@": "partial", [`space@${ORG}`]: "partial" },
      }),
    );
    expect(plan.steps.map(({ address }) => address)).toEqual(["organization:New"]);
    expect(plan.withheld).toEqual(["organization:Other", "space:New/alpha"]);
  });

  test("where both names are taken nothing is renamed, and that is told", () => {
    const plan = makePlan(
      planInput({
        declared: [declare("role:New")],
        live: [live("role:Old"), live("role:New")],
        renames: { "role:New": ["role:Old"] },
      }),
    );
    expect(plan.steps).toEqual([]);
    expect(plan.notes).toMatchObject([{ code: "AX306" }]);
  });
});

test("a change of a space role that has to delete is held, whatever the new role gives", () => {
  const roles = [
    live("role:Small", { permissions: { A: true } }),
    live("role:Big", { permissions: { A: true, B: true } }),
  ];
  const gateOf = (remote: Readonly<Record<string, string>>): string | undefined =>
    stepsOf({
      live: [...PEACE.slice(0, 5), ...roles, live(ANA_IN_SPACE, { role: "role:Small", also: null }, { remote })],
      declared: [declare(ANA_IN_SPACE, { role: "role:Big", also: null })],
    })[0]?.gate.state;
  expect(gateOf({ space: "s", user: "u", binding: "b" })).toBe("open");
  // The list of bindings does not show it, so it cannot be changed in place.
  expect(gateOf({ space: "s", user: "u" })).toBe("held");
});

describe("order", () => {
  test("bindings before the restriction; the restriction is lifted before they go", () => {
    const base = PEACE.filter(({ kind }) => kind !== "binding" && kind !== "restriction");
    const restrict = stepsOf({
      live: base,
      declared: [declare(RESTRICTION), declare(ANA_ON_PROJECT, { role: "role:Project Viewer" })],
    });
    expect(restrict.map(({ kind }) => kind)).toEqual(["binding", "restriction"]);
    const open = stepsOf({
      live: PEACE,
      absent: { [ANA_ON_PROJECT]: "declared-absent", [RESTRICTION]: "declared-absent" },
    });
    expect(open.map(({ kind }) => kind)).toEqual(["restriction", "binding"]);
    expect(open[1]?.dependsOn).toEqual([RESTRICTION]);
  });

  test("entries in spaces are set before an organization admin right hides them or goes, and wait for no other role", () => {
    const order = (from: string, to: string): readonly string[] =>
      stepsOf({
        live: [
          ...PEACE.slice(0, 4),
          live(ANA_IN_ORG, { role: from }),
          live(ANA_IN_SPACE, { role: "member", also: null }),
        ],
        declared: [declare(ANA_IN_ORG, { role: to }), declare(ANA_IN_SPACE, { role: "admin", also: null })],
      }).map(({ kind }) => kind);
    expect(order("member", "admin")).toEqual(["space-member", "org-member"]);
    expect(order("admin", "member")).toEqual(["space-member", "org-member"]);
    expect(order("read-only", "member")).toEqual(["org-member", "space-member"]);
  });

  test("people are let in before a space is made private, and making it private is held", () => {
    const bob = "org-member:Acme/bob@acme.io";
    const sample: PlanSample = {
      live: [
        ...PEACE.filter(({ kind }) => kind !== "space-member"),
        live("user:bob@acme.io"),
        live(bob, { role: "member" }),
      ],
      declared: [declare(SPACE, { private: true }), declare(ANA_IN_SPACE, { role: "member", also: null })],
    };
    const steps = stepsOf(sample);
    expect(outline(steps)).toEqual([`create ${ANA_IN_SPACE} open`, `update ${SPACE} held`]);
    expect(steps[1]?.dependsOn).toEqual([ANA_IN_SPACE]);
    expect(steps[1]?.loses).toEqual(["user:bob@acme.io"]);
  });

  test("making a space private that nobody loses is open", () => {
    const steps = stepsOf({ live: PEACE, declared: [declare(SPACE, { private: true })] });
    expect(outline(steps)).toEqual([`update ${SPACE} open`]);
  });
});

describe("gates by policy", () => {
  const sample: PlanSample = { declared: [declare(ANA_IN_ORG, { role: "admin" })], live: [live(ORG), live(ANA)] };

  test("a hazard the policy holds is held, one it forbids is blocked until the flag that names it", () => {
    expect(stepsOf({ ...sample, policy: { hold: ["widens-access"] } })[0]?.gate).toEqual({
      state: "held",
      by: ["widens-access"],
    });
    expect(stepsOf({ ...sample, policy: { forbid: ["widens-access"] } })[0]?.gate).toEqual({
      state: "blocked",
      by: ["widens-access"],
      release: "--allow widens-access",
    });
    const allowed = {
      ...sample,
      policy: { forbid: ["widens-access"] as const },
      limits: { allow: ["widens-access"] as const },
    };
    expect(stepsOf(allowed)[0]?.gate.state).toBe("open");
  });
});

describe("a part of a plan", () => {
  const declared = [
    declare(ORG),
    declare("organization:Other"),
    declare(SPACE),
    declare(ANA, { name: "A", role: "member" }),
    declare(ANA_IN_ORG, { role: "member" }),
  ];

  test("a target brings what must be made first, and nothing else", () => {
    expect(stepsOf({ declared, limits: { targets: [ANA_IN_ORG] } }).map(({ address }) => address)).toEqual([
      ORG,
      ANA,
      ANA_IN_ORG,
    ]);
  });

  test("a target brings nothing that is there already", () => {
    const sample: PlanSample = { declared, live: [live(ORG), live(ANA)], limits: { targets: [ANA_IN_ORG] } };
    expect(stepsOf(sample).map(({ address }) => address)).toEqual([ANA_IN_ORG]);
  });

  test("a target may be what goes", () => {
    const absent = { [ANA_IN_ORG]: "declared-absent", "organization:Other": "declared-absent" } as const;
    const present = [live(ORG), live(ANA), live(ANA_IN_ORG), live("organization:Other")];
    expect(outline(stepsOf({ live: present, absent, limits: { targets: [ANA_IN_ORG] } }))).toEqual([
      `delete ${ANA_IN_ORG} held`,
    ]);
  });

  test("an exclusion takes along what cannot be made without it", () => {
    expect(stepsOf({ declared, limits: { excludes: [ORG] } }).map(({ address }) => address)).toEqual([
      "organization:Other",
      ANA,
    ]);
  });
});

describe("ids and digests", () => {
  const sample: PlanSample = { live: PEACE, absent: { [ANA_ON_PROJECT]: "declared-absent" } };
  const idOf = (changed: PlanSample): string | undefined => stepsOf(changed)[0]?.id;

  test("an id stays when something else changes, and dies when the state beneath it moves", () => {
    expect(idOf({ ...sample, live: [...PEACE, live("organization:Other")] })).toBe(idOf(sample));
    const other = PEACE.map((resource) =>
      resource.address === ANA_ON_PROJECT ? live(ANA_ON_PROJECT, { role: "role:Project Admin" }) : resource,
    );
    expect(idOf({ ...sample, live: other })).not.toBe(idOf(sample));
    const again = PEACE.map((resource) =>
      resource.address === ANA_ON_PROJECT
        ? live(ANA_ON_PROJECT, resource.spec, { remote: { id: "made again" } })
        : resource,
    );
    expect(idOf({ ...sample, live: again })).not.toBe(idOf(sample));
  });

  test("the digest is over everything but what the clock decides", () => {
    const input = planInput(sample);
    const lapses = [{ address: ANA_IN_ORG, expires: "2027-01-01T00:00:00Z", source: "access.yaml:1:1" }] as const;
    expect(makePlan({ ...input, desired: { ...input.desired, lapses } }).digest).toBe(makePlan(input).digest);
    expect(makePlan({ ...input, account: { url: "https://other" } }).digest).not.toBe(makePlan(input).digest);
  });
});

test("the order in which grants lapse or names changed in the manifest changes no byte", () => {
  const input = planInput({ declared: [declare(ORG), declare("role:New")], live: [live("role:Old")] });
  const lapses = [
    { address: ANA_ON_PROJECT, expires: "2026-12-01T00:00:00Z", source: "access.yaml:2:1" },
    { address: ANA_IN_ORG, expires: "2026-12-02T00:00:00Z", source: "access.yaml:1:1" },
  ] as const;
  const renames: readonly (readonly [Address, readonly Address[]])[] = [
    ["role:New", ["role:Old"]],
    [ORG, ["organization:Former"]],
  ];
  const plan = makePlan({ ...input, desired: { ...input.desired, lapses, renames: new Map(renames) } });
  expect(plan.lapses).toEqual(lapses);
  const turned = { lapses: lapses.toReversed(), renames: new Map(renames.toReversed()) };
  expect(makePlan({ ...input, desired: { ...input.desired, ...turned } })).toEqual(plan);
});

test("a class managed authoritatively that was not read whole is named, unless its container is still to be made", () => {
  const managed = { "space-member@space:Acme/alpha": "authoritative" } as const;
  const incompleteOf = (sample: PlanSample): readonly string[] =>
    makePlan(planInput({ managed, ...sample })).incomplete;
  expect(incompleteOf({ live: PEACE })).toEqual([]);
  expect(incompleteOf({ live: PEACE, coverage: { "space-member": "unreadable" } })).toEqual(Object.keys(managed));
  expect(incompleteOf({ live: PEACE.slice(0, 1), coverage: { "space-member": "unreadable" } })).toEqual([]);
  const additive = { "space-member@space:Acme/alpha": "additive" } as const;
  expect(incompleteOf({ live: PEACE, managed: additive, coverage: { "space-member": "partial" } })).toEqual([]);
});

describe("what shows a secret", () => {
  const KEY = "service-key:Acme/alpha/ci";
  const remote = { id: "k", space: "s" };
  const HIDDEN = ["rotation", "secret", "role"];
  const key = live(KEY, { expires: "2027-01-01T00:00:00Z" }, { remote, unknown: HIDDEN });
  const written = { role: "member", expires: "2027-01-01T00:00:00Z", secret: "file a" };
  const remember = (spec: Spec) => ({
    lastWritten: new Map<Address, { spec: Spec; remote: RemoteRef }>([[KEY, { spec, remote }]]),
  });
  const wanted = (spec: Record<string, string> = {}) => ({
    ...declare(KEY, { ...written, ...spec }),
    renewal: { grace_seconds: "60" },
  });

  test("is renewed from the day on that the clock says, openly, with what the write needs beside", () => {
    const sample = {
      declared: [wanted({ rotation: "2026-12-18T00:00:00Z" })],
      live: [...PEACE, key],
      memory: remember(written),
    };
    expect(stepsOf(sample)).toMatchObject([
      {
        op: "update",
        reason: "rotates",
        gate: { state: "open" },
        fields: [{ field: "rotation", to: "2026-12-18T00:00:00Z" }],
        creation: { grace_seconds: "60" },
      },
    ]);
    expect(stepsOf({ ...sample, memory: remember({ ...written, rotation: "2026-12-18T00:00:00Z" }) })).toEqual([]);
  });

  test("is renewed blindly, and therefore held, where nobody knows who has the secret", () => {
    const plan = makePlan(planInput({ declared: [wanted()], live: [...PEACE, key] }));
    expect(plan.steps).toMatchObject([{ fields: [{ field: "secret" }], gate: { state: "held", by: ["blind"] } }]);
    expect(plan.notes.map(({ code, detail }) => [code, detail])).toEqual([
      ["AX311", `${KEY} shall have role "member"; the platform does not show it, and no call can change it.`],
    ]);
  });

  test("binds the plan to how long an old secret still counts", () => {
    const [short, long] = ["60", "3600"].map((seconds) =>
      makePlan(planInput({ declared: [{ ...wanted(), renewal: { grace_seconds: seconds } }], live: [key] })),
    );
    expect(short?.basis.desired).not.toBe(long?.basis.desired);
  });

  test("is blocked where a further space is neither there nor made", () => {
    const declared = declare(KEY, { ...written, also_in: { "space:Acme/none": "member" } });
    expect(stepsOf({ declared: [declared], live: PEACE })).toMatchObject([
      {
        op: "create",
        gate: { state: "blocked", by: ["must-exist"] },
        hazards: expect.arrayContaining([
          { code: "must-exist", detail: "space:Acme/none is not there, nor does the manifest make it." },
        ]),
      },
    ]);
  });
});
