import { describe, expect, test } from "vitest";
import { evaluateAccess } from "../../src/access/effective-access.ts";
import { type AccessSettings, ASSUMED, ASSUMPTIONS, type EffectiveAccess } from "../../src/model/access.ts";
import type { Resource, Spec, World } from "../../src/model/resource.ts";
import { live } from "../support/plan-input.ts";

const PERSON = "user:eve@acme.io";
const PROJECT = "project:Acme/alpha/web";

interface Row {
  readonly account?: string;
  readonly organization?: string | undefined;
  readonly space?: string;
  readonly also?: string;
  readonly isPrivate?: boolean;
  readonly isRestricted?: boolean;
  readonly binding?: string;
  readonly status?: string;
  readonly custom?: readonly string[];
}

function evaluate(row: Row, settings: Partial<AccessSettings> = {}): EffectiveAccess {
  const grants: readonly (readonly [string, Spec | undefined])[] = [
    ["org-member:Acme/eve@acme.io", row.organization === undefined ? undefined : { role: row.organization }],
    [
      "space-member:Acme/alpha/eve@acme.io",
      row.space === undefined ? undefined : { role: row.space, also: row.also ?? null },
    ],
    ["binding:Acme/alpha/web/eve@acme.io", row.binding === undefined ? undefined : { role: row.binding }],
    ["restriction:Acme/alpha/web", row.isRestricted === true ? {} : undefined],
  ];
  const resources: readonly Resource[] = [
    live(PERSON, { role: row.account ?? "member" }, { facts: { status: row.status ?? "ACTIVE" } }),
    live("organization:Acme"),
    live("space:Acme/alpha", { private: row.isPrivate ?? false }),
    live(PROJECT),
    live("role:Custom", { permissions: Object.fromEntries((row.custom ?? []).map((name) => [name, true])) }),
    ...grants.flatMap(([address, spec]) => (spec === undefined ? [] : live(address as `${string}:${string}`, spec))),
  ];
  return evaluateAccess(new Map(resources.map((resource) => [resource.address, resource])), PERSON, PROJECT, {
    ...ASSUMED,
    ...settings,
  });
}

function worldWith(...resources: readonly Resource[]): World {
  return new Map(resources.map((resource) => [resource.address, resource]));
}

/** The project and what it is in; nobody says whether the space is private. */
const PLACES: readonly Resource[] = [live("organization:Acme"), live("space:Acme/alpha"), live(PROJECT)];

/** What can be told of an answer in a word: everything, these, or nothing. */
function outline({ permissions, paths, cutOff, assumptions }: EffectiveAccess): unknown {
  const has = permissions === "all" ? "all" : permissions.size === 0 ? "nothing" : "some";
  return { has, by: paths.map(({ reason }) => reason), cutOff: cutOff.map(({ reason }) => reason), assumptions };
}

const ANSWER = { cutOff: [], assumptions: [] };

/** The twenty rows of the description of the platform, in its order; the first five are documented word by word. */
const ROWS: readonly (readonly [string, Row, object])[] = [
  [
    "1 a member of the space has the project by it",
    { organization: "member", space: "member" },
    { has: "some", by: ["space-role"] },
  ],
  [
    "2 and loses it when the project is restricted",
    { organization: "member", space: "member", isRestricted: true },
    { has: "nothing", by: [], cutOff: ["space-role"] },
  ],
  [
    "3 but for a role on the project",
    { organization: "member", space: "member", isRestricted: true, binding: "role:Project Viewer" },
    { has: "some", by: ["project-binding"], cutOff: ["space-role"] },
  ],
  [
    "4 a space admin is above the restriction",
    { organization: "member", space: "admin", isRestricted: true },
    { has: "all", by: ["space-admin"] },
  ],
  [
    "5 rights of space and project add up",
    { organization: "member", space: "read-only", binding: "role:Project Editor" },
    { has: "some", by: ["space-role", "project-binding"] },
  ],
  [
    "6 an account admin needs nothing else",
    { account: "admin", isRestricted: true, isPrivate: true },
    { has: "all", by: ["account-admin"] },
  ],
  [
    "7 nor does an organization admin",
    { organization: "admin", isRestricted: true, isPrivate: true },
    { has: "all", by: ["organization-admin"] },
  ],
  [
    "8 a public space is open to members of the organization",
    { organization: "member" },
    { has: "some", by: ["organization-fallback"] },
  ],
  ["9 a private space is not", { organization: "member", isPrivate: true }, { has: "nothing", by: [] }],
  [
    "10 nor by a role on a project in it, as far as is known",
    { organization: "member", isPrivate: true, binding: "role:Project Viewer" },
    { has: "nothing", by: [], cutOff: ["project-binding"], assumptions: ["binding-does-not-open-private-space"] },
  ],
  [
    "11 a custom role gives what it holds and no more",
    { organization: "member", space: "role:Custom", custom: [] },
    { has: "nothing", by: ["space-role"] },
  ],
  [
    "12 a custom role with everything is no admin",
    { organization: "member", space: "role:Custom", custom: ["PROJECT_READ", "PROJECT_RESTRICT"], isRestricted: true },
    { has: "nothing", by: [], cutOff: ["space-role"] },
  ],
  [
    "13 a project admin has the restricted project",
    { organization: "member", space: "member", isRestricted: true, binding: "role:Project Admin" },
    { has: "some", by: ["project-binding"], cutOff: ["space-role"] },
  ],
  [
    "14 and an editor what an editor may",
    { organization: "read-only", space: "read-only", isRestricted: true, binding: "role:Project Editor" },
    { has: "some", by: ["project-binding"], cutOff: ["space-role"] },
  ],
  [
    "15 an annotator has the queues",
    { account: "annotator", organization: "annotator", space: "annotator" },
    { has: "some", by: ["space-role"] },
  ],
  [
    "16 and a role on a project beside, as far as is known",
    { account: "annotator", organization: "annotator", space: "annotator", binding: "role:Project Viewer" },
    { has: "some", by: ["space-role", "project-binding"], assumptions: ["annotator-may-hold-binding"] },
  ],
  [
    "17 outside the organization a role on a project gives nothing, as far as is known",
    { binding: "role:Project Viewer" },
    { has: "nothing", by: [], cutOff: ["project-binding"], assumptions: ["binding-needs-organization"] },
  ],
  [
    "18 a bot is cut off by a restriction like a person",
    { organization: "read-only", space: "member", isRestricted: true },
    { has: "nothing", by: [], cutOff: ["space-role"] },
  ],
];

describe("the truth table of effective access to a project", () => {
  test.each(ROWS)("%s", (_name, row, expected) => {
    expect(outline(evaluate(row))).toEqual({ ...ANSWER, ...expected });
  });

  test.each(["INVITED", "EXPIRED"])("19 somebody %s has it once they come", (status) => {
    expect(evaluate({ organization: "member", space: "member", status }).isPending).toBe(true);
    expect(evaluate({ organization: "member", space: "member" }).isPending).toBe(false);
  });

  test("20 somebody who was deleted has nothing", () => {
    expect(outline(evaluateAccess(worldWith(...PLACES), PERSON, PROJECT))).toEqual({
      ...ANSWER,
      has: "nothing",
      by: [],
    });
  });
});

describe("the points on which the documentation is silent, as they are settled", () => {
  const VIEWER = "role:Project Viewer";
  const COUNTS = { has: "some", by: ["project-binding"], cutOff: [] };
  const CUT_OFF = { has: "nothing", by: [], cutOff: ["project-binding"] };
  const closed: Row = { organization: "member", isPrivate: true, binding: VIEWER };
  const outside: Row = { binding: VIEWER };
  const annotating: Row = { organization: "annotator", binding: VIEWER, isRestricted: true, space: "annotator" };
  const isAnnotator = { cutOff: ["space-role"] };
  const opens = { bindingOpensPrivateSpace: true };
  const worksOutside = { bindingWorksOutsideOrganization: true };

  test.each<readonly [string, Row, Partial<AccessSettings>, object]>([
    ["a private space stays shut", closed, {}, { ...CUT_OFF, assumptions: ["binding-does-not-open-private-space"] }],
    ["a private space is opened", closed, opens, { ...COUNTS, assumptions: ["binding-opens-private-space"] }],
    ["the organization is needed", outside, {}, { ...CUT_OFF, assumptions: ["binding-needs-organization"] }],
    [
      "the organization is not needed",
      outside,
      worksOutside,
      { ...COUNTS, assumptions: ["binding-works-outside-organization"] },
    ],
    ["an annotator may", annotating, {}, { ...COUNTS, ...isAnnotator, assumptions: ["annotator-may-hold-binding"] }],
    [
      "an annotator may not",
      annotating,
      { annotatorMayHoldBinding: false },
      { ...CUT_OFF, cutOff: ["space-role", "project-binding"], assumptions: ["annotator-may-not-hold-binding"] },
    ],
    [
      "outside and private, one point settled is not enough",
      { ...outside, isPrivate: true },
      worksOutside,
      { ...CUT_OFF, assumptions: ["binding-does-not-open-private-space"] },
    ],
    [
      "outside and private, both settled",
      { ...outside, isPrivate: true },
      { ...worksOutside, ...opens },
      { ...COUNTS, assumptions: ["binding-works-outside-organization", "binding-opens-private-space"] },
    ],
    [
      "whoever annotates in the organization only is an annotator, too",
      { organization: "annotator", binding: VIEWER, isRestricted: true },
      { annotatorMayHoldBinding: false },
      {
        ...CUT_OFF,
        cutOff: ["organization-fallback", "project-binding"],
        assumptions: ["annotator-may-not-hold-binding"],
      },
    ],
  ])("%s", (_name, row, settings, expected) => {
    expect(outline(evaluate(row, settings))).toEqual(expected);
  });

  test("every code that an answer may name has a sentence of its own", () => {
    expect(new Set(Object.values(ASSUMPTIONS)).size).toBe(Object.keys(ASSUMPTIONS).length);
  });
});

describe("what a path says", () => {
  test("which grant gives which permissions", () => {
    const { paths } = evaluate({
      organization: "member",
      space: "role:Custom",
      custom: ["A"],
      binding: "role:Project Viewer",
    });
    expect(paths).toMatchObject([
      { grant: "space-member:Acme/alpha/eve@acme.io", role: "role:Custom", permissions: new Set(["A"]) },
      { grant: "binding:Acme/alpha/web/eve@acme.io", role: "role:Project Viewer" },
    ]);
  });

  test("both stores of a space count", () => {
    const both = evaluate({ organization: "member", space: "read-only", also: "role:Custom", custom: ["A"] });
    expect(both.paths.map(({ role }) => role)).toEqual(["read-only", "role:Custom"]);
  });

  test("a role whose contents nobody knows makes a lower bound", () => {
    const unknown = evaluate({ organization: "member", space: "role:Gone" });
    expect(unknown.isLowerBound).toBe(true);
    expect(unknown.permissions).toEqual(new Set());
    expect(evaluate({ organization: "member", space: "role:Gone", account: "admin" }).isLowerBound).toBe(false);
  });

  test("what the account lists of a predefined role goes before what is documented", () => {
    const world = worldWith(
      ...PLACES,
      live(PERSON, { role: "member" }),
      live("org-member:Acme/eve@acme.io", { role: "member" }),
      live("space:Acme/alpha", { private: false }),
      live("role:Member", { permissions: { ONLY_THIS: true } }, { builtin: true }),
    );
    expect(evaluateAccess(world, PERSON, "space:Acme/alpha").permissions).toEqual(new Set(["ONLY_THIS"]));
  });

  test("an organization knows admins and the rest", () => {
    const world = worldWith(
      ...PLACES,
      live(PERSON, { role: "member" }),
      live("org-member:Acme/eve@acme.io", { role: "read-only" }),
    );
    const access = evaluateAccess(world, PERSON, "organization:Acme");
    expect(outline(access)).toMatchObject({ has: "nothing", by: ["organization-role"] });
    // What an organization role holds is not published.
    expect(access.isLowerBound).toBe(true);
  });
});

describe("corners", () => {
  test("a custom role that is named like a predefined one does not change what the predefined one holds", () => {
    const world = worldWith(
      live(PERSON, { role: "member" }),
      live("org-member:Acme/eve@acme.io", { role: "read-only" }),
      ...PLACES,
      live("role:Read Only", { permissions: { EVERYTHING: true } }),
    );
    const access = evaluateAccess(world, PERSON, "space:Acme/alpha");
    expect(access.permissions).not.toContain("EVERYTHING");
    expect(access.permissions).toContain("PROJECT_READ");
    expect(access.assumptions).toEqual(["public-unless-said"]);
  });

  test("a role that nobody describes is not known", () => {
    const odd = live("binding:Acme/alpha/web/eve@acme.io", { role: "owner" });
    const world = worldWith(...PLACES, live(PERSON, {}), live("org-member:Acme/eve@acme.io", {}), odd);
    const access = evaluateAccess(world, PERSON, PROJECT);
    expect(access.paths.map(({ role, permissions }) => [role, permissions])).toEqual([["owner", "unknown"]]);
    expect(access.isLowerBound).toBe(true);
  });

  const HIDDEN = { unknown: ["role"] };

  test.each([
    ["space", live("space-member:Acme/alpha/eve@acme.io", { also: null }, HIDDEN), "space-role"],
    ["organization", live("org-member:Acme/eve@acme.io", {}, HIDDEN), "organization-role"],
  ] as const)(
    "a role in the %s that the server hides may be an admin's, above restriction and privacy",
    (_in, grant, reason) => {
      const closed = live("space:Acme/alpha", { private: true });
      const world = worldWith(...PLACES, closed, live("restriction:Acme/alpha/web"), live(PERSON, {}), grant);
      const access = evaluateAccess(world, PERSON, PROJECT);
      expect(access.paths).toEqual([{ reason, grant: grant.address, role: "?", permissions: "unknown" }]);
      expect(access.isLowerBound).toBe(true);
    },
  );

  test("a role that is written is known, whatever else the server hides", () => {
    const grant = live("space-member:Acme/alpha/eve@acme.io", { role: "annotator", also: null }, HIDDEN);
    expect(evaluateAccess(worldWith(...PLACES, grant), PERSON, "space:Acme/alpha").isLowerBound).toBe(false);
    const other = live(grant.address, { role: "annotator" }, { unknown: ["also"] });
    expect(evaluateAccess(worldWith(...PLACES, other), PERSON, "space:Acme/alpha").isLowerBound).toBe(false);
  });

  test.each(["role:R", "space:Acme", "project:Acme/alpha", "project:Acme/alpha/web/x"] as const)(
    "%s is no place, and nobody has anything there",
    (address) => {
      const world = worldWith(...PLACES, live(address), live(PERSON, { role: "admin" }));
      expect(evaluateAccess(world, PERSON, address).paths).toEqual([]);
    },
  );

  test.each(["organization:Acme", "space:Acme/alpha", PROJECT] as const)(
    "where %s is not there nobody has the project, not even an admin",
    (gone) => {
      const world = new Map(worldWith(...PLACES, live(PERSON, { role: "admin" }, { facts: { status: "INVITED" } })));
      expect(evaluateAccess(world, PERSON, PROJECT).permissions).toBe("all");
      world.delete(gone);
      expect(evaluateAccess(world, PERSON, PROJECT)).toEqual({
        permissions: new Set(),
        paths: [],
        isLowerBound: false,
        isPending: true,
        cutOff: [],
        assumptions: [],
      });
    },
  );

  test("an account admin's role on a project counts wherever it is", () => {
    const binding = live("binding:Acme/alpha/web/eve@acme.io", { role: "role:Project Viewer" });
    const closed = live("space:Acme/alpha", { private: true });
    const world = worldWith(...PLACES, closed, live(PERSON, { role: "admin" }), binding);
    const { paths, cutOff } = evaluateAccess(world, PERSON, PROJECT);
    expect(paths.map(({ reason }) => reason)).toEqual(["account-admin", "project-binding"]);
    expect(cutOff).toEqual([]);
  });

  test("a role on a restricted project rests on the space being public where nobody says that it is", () => {
    const world = worldWith(
      ...PLACES,
      live("restriction:Acme/alpha/web"),
      live(PERSON, { role: "member" }),
      live("org-member:Acme/eve@acme.io", { role: "member" }),
      live("binding:Acme/alpha/web/eve@acme.io", { role: "role:Project Viewer" }),
    );
    const opens = { ...ASSUMED, bindingOpensPrivateSpace: true };
    expect(evaluateAccess(world, PERSON, PROJECT).assumptions).toEqual(["public-unless-said"]);
    expect(evaluateAccess(world, PERSON, PROJECT, opens).assumptions).toEqual([]);
  });
});
