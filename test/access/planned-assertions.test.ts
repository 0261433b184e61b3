import { describe, expect, test } from "vitest";
import type { AccessDelta } from "../../src/model/access.ts";
import type { Address } from "../../src/model/address.ts";
import type { Plan } from "../../src/model/plan.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import { type AssertionWords, makeAssertion } from "../support/assertion-words.ts";
import { declare, live, type PlanSample, planInput } from "../support/plan-input.ts";

const ROLE = live("role:Reader", { permissions: { P: true } });
const ACCOUNT = [
  live("user:ana@acme.io", { role: "member" }),
  live("user:ben@acme.io", { role: "member" }),
  live("organization:A"),
  live("org-member:A/ana@acme.io", { role: "member" }),
  live("org-member:A/ben@acme.io", { role: "member" }),
  live("space:A/x", { private: true }),
  live("project:A/x/p"),
  ROLE,
];
const entry = (name: string): Address => `space-member:A/x/${name}@acme.io`;
const IN = { role: "role:Reader", also: null };

function plan(words: readonly AssertionWords[], { live: more = [], declared = [], ...rest }: PlanSample): Plan {
  return makePlan(
    planInput({
      ...rest,
      live: [...ACCOUNT, ...more],
      declared: [declare("role:Reader"), ...declared],
      assertions: words.map((one, at) => makeAssertion({ line: at + 1, ...one })),
    }),
  );
}

/** The steps that are blamed, each with how often. */
function listBlamed({ steps }: Plan): readonly string[] {
  return steps.flatMap(({ address, hazards }) => {
    const own = hazards.filter(({ code }) => code === "assertion");
    return own.length === 0 ? [] : [`${address} ${own.length}`];
  });
}

describe("an assertion that a plan would break", () => {
  test("is blamed on what gives, and told with sentence and case", () => {
    const made = plan([{ who: ["ana@acme.io"] }], { declared: [declare(entry("ana"), IN), declare(entry("ben"), IN)] });
    expect(listBlamed(made)).toEqual([`${entry("ana")} 1`]);
    expect(made.assertions).toMatchObject([{ person: "user:ana@acme.io", place: "project:A/x/p" }]);
    const [, step] = made.steps.map(({ hazards }) => hazards.find(({ code }) => code === "assertion"));
    expect(step ?? made.steps[0]?.hazards.find(({ code }) => code === "assertion")).toMatchObject({
      detail: "None of ana@acme.io has P on project:A/x/p. In project:A/x/p: ana@acme.io has P.",
    });
  });

  test("is blamed on what takes, where somebody is to have something", () => {
    const made = plan([{ who: ["ana@acme.io"], rule: "can" }], {
      live: [live(entry("ana"), IN)],
      absent: { [entry("ana")]: "declared-absent" },
    });
    expect(listBlamed(made)).toEqual([`${entry("ana")} 1`]);
  });

  test("is blamed on all who take, where nobody in particular is missed, and never on what gives", () => {
    const made = plan([{ who: ["*"], rule: "at-least", count: 2 }], {
      live: [
        live(entry("ana"), IN),
        live(entry("ben"), IN),
        live("user:cy@acme.io"),
        live("org-member:A/cy@acme.io", { role: "member" }),
      ],
      absent: { [entry("ana")]: "declared-absent", [entry("ben")]: "declared-absent" },
      declared: [declare(entry("cy"), IN)],
    });
    expect([...listBlamed(made)].sort()).toEqual([`${entry("ana")} 1`, `${entry("ben")} 1`]);
  });

  test("is blamed on the step that makes the place, where nobody gains by a grant", () => {
    const made = plan([{ who: ["ana@acme.io"], on: ["project:A/x/*"] }], {
      live: [live(entry("ana"), IN)],
      declared: [declare("project:A/x/new")],
    });
    expect(made.assertions.map(({ place }) => place)).toEqual(["project:A/x/new", "project:A/x/p"]);
    expect(listBlamed(made)).toEqual(["project:A/x/new 1"]);
  });

  test("is blamed on what gives too little in a place that is made, else on the place", () => {
    const OTHER = live("role:Other", { permissions: { Q: true } });
    const space = [declare("space:A/new", { private: true }), declare("project:A/new/p"), declare("role:Other")];
    const given = (name: string): ReturnType<typeof declare> =>
      declare(`space-member:A/new/${name}@acme.io`, { role: "role:Other", also: null });
    const words = { rule: "can" as const, who: ["ana@acme.io"], on: ["project:A/new/p"] };
    const make = (one: AssertionWords, ...names: readonly string[]): Plan =>
      plan([one], { live: [OTHER], declared: [...space, ...names.map(given)] });
    const little = make(words, "ana", "ben");
    expect(listBlamed(little)).toEqual(["space-member:A/new/ana@acme.io 1"]);
    const nothing = make(words, "ben");
    expect(listBlamed(nothing)).toEqual(["project:A/new/p 1"]);
    const place = nothing.steps.find(({ address }) => address === "project:A/new/p");
    expect(place?.hazards.find(({ code }) => code === "assertion")?.detail).toContain(
      "ana@acme.io does not have P. Nothing in the plan gives it there.",
    );
    const few = make({ rule: "at-least", who: ["*"], on: ["project:A/new/p"], count: 3 }, "ana", "ben");
    expect([...listBlamed(few)].sort()).toEqual([
      "space-member:A/new/ana@acme.io 1",
      "space-member:A/new/ben@acme.io 1",
    ]);
  });

  test("is blamed on a right over the whole account, where that is how it comes", () => {
    const admin = declare("user:new@acme.io", { role: "admin", name: "New" });
    const made = plan([{ who: ["new@acme.io"] }], { declared: [{ ...admin, creation: { invite: "none" } }] });
    expect(listBlamed(made)).toEqual(["user:new@acme.io 1"]);
  });

  test("is told of one step as often as there are assertions that it breaks", () => {
    const made = plan([{ who: ["ana@acme.io"] }, { who: ["*@acme.io"] }], { declared: [declare(entry("ana"), IN)] });
    expect(listBlamed(made)).toEqual([`${entry("ana")} 2`]);
    expect(made.steps[0]?.gate).toEqual({ state: "blocked", by: ["assertion"], release: "--allow assertion" });
  });
});

describe("an assertion that fails", () => {
  test("before and after is told and blamed on nobody, though its case is another person's beside a new one", () => {
    const made = plan([{ who: ["*"] }], { live: [live(entry("ana"), IN)], declared: [declare(entry("ben"), IN)] });
    expect(made.assertions.map(({ person }) => person)).toEqual(["user:ana@acme.io", "user:ben@acme.io"]);
    expect(listBlamed(made)).toEqual([`${entry("ben")} 1`]);
  });

  test("is another with another line: the same sentence twice is two failures", () => {
    const made = plan([{ who: ["ana@acme.io"] }, { who: ["ana@acme.io"] }], { live: [live(entry("ana"), IN)] });
    expect(made.assertions.map(({ source }) => source)).toEqual(["access.yaml:1:5", "access.yaml:2:5"]);
    expect(made.steps).toEqual([]);
  });

  test("makes another basis than none, wherever it stands", () => {
    const basis = (words: readonly AssertionWords[]): unknown => plan(words, {}).basis.desired;
    expect(basis([{ who: ["ana@acme.io"], line: 9 }])).toBe(basis([{ who: ["ana@acme.io"] }]));
    expect(basis([{ who: ["ana@acme.io"] }])).not.toBe(basis([]));
  });
});

describe("somebody who was invited", () => {
  const invited = [
    live("user:cy@acme.io", { role: "member" }, { facts: { status: "INVITED" } }),
    live("org-member:A/cy@acme.io", { role: "member" }),
  ];

  test("is taken to have come: what they are given keeps the promise", () => {
    const words = [{ who: ["cy@acme.io"], rule: "can" as const }];
    const made = plan(words, { live: invited, declared: [declare(entry("cy"), IN)] });
    expect(made.assertions).toEqual([]);
    expect(plan(words, { live: invited }).assertions.map(({ detail }) => detail)).toEqual([
      "cy@acme.io does not have P.",
    ]);
  });

  test("breaks a promise by what they are given", () => {
    const made = plan([{ who: ["cy@acme.io"] }], { live: invited, declared: [declare(entry("cy"), IN)] });
    expect(listBlamed(made)).toEqual([`${entry("cy")} 1`]);
    expect(made.assertions.map(({ detail }) => detail)).toEqual(["cy@acme.io has P."]);
  });
});

test("without assertions nothing is checked", () => {
  const { assertions, access }: { assertions: readonly unknown[]; access: AccessDelta } = plan([], {
    declared: [declare(entry("ana"), IN)],
  });
  expect(assertions).toEqual([]);
  expect(access.shifts).toHaveLength(1);
});
