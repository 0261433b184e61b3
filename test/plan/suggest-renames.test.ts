import { describe, expect, it } from "vitest";
import type { Address } from "../../src/model/address.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import { declare, live, type PlanSample, planInput } from "../support/plan-input.ts";

const POLICY = { maxRemovals: 100, maxRemovalPercent: 100, minAdmins: 0 };
const suggest = (sample: PlanSample) =>
  makePlan(planInput({ policy: POLICY, ...sample })).notes.filter(({ code }) => code === "AX347");

const team = (name: string): readonly Address[] => [
  `organization:${name}`,
  `org-member:${name}/ana@acme.io`,
  `space:${name}/s`,
  `project:${name}/s/p`,
];
const USER = live("user:ana@acme.io", {});
const MANAGED = { "organization@": "authoritative", "role@": "authoritative" } as const;

describe("a new name", () => {
  it("is offered, with the line to paste, where what goes and what comes have the same content", () => {
    const [note, ...others] = suggest({
      live: [
        USER,
        ...team('Old "x"').map((address) => live(address)),
        live('org-member:Old "x"/bot@a.b', {}, { builtin: true }),
      ],
      declared: team("New").map((address) => declare(address)),
      managed: MANAGED,
    });
    expect(others).toEqual([]);
    expect(note).toEqual({
      code: "AX347",
      severity: "note",
      summary: "This may be a new name",
      detail: 'organization:Old "x" is deleted and organization:New is made, with the very same content.',
      fix: 'To rename it and keep what is in it, write under "New": previously: ["Old \\"x\\""]',
    });
  });

  it("is offered for roles with the same permissions, whatever their description", () => {
    const permissions = { PROJECT_READ: true, DATASET_READ: true };
    const sample = {
      live: [live("role:Old", { description: "a", permissions })],
      declared: [declare("role:New", { permissions }), declare("role:Other", { permissions: { PROJECT_READ: true } })],
      managed: MANAGED,
    };
    expect(suggest(sample).map(({ detail }) => detail)).toEqual([
      "role:Old is deleted and role:New is made, with the very same content.",
    ]);
  });

  it("is offered place by place", () => {
    const inside = (space: string, name: string): readonly Address[] => [
      `space:A/${space}`,
      `project:A/${space}/${name}`,
    ];
    const details = suggest({
      live: [live("organization:A"), ...[...inside("a", "p"), ...inside("b", "q")].map((address) => live(address))],
      declared: [
        declare("organization:A"),
        ...[...inside("z", "p"), ...inside("y", "q")].map((address) => declare(address)),
      ],
      managed: { "space@organization:A": "authoritative" },
    }).map(({ detail }) => detail);
    expect(details).toEqual([
      "space:A/a is deleted and space:A/z is made, with the very same content.",
      "space:A/b is deleted and space:A/y is made, with the very same content.",
    ]);
  });

  it.each<readonly [string, readonly Address[], readonly Address[]]>([
    ["the content differs", team("Old"), team("New").slice(0, 3)],
    ["there is no content", ["organization:Old"], ["organization:New"]],
    ["two could be meant", [...team("Old"), ...team("Older")], team("New")],
    ["two could have it", team("Old"), [...team("New"), ...team("Newer")]],
    [
      "the parent is another",
      ["organization:A", "organization:B", "space:A/s", "project:A/s/p"],
      ["organization:A", "organization:B", "space:B/s", "project:B/s/p"],
    ],
  ])("is not offered where %s", (_name, before, after) => {
    const managed = { ...MANAGED, "space@organization:A": "authoritative" } as const;
    const sample = {
      live: [USER, ...before.map((address) => live(address))],
      declared: after.map((address) => declare(address)),
      managed,
    };
    expect(suggest(sample)).toEqual([]);
  });

  it("is not offered for grants, whose name is a person", () => {
    const sample = {
      live: [live("organization:A"), USER, live("org-member:A/ana@acme.io", { role: { odd: true } })],
      declared: [declare("organization:A"), declare("org-member:A/bob@acme.io", { role: { odd: true } })],
      managed: { "org-member@organization:A": "authoritative" } as const,
    };
    expect(suggest(sample)).toEqual([]);
  });

  it("changes nothing of the plan itself", () => {
    const plan = makePlan(
      planInput({
        policy: POLICY,
        live: [USER, ...team("Old").map((address) => live(address))],
        declared: team("New").map((address) => declare(address)),
        managed: MANAGED,
      }),
    );
    expect(plan.steps.find(({ address }) => address === "organization:Old")).toMatchObject({
      op: "delete",
      gate: { state: "held" },
    });
    expect(plan.steps.filter(({ renamedFrom }) => renamedFrom !== undefined)).toEqual([]);
  });
});
