import { describe, expect, test } from "vitest";
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
