import { describe, expect, test } from "vitest";
import type { Step } from "../../src/model/change.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import type { Weighed } from "../../src/plan/weigh-access.ts";
import { declare, live, planInput } from "../support/plan-input.ts";
import { weighSample } from "../support/weigh-sample.ts";

const ACCOUNT = [
  live("role:Reader", { permissions: { P: true } }),
  live("role:Writer", { permissions: { P: true, Q: true } }),
  live("organization:A"),
  live("space:A/x", { private: true }),
  live("project:A/x/p"),
  ...["ana", "ben"].flatMap((name) => [
    live(`user:${name}`),
    live(`org-member:A/${name}`, { role: "member" }),
    live(`space-member:A/x/${name}`, { role: "role:Reader", also: null }),
  ]),
];

describe("what people need of the order", () => {
  const { waitsFor } = weighSample(
    planInput({
      live: ACCOUNT,
      declared: [
        declare("role:Reader", { permissions: { P: true } }),
        declare("restriction:A/x/p"),
        declare("binding:A/x/p/ana", { role: "role:Reader" }),
        declare("user:cy"),
        { ...declare("org-member:A/cy", { role: "member" }) },
        declare("space-member:A/x/cy", { role: "role:Reader", also: null }),
      ],
    }),
  );

  test("is added to what must be anyway", () => {
    expect(waitsFor("restriction:A/x/p")).toContain("binding:A/x/p/ana");
    expect(waitsFor("space-member:A/x/cy")).toContain("org-member:A/cy");
  });

  test("is nothing for what does not change", () => {
    expect(waitsFor("space:A/x")).toEqual([]);
  });
});

test("whoever is to keep what they have changes roles before the old role is emptied", () => {
  const { waitsFor } = weighSample(
    planInput({
      live: ACCOUNT,
      declared: [
        declare("role:Reader", { permissions: {} }),
        declare("space-member:A/x/ana", { role: "role:Writer", also: null }),
      ],
    }),
  );
  expect(waitsFor("role:Reader")).toEqual(["space-member:A/x/ana"]);
});

test("an admin is given before another is taken, where too few would remain in between", () => {
  const admins = ["ana", "ben"].map((name) => live(`org-member:A/${name}`, { role: "admin" }));
  const change = (minAdmins: number): readonly string[] =>
    weighSample(
      planInput({
        live: [live("organization:A"), live("user:ana"), live("user:ben"), live("user:cy"), ...admins],
        declared: [
          declare("organization:A"),
          declare("org-member:A/ben", { role: "member" }),
          declare("org-member:A/cy", { role: "admin" }),
        ],
        policy: { minAdmins },
      }),
    ).waitsFor("org-member:A/ben");
  expect(change(2)).toEqual(["org-member:A/cy"]);
  expect(change(1)).toEqual([]);
});

test("an approval is for exactly those who lose, those among them whom no sentence names", () => {
  const planFor = (names: readonly string[]): Step | undefined =>
    makePlan(
      planInput({
        live: [
          live("organization:A"),
          live("space:A/x", { private: true }),
          live("project:A/x/p"),
          ...names.flatMap((name) => [
            live(`user:${name}`),
            live(`org-member:A/${name}`, { role: "member" }),
            live(`space-member:A/x/${name}`, { role: "member", also: null }),
          ]),
        ],
        declared: [declare("restriction:A/x/p")],
      }),
    ).steps[0];
  const five = ["a1", "a2", "a3", "a4", "a5"];
  const [one, other] = [planFor([...five, "ben"]), planFor([...five, "cy"])];
  expect(one?.hazards).toEqual(other?.hazards);
  expect(one?.loses).toHaveLength(6);
  expect(one?.id).not.toBe(other?.id);
  expect(planFor([...five, "ben"])?.id).toBe(one?.id);
});

describe("where no order avoids a bad moment", () => {
  /** Two roles trade contents and two people trade roles: everybody keeps what they have, and each change comes too early for somebody. */
  const weighed = weighSample(
    planInput({
      live: [
        live("role:Reader", { permissions: { P: true } }),
        live("role:Writer", { permissions: { Q: true } }),
        ...ACCOUNT.filter(({ kind, address }) => kind !== "role" && address !== "space-member:A/x/ben"),
        live("space-member:A/x/ben", { role: "role:Writer", also: null }),
      ],
      declared: [
        declare("role:Reader", { permissions: { Q: true } }),
        declare("role:Writer", { permissions: { P: true } }),
        declare("space-member:A/x/ana", { role: "role:Writer", also: null }),
        declare("space-member:A/x/ben", { role: "role:Reader", also: null }),
      ],
    }),
  );

  test("it is told for each person and place, and in the hazard with the first of them and how many more", () => {
    expect(new Set(weighed.moments.map(({ is, person }) => `${is} ${person}`))).toEqual(
      new Set(["excess user:ana", "excess user:ben"]),
    );
    const told = [...weighed.hazards].flatMap(([address, hazards]) =>
      hazards.map(({ code, detail }) => `${address} ${code}: ${detail}`),
    );
    const sentence = (name: string): string =>
      `exposes: No order avoids that for a moment ${name} has ${name === "ana" ? "Q" : "P"} in project:A/x/p, which is so neither before nor after. 1 more such case.`;
    expect(told).toEqual([
      `role:Reader ${sentence("ana")}`,
      `role:Writer ${sentence("ben")}`,
      `space-member:A/x/ana ${sentence("ana")}`,
      `space-member:A/x/ben ${sentence("ben")}`,
    ]);
  });
});

describe("what an admin right hides", () => {
  const people = [live("user:ana", { role: "member" }), live("user:ben", { role: "member" })];
  const places = [live("organization:A"), live("space:A/x", { private: true })];
  const admins = [live("org-member:A/ana", { role: "admin" }), live("org-member:A/ben", { role: "admin" })];
  const sample = {
    live: [...people, ...places, ...admins],
    covered: ["space-member:A/x/ana", "space-member:A/x/ben"] as const,
    policy: { minAdmins: 0 },
  };
  const lines = (weighed: Weighed): readonly string[] =>
    weighed.access.shifts.map(
      ({ person, place, before, after }) => `${person} ${place} ${before.roles} ${after.roles}`,
    );

  test("stays where only that right goes, as far as anybody knows", () => {
    const lowered = weighSample(planInput({ ...sample, declared: [declare("org-member:A/ana", { role: "member" })] }));
    expect(lines(lowered)).toContain("user:ana space:A/x admin ?");
  });

  test("may also be nothing: where the organization role then counts, the space opens before the right goes", () => {
    const lowered = weighSample(
      planInput({
        ...sample,
        declared: [declare("org-member:A/ana", { role: "member" }), declare("space:A/x", { private: false })],
      }),
    );
    expect(lowered.waitsFor("org-member:A/ana")).toEqual(["space:A/x"]);
    expect(lowered.waitsFor("space:A/x")).toEqual([]);
    expect(lowered.moments).toEqual([]);
  });

  test("asks for one order once, where it is the same whether something is hidden or not", () => {
    const bound = weighSample(
      planInput({
        ...sample,
        live: [
          ...[...people, ...admins, live("organization:A"), live("space:A/x", { private: false })],
          ...[live("project:A/x/p"), live("role:Reader", { permissions: { P: true } })],
        ],
        declared: [
          declare("org-member:A/ana", { role: "member" }),
          declare("restriction:A/x/p"),
          declare("binding:A/x/p/ana", { role: "role:Reader" }),
        ],
      }),
    );
    expect(bound.waitsFor("org-member:A/ana")).toEqual(["restriction:A/x/p"]);
    expect(bound.waitsFor("restriction:A/x/p")).toEqual(["binding:A/x/p/ana"]);
    expect(bound.moments).toEqual([]);
  });

  test("goes with the person, and with the membership it rests on", () => {
    for (const gone of ["user:ana", "org-member:A/ana"] as const) {
      const deleted = weighSample(planInput({ ...sample, absent: { [gone]: "declared-absent" } }));
      expect(lines(deleted)).toEqual(["user:ana organization:A admin "]);
    }
  });
});
