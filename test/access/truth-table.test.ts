import { describe, expect, test } from "vitest";
import { evaluateAccess } from "../../src/access/effective-access.ts";
import type { EffectiveAccess } from "../../src/model/access.ts";
import type { Resource, Spec } from "../../src/model/resource.ts";
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

function evaluate(row: Row): EffectiveAccess {
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
  return evaluateAccess(new Map(resources.map((resource) => [resource.address, resource])), PERSON, PROJECT);
}

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
    expect(outline(evaluateAccess(new Map(), PERSON, PROJECT))).toEqual({ ...ANSWER, has: "nothing", by: [] });
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
    const world = new Map(
      [
        live(PERSON, { role: "member" }),
        live("org-member:Acme/eve@acme.io", { role: "member" }),
        live("space:Acme/alpha", { private: false }),
        live("role:Member", { permissions: { ONLY_THIS: true } }, { builtin: true }),
      ].map((resource) => [resource.address, resource]),
    );
    expect(evaluateAccess(world, PERSON, "space:Acme/alpha").permissions).toEqual(new Set(["ONLY_THIS"]));
  });

  test("an organization knows admins and the rest", () => {
    const world = new Map(
      [live(PERSON, { role: "member" }), live("org-member:Acme/eve@acme.io", { role: "read-only" })].map((resource) => [
        resource.address,
        resource,
      ]),
    );
    const access = evaluateAccess(world, PERSON, "organization:Acme");
    expect(outline(access)).toMatchObject({ has: "nothing", by: ["organization-role"] });
    // What an organization role holds is not published.
    expect(access.isLowerBound).toBe(true);
  });
});

describe("corners", () => {
  function worldWith(...resources: readonly Resource[]): ReadonlyMap<Resource["address"], Resource> {
    return new Map(resources.map((resource) => [resource.address, resource]));
  }

  test("a custom role that is named like a predefined one does not change what the predefined one holds", () => {
    const world = worldWith(
      live(PERSON, { role: "member" }),
      live("org-member:Acme/eve@acme.io", { role: "read-only" }),
      live("space:Acme/alpha"),
      live("role:Read Only", { permissions: { EVERYTHING: true } }),
    );
    const access = evaluateAccess(world, PERSON, "space:Acme/alpha");
    expect(access.permissions).not.toContain("EVERYTHING");
    expect(access.permissions).toContain("PROJECT_READ");
    expect(access.assumptions).toEqual(["public-unless-said"]);
  });

  test("a role that the server hides, or that nobody describes, is not known", () => {
    const hidden = live("space-member:Acme/alpha/eve@acme.io", { also: null }, { unknown: ["role"] });
    const odd = live("binding:Acme/alpha/web/eve@acme.io", { role: "owner" });
    const world = worldWith(live(PERSON, {}), live("org-member:Acme/eve@acme.io", { role: "member" }), hidden, odd);
    const access = evaluateAccess(world, PERSON, PROJECT);
    expect(access.paths.map(({ role, permissions }) => [role, permissions])).toEqual([
      ["?", "unknown"],
      ["owner", "unknown"],
    ]);
    expect(access.isLowerBound).toBe(true);
  });

  test("what is no place gives nothing", () => {
    expect(evaluateAccess(worldWith(live(PERSON, { role: "admin" })), PERSON, "role:R").paths).toEqual([]);
  });

  test("an account admin's role on a project counts wherever it is", () => {
    const binding = live("binding:Acme/alpha/web/eve@acme.io", { role: "role:Project Viewer" });
    const world = worldWith(live(PERSON, { role: "admin" }), live("space:Acme/alpha", { private: true }), binding);
    const { paths, cutOff } = evaluateAccess(world, PERSON, PROJECT);
    expect(paths.map(({ reason }) => reason)).toEqual(["account-admin", "project-binding"]);
    expect(cutOff).toEqual([]);
  });
});
