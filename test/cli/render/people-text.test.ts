import { describe, expect, test } from "vitest";
import { loadPaint } from "../../../src/cli/render/load-paint.ts";
import { PLAIN } from "../../../src/cli/render/paint.ts";
import { renderPeople } from "../../../src/cli/render/people-text.ts";
import { renderPlan } from "../../../src/cli/render/plan-text.ts";
import type { AccessShift, AccessSide } from "../../../src/model/access.ts";
import type { Address } from "../../../src/model/address.ts";
import type { Step } from "../../../src/model/change.ts";
import { readDocument } from "../../support/document.ts";
import { NO_ACCESS, sampleAccess, samplePlan, sampleShift, sampleSide, sampleStep } from "../../support/sample-plan.ts";

function render(shifts: readonly AccessShift[], steps: readonly Step[] = []): string {
  return renderPeople({ access: sampleAccess(shifts), steps }, PLAIN);
}

const UNKNOWN: AccessSide = { permissions: "none", roles: ["member"], isLowerBound: true };

function inSpace(name: string, overrides: Partial<AccessShift>): AccessShift {
  const person: Address = `user:${name}@acme.io`;
  return sampleShift({
    person,
    place: "space:Platform Team/production",
    through: [`space-member:Platform Team/production/${name}@acme.io`],
    ...overrides,
  });
}

describe("who gains and who loses", () => {
  test("nothing is said where nobody's access differs and all was seen", () => {
    expect(render([])).toBe("");
  });

  test("new admins come first, then who loses, then who gains; a change of role stands with those who lose", () => {
    const restriction: Address = "restriction:Platform Team/production/checkout";
    const cutOff = Array.from({ length: 12 }, (_, at) =>
      sampleShift({
        person: `user:${at === 11 ? "ingest-bot@service.acme.io" : `person-${at + 1}@acme.io`}`,
        before: sampleSide("p12", "member"),
        lost: "p12",
        isBot: at === 11,
      }),
    );
    const shifts = [
      ...cutOff,
      sampleShift({
        person: "user:ana@acme.io",
        place: "organization:Platform Team",
        within: { spaces: 3, projects: 12 },
        before: sampleSide("p12", "member"),
        after: sampleSide("all", "admin"),
        gained: "all",
        lost: "none",
        through: ["org-member:Platform Team/ana@acme.io"],
      }),
      inSpace("carl", {
        within: { spaces: 0, projects: 4 },
        before: sampleSide("p12", "member"),
        after: sampleSide("p9", "read-only"),
        lost: "p3",
      }),
      inSpace("dora", { before: sampleSide("p9", "role:Editor"), after: sampleSide("p12", "member"), gained: "p3" }),
      inSpace("kim", { before: NO_ACCESS, after: sampleSide("p12", "member"), lost: "none", gained: "p12" }),
      inSpace("lee", {
        before: NO_ACCESS,
        after: sampleSide("p2", "role:Reviewer"),
        lost: "none",
        gained: "p2",
        until: "2027-01-31T00:00:00Z",
        isPending: true,
        assumptions: ["public-unless-said"],
      }),
    ];
    const steps = [
      sampleStep({ kind: "restriction", address: restriction }),
      sampleStep({ op: "update", kind: "org-member", address: "org-member:Platform Team/ana@acme.io" }),
    ];
    expect(render(shifts, steps)).toBe(`  1 person becomes an admin
    ana@acme.io on organization:Platform Team, and on 3 spaces and 12 projects in it
      gains: everything as admin
      before: 12 permissions as member
      through: update org-member:Platform Team/ana@acme.io
  14 people lose access
    12 people on project:Platform Team/production/checkout
      person-1@acme.io, person-2@acme.io, person-3@acme.io, person-4@acme.io, person-5@acme.io,
      person-6@acme.io, person-7@acme.io, person-8@acme.io, person-9@acme.io, person-10@acme.io,
      person-11@acme.io, ingest-bot@service.acme.io (bot)
      loses: all access, which was 12 permissions [p12] as member
      through: create restriction:Platform Team/production/checkout
    carl@acme.io on space:Platform Team/production, and on 4 projects in it
      loses: 3 of 12 permissions as member: P1, P2, P3
      keeps: 9 permissions as read-only
      through: space-member:Platform Team/production/carl@acme.io
    dora@acme.io on space:Platform Team/production
      loses: 2 of 9 permissions as Editor: P1, P2
      gains: 3 permissions: P1, P2, P3
      afterwards: 12 permissions as member
      through: space-member:Platform Team/production/dora@acme.io
  2 people gain access
    kim@acme.io on space:Platform Team/production
      gains: 12 permissions [p12] as member
      through: space-member:Platform Team/production/kim@acme.io
    lee@acme.io (once the invitation is accepted) on space:Platform Team/production
      gains: 2 permissions as Reviewer: P1, P2
      gained until: 2027-01-31T00:00:00Z
      through: space-member:Platform Team/production/lee@acme.io
  Sets of permissions in brackets are listed in the plan's JSON (--format json), under access.sets.
  Assumed: A space of which nobody says that it is private is taken for public, as a new one is.
`);
  });

  test("the same difference of the same people in several places is told once, with the places", () => {
    const shift = (person: string, project: string, overrides: Partial<AccessShift> = {}): AccessShift =>
      sampleShift({
        person: `user:${person}@acme.io`,
        place: `project:A/x/${project}`,
        through: [`restriction:A/x/${project}`],
        ...overrides,
      });
    const shifts = ["ana", "ben"].flatMap((person) => [
      shift(person, "p"),
      shift(person, "q", { within: { spaces: 0, projects: 1 } }),
      // Also told on its own: another difference, or other people.
      shift(person, "r", { lost: "p3", before: sampleSide("p3", "role:Reviewer") }),
      shift(person, "s"),
    ]);
    expect(render([...shifts, shift("cy", "s")])).toBe(`  3 people lose access
    2 people on 2 projects
      on project:A/x/p
      on project:A/x/q, and on 1 project in it
      ana@acme.io, ben@acme.io
      loses: all access, which was 2 permissions as Reviewer: P1, P2
      through: restriction:A/x/p
      through: restriction:A/x/q
    2 people on project:A/x/r
      ana@acme.io, ben@acme.io
      loses: all access, which was 3 permissions as Reviewer: P1, P2, P3
      through: restriction:A/x/r
    3 people on project:A/x/s
      ana@acme.io, ben@acme.io, cy@acme.io
      loses: all access, which was 2 permissions as Reviewer: P1, P2
      through: restriction:A/x/s
`);
    const inSpaceToo = ["ana", "ben"].flatMap((person) => [
      shift(person, "p"),
      shift(person, "p", { place: "space:A/y", through: ["restriction:A/x/p"] }),
    ]);
    const text = render(inSpaceToo);
    expect(text).toContain("2 people on 2 places\n      on project:A/x/p\n      on space:A/y\n");
    expect(text.split("through: ")).toHaveLength(2);
  });

  test("thousands of people in ten places are named once each, however the differences stand", () => {
    const shifts = Array.from({ length: 2000 }, (_, person) =>
      Array.from({ length: 10 }, (_each, at) =>
        sampleShift({
          person: `user:p${person}@acme.io`,
          place: `project:A/x/${at}`,
          through: [`restriction:A/x/${at}`],
        }),
      ),
    ).flat();
    const text = render(shifts);
    expect(text).toContain("    2000 people on 10 projects\n");
    expect(text.match(/p\d+@acme\.io/gu)).toHaveLength(2000);
    expect(text.match(/loses: /gu)).toHaveLength(1);
    expect(text.match(/through: /gu)).toHaveLength(10);
  });

  test("everything of one person stands together, place by place", () => {
    const shifts = [
      sampleShift({ place: "account", before: sampleSide("all", "admin"), after: NO_ACCESS, lost: "all" }),
      sampleShift({ within: { spaces: 0, projects: 1 }, isPending: true }),
    ];
    expect(render(shifts)).toBe(`  1 person loses access
    carl@acme.io
      on the whole account
        loses: all access, which was everything as admin
        through: restriction:Platform Team/production/checkout
      on project:Platform Team/production/checkout, and on 1 project in it
        loses: all access, which was 2 permissions as Reviewer: P1, P2
        through: restriction:Platform Team/production/checkout
`);
  });

  test("whoever has not accepted the invitation is named as such, a bot too", () => {
    expect(render([sampleShift({ isPending: true, isBot: true })])).toContain(
      "    carl@acme.io (bot, invitation not accepted yet) on project:",
    );
  });

  test("what is not the very same is not told together", () => {
    const both = [sampleShift(), sampleShift({ person: "user:dora@acme.io" })];
    expect(render(both)).toContain("  2 people lose access\n    2 people on project:");
    const [one, other] = both;
    const differently: readonly Partial<AccessShift>[] = [
      { place: "project:Platform Team/production/other" },
      { within: { spaces: 0, projects: 1 } },
      { before: sampleSide("p2", "role:Other") },
      { after: sampleSide("p3", "read-only") },
      { gained: "p3" },
      { lost: "p3" },
      { through: ["space:Platform Team/production"] },
      { until: "2027-01-31T00:00:00Z" },
    ];
    for (const difference of differently) {
      const shifts = [one, other && { ...other, ...difference }].filter((shift) => shift !== undefined);
      expect(render(shifts)).not.toContain("2 people on ");
    }
  });

  test("each assumption is told once, and what was not counted is named", () => {
    const assumptions = ["public-unless-said", "binding-needs-organization"] as const;
    const access = sampleAccess([sampleShift({ assumptions }), inSpace("kim", { assumptions })], {
      unseen: ["space-member@space:Platform Team/hidden", "user@"],
    });
    expect(renderPeople({ access, steps: [] }, PLAIN).split("\n").slice(-4)).toEqual([
      "  Not counted, since they were not read whole: space-member@space:Platform Team/hidden, user@",
      "  Assumed: A role on a project is taken to give nothing to somebody outside the organization.",
      "  Assumed: A space of which nobody says that it is private is taken for public, as a new one is.",
      "",
    ]);
    expect(renderPeople({ access: { ...access, shifts: [] }, steps: [] }, PLAIN)).toBe(
      "  Not counted, since they were not read whole: space-member@space:Platform Team/hidden, user@\n",
    );
  });
});

test("docs/cli.md shows what really comes", () => {
  const organization = "Platform Team";
  const [checkout, labelling] = [
    `project:${organization}/production/checkout`,
    `space:${organization}/labelling`,
  ] as const;
  const cutOff = ["user:dan@acme.example", "user:eva@acme.example", "user:ingest@service.example"] as const;
  const reader = sampleSide("p2", "role:Label Reader");
  const shifts = [
    sampleShift({
      person: "user:ana@acme.example",
      place: `organization:${organization}`,
      within: { spaces: 3, projects: 12 },
      before: sampleSide("p1", "member"),
      after: sampleSide("all", "admin"),
      gained: "all",
      lost: "none",
      through: [`org-member:${organization}/ana@acme.example`],
    }),
    ...cutOff.map((person) =>
      sampleShift({
        person,
        place: checkout,
        before: sampleSide("p1", "member"),
        lost: "p1",
        through: [`restriction:${organization}/production/checkout`],
        isBot: person === "user:ingest@service.example",
      }),
    ),
    sampleShift({
      person: "user:carl@acme.example",
      place: labelling,
      within: { spaces: 0, projects: 2 },
      before: sampleSide("p4", "role:Labeller"),
      after: reader,
      lost: "p3",
      through: [`space-member:${organization}/labelling/carl@acme.example`],
    }),
    sampleShift({
      person: "user:kim@acme.example",
      place: labelling,
      before: NO_ACCESS,
      after: reader,
      gained: "p2",
      lost: "none",
      through: [`space-member:${organization}/labelling/kim@acme.example`],
      until: "2027-06-30T00:00:00Z",
      isPending: true,
    }),
  ];
  const sets = {
    p1: Array.from({ length: 40 }, (_, at) => `P${at}`),
    p2: ["QUEUE_READ", "QUEUE_RECORD_READ", "SPACE_READ"],
    p3: ["QUEUE_CREATE", "QUEUE_DELETE", "QUEUE_UPDATE"],
    p4: ["QUEUE_CREATE", "QUEUE_DELETE", "QUEUE_READ", "QUEUE_RECORD_READ", "QUEUE_UPDATE", "SPACE_READ"],
  };
  const changes = [...new Set(shifts.flatMap(({ through }) => through))];
  const updated = /ana@|carl@/u;
  const steps = changes.map((address) => sampleStep({ address, op: updated.test(address) ? "update" : "create" }));
  const text = renderPlan(samplePlan({ access: { sets, shifts, unseen: [] }, steps }), {
    paint: PLAIN,
    planFile: undefined,
    flags: [],
    planFlags: [],
  });
  const [, shown = ""] = /```text\n(Who gains[\s\S]*?)```/u.exec(readDocument("docs/cli.md")) ?? [];
  expect(shown).not.toBe("");
  expect(text).toContain(shown);
});

/** Sets with roles of unknown contents in them, and of a single permission. */
const UNUSUAL = {
  p1: ["READ"],
  u1: ["(organization role member)"],
  u2: ["(role ?)", "(role X)"],
  u3: ["(role X)", "P1", "P2", "P3"],
  u4: ["(role X)", "P3"],
  u5: ["(organization role ?)"],
};

describe("a difference", () => {
  const atLeast = (side: AccessSide): AccessSide => ({ ...side, isLowerBound: true });
  const member = sampleSide("p12", "member");
  const reader = sampleSide("p9", "read-only");
  const admin = sampleSide("all", "admin");

  const cases: readonly (readonly [string, Partial<AccessShift>, readonly string[]])[] = [
    [
      "an admin right that leaves a role",
      { before: admin, after: reader, lost: "none" },
      ["loses: everything as admin", "keeps: 9 permissions as read-only"],
    ],
    [
      "an admin right that leaves a role of unknown contents",
      { before: admin, after: UNKNOWN, lost: "none" },
      ["loses: everything as admin", "keeps: what member holds, which is not known"],
    ],
    [
      "an admin right for somebody who had nothing",
      { before: NO_ACCESS, after: admin, lost: "none", gained: "all" },
      ["gains: everything as admin", "before: nothing"],
    ],
    [
      "an unknown role that comes",
      { before: NO_ACCESS, after: UNKNOWN, lost: "none" },
      ["gains: what member holds, which is not known"],
    ],
    [
      "an unknown role that goes",
      { before: UNKNOWN, after: NO_ACCESS, lost: "none" },
      ["loses: what member holds, which is not known"],
    ],
    [
      "one unknown role for another",
      { before: UNKNOWN, after: { ...UNKNOWN, roles: ["read-only"] }, lost: "none" },
      [
        "loses: what member holds, which is not known",
        "gains: what read-only holds, which is not known",
        "afterwards: what read-only holds, which is not known",
      ],
    ],
    [
      "an unknown role that goes where others give more",
      { before: atLeast(reader), after: member, lost: "none", gained: "p3" },
      [
        "loses: what read-only holds, which is not known",
        "gains: at most 3 permissions: P1, P2, P3",
        "afterwards: 12 permissions as member",
      ],
    ],
    [
      "an unknown role that comes for less",
      { before: member, after: atLeast(reader), lost: "p3" },
      [
        "loses: at most 3 of 12 permissions as member: P1, P2, P3",
        "gains: what read-only holds, which is not known",
        "afterwards: at least 9 permissions as read-only",
      ],
    ],
    [
      "a loss from a lower bound",
      { before: atLeast(member), after: reader, lost: "p3" },
      ["loses: at least 3 of at least 12 permissions as member: P1, P2, P3", "keeps: 9 permissions as read-only"],
    ],
    [
      "a gain between two lower bounds",
      { before: atLeast(reader), after: atLeast(member), lost: "none", gained: "p3" },
      [
        "gains: by what is known, 3 permissions: P1, P2, P3",
        "before: at least 9 permissions as read-only",
        "afterwards: at least 12 permissions as member",
      ],
    ],
    [
      "roles that nobody names",
      { before: { ...UNKNOWN, roles: [] }, after: NO_ACCESS, lost: "none" },
      ["loses: something that is not known"],
    ],
    [
      "an unknown amount through the same roles",
      { before: sampleSide("none", "member"), after: UNKNOWN, lost: "none" },
      ["gains: what member holds, which is not known"],
    ],
    [
      "a custom role that is called like a built-in one",
      { before: NO_ACCESS, after: sampleSide("p2", "role:Admin", "role:Data Scientist"), lost: "none", gained: "p2" },
      ['gains: 2 permissions as the custom role "Admin" and Data Scientist: P1, P2'],
    ],
    [
      "many permissions that come beside others",
      { before: reader, after: sampleSide("p12"), lost: "none", gained: "p9" },
      ["gains: 9 permissions [p9]", "before: 9 permissions as read-only", "afterwards: 12 permissions"],
    ],
    [
      "nothing that is known",
      { before: reader, after: sampleSide("p9", "member"), lost: "none" },
      ["before: 9 permissions as read-only", "afterwards: 9 permissions as member"],
    ],
    [
      "a loss beneath an admin right",
      { before: admin, after: admin, lost: "none" },
      ["before: everything as admin", "afterwards: everything as admin"],
    ],
    [
      "an organization role of unknown contents that comes",
      {
        before: NO_ACCESS,
        after: { permissions: "u1", roles: ["member"], isLowerBound: true },
        lost: "none",
        gained: "u1",
      },
      ["gains: what the organization role member gives there (its contents are not known)"],
    ],
    [
      "an organization role of unknown contents that goes",
      { before: { permissions: "u1", roles: ["member"], isLowerBound: true }, after: NO_ACCESS, lost: "u1" },
      ["loses: all access, which was what the organization role member gives there (its contents are not known)"],
    ],
    [
      "one role of unknown contents for two others",
      {
        before: { permissions: "u1", roles: ["member"], isLowerBound: true },
        after: { permissions: "u2", roles: ["role:X"], isLowerBound: true },
        gained: "u2",
        lost: "u1",
      },
      [
        "loses: what the organization role member gives there (its contents are not known)",
        "gains: what a role that cannot be seen and the role X give there (their contents are not known)",
        "afterwards: what a role that cannot be seen and the role X give there (their contents are not known)",
      ],
    ],
    [
      "known permissions together with a role of unknown contents",
      {
        before: { permissions: "u3", roles: ["role:R", "role:X"], isLowerBound: true },
        after: sampleSide("p2", "role:R"),
        lost: "u4",
      },
      [
        "loses: at least 1 of at least 3 permissions as R and X: P3",
        "loses: what the role X gives there (its contents are not known)",
        "keeps: 2 permissions as R: P1, P2",
      ],
    ],
    [
      "the same the other way",
      {
        before: sampleSide("p2", "role:R"),
        after: { permissions: "u3", roles: ["role:R", "role:X"], isLowerBound: true },
        gained: "u4",
        lost: "none",
      },
      [
        "gains: at least 1 permission: P3",
        "gains: what the role X gives there (its contents are not known)",
        "before: 2 permissions as R",
        "afterwards: at least 3 permissions as R and X: P1, P2, P3",
      ],
    ],
    [
      "an organization role that cannot be seen, for an admin",
      {
        before: { permissions: "u5", roles: ["?"], isLowerBound: true },
        after: admin,
        gained: "all",
        lost: "none",
      },
      [
        "gains: everything as admin",
        "before: what an organization role that cannot be seen gives there (its contents are not known)",
      ],
    ],
    [
      "little that is left of much",
      { before: member, after: sampleSide("p3", "role:Viewer"), lost: "p9" },
      ["loses: 9 of 12 permissions [p9] as member", "keeps: 3 permissions as Viewer: P1, P2, P3"],
    ],
    [
      "one permission",
      { before: NO_ACCESS, after: sampleSide("p1", "role:One"), gained: "p1", lost: "none" },
      ["gains: 1 permission as One: READ"],
    ],
  ];

  test.each(cases)("%s", (_name, overrides, lines) => {
    const access = sampleAccess([sampleShift({ ...overrides, through: [] })]);
    const text = renderPeople({ access: { ...access, sets: { ...access.sets, ...UNUSUAL } }, steps: [] }, PLAIN);
    const told = text.split("\n").filter((line) => line.startsWith("      "));
    expect(told.map((line) => line.trim())).toEqual(lines);
  });

  test("a long list of permissions goes on in further lines", () => {
    const sets = { long: Array.from({ length: 8 }, (_, at) => `PROJECT_EVALUATION_TASK_${at}`) };
    const access = { ...sampleAccess([sampleShift({ lost: "long", before: sampleSide("long") })]), sets };
    expect(renderPeople({ access, steps: [] }, PLAIN)).toContain(`
      loses: all access, which was 8 permissions: PROJECT_EVALUATION_TASK_0,
          PROJECT_EVALUATION_TASK_1, PROJECT_EVALUATION_TASK_2, PROJECT_EVALUATION_TASK_3,
`);
  });
});

describe("what others have chosen", () => {
  test("no name breaks out of its line", () => {
    const name = "evil\u001b[2K\u202e\nPlan: nothing";
    const shifts = ["a", "b"].map((letter) =>
      sampleShift({
        person: `user:${letter}${name}`,
        place: `space:${name}`,
        before: sampleSide(name, `role:${name}`, name),
        lost: name,
        through: [`restriction:${name}`],
        until: name,
      }),
    );
    const [one] = shifts;
    const alone = one === undefined ? [] : [{ ...one, place: `project:${name}` as const, gained: "more" }];
    const sets = { [name]: [name], more: Array.from({ length: 9 }, () => name) };
    const access = { sets, shifts: [...shifts, ...alone], unseen: [`user@space:${name}` as const] };
    const steps = [sampleStep({ loses: [`user:${name}`], expires: name })];
    const text = renderPlan(samplePlan({ access, steps }), {
      paint: PLAIN,
      planFile: undefined,
      flags: [],
      planFlags: [],
    });
    expect(text).not.toContain("\u001b");
    expect(text).not.toContain("\u202e");
    expect(text).not.toMatch(/^\s*Plan: nothing/mu);
    expect(text).toContain("2 people on space:evil\\u{1b}[2K\\u{202e}\\nPlan: nothing");
  });

  test("no name passes for two, or for a mark", () => {
    expect(render([sampleShift({ person: 'user:a@b.c, "d" (bot)' })])).toContain(
      '    "a@b.c, \\"d\\" (bot)" on project:',
    );
  });

  test("colour says nothing that words do not", async () => {
    const access = sampleAccess([sampleShift(), inSpace("kim", { lost: "none", gained: "all" })]);
    const painted = renderPeople({ access, steps: [] }, await loadPaint(true));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colours are made of
    expect(painted.replace(/\u001b\[\d+m/gu, "")).toBe(renderPeople({ access, steps: [] }, PLAIN));
    expect(painted).toContain("\u001b[");
  });
});
