import { describe, expect, test } from "vitest";
import { PLAIN } from "../../../src/cli/render/paint.ts";
import { renderPlan } from "../../../src/cli/render/plan-text.ts";
import { samplePlan, sampleRemoval, sampleStep } from "../../support/sample-plan.ts";

const VIEW = { paint: PLAIN, planFile: undefined, flags: [], planFlags: [] } as const;

describe("renderPlan", () => {
  test("an empty plan is one line", () => {
    expect(renderPlan(samplePlan(), VIEW)).toBe("No changes.\n");
  });

  test("shows every section in its order", () => {
    const plan = samplePlan({
      unknowns: [{ code: "AX310", severity: "warning", summary: "Not readable", detail: "Members cannot be read." }],
      notes: [{ code: "AX320", severity: "note", summary: "Fixed", detail: "The name stays." }],
      steps: [
        sampleStep(),
        sampleStep({
          id: "chg_000000000003",
          op: "update",
          kind: "space-member",
          address: "space-member:Platform Team/team-alpha/jane@acme.io",
          renamedFrom: "space-member:Platform Team/old/jane@acme.io",
          reason: "fields-differ",
          group: "ml",
          fields: [
            { field: "role", from: "member", to: "admin" },
            { field: "note", from: "x" },
            { field: "other", to: 1 },
          ],
          hazards: [{ code: "widens-access", detail: "" }],
          notes: ["There is a moment without access."],
        }),
        sampleRemoval(),
        sampleRemoval({
          id: "chg_000000000004",
          address: "user:dora@acme.io",
          cascade: [],
          gate: { state: "held", by: ["first-managed", "removes-access"] },
        }),
        sampleRemoval({
          id: "chg_000000000005",
          address: "user:eve@acme.io",
          cascade: [],
          gate: { state: "blocked", by: ["mass-removal"], release: "axcess plan --max-removals 12" },
        }),
      ],
      withheld: ["user:fay@acme.io"],
      lapses: [{ address: "binding:a/b/c/d@e.f", expires: "2027-01-31T00:00:00Z", source: "access.yaml:9:1" }],
      unmanaged: { project: 3, user: 0, space: 1 },
    });
    expect(renderPlan(plan, VIEW)).toBe(`What cannot be known
warning AX310  Not readable
  Members cannot be read.

Changes to acme (https://api.arize.com), in the order they run
+ create space:Platform Team/team-alpha
    declared and not found · access.yaml:14:7
    private: true
~ update space-member:Platform Team/team-alpha/jane@acme.io
    differs from the manifest · access.yaml:14:7 · through group:ml
    was space-member:Platform Team/old/jane@acme.io
    role: "member" -> "admin"
    note: "x" -> (not set)
    other: (not set) -> 1
    ! widens-access: gives access
    note: There is a moment without access.
- delete user:carl@acme.io  held chg_000000000002
    declared absent · access.yaml:40:3
    was role: "member"
    ! irreversible: The account of carl@acme.io is deleted.
    goes with it: binding:Platform Team/team-alpha/playground/carl@acme.io
- delete user:dora@acme.io  held chg_000000000004
    declared absent · access.yaml:40:3
    was role: "member"
    ! irreversible: The account of carl@acme.io is deleted.
- delete user:eve@acme.io  blocked chg_000000000005
    declared absent · access.yaml:40:3
    was role: "member"
    ! irreversible: The account of carl@acme.io is deleted.

Worth knowing
note AX320  Fixed
  The name stays.

Blocked: no approval releases these
  blocked delete user:eve@acme.io
      mass-removal: too many removals at once
      axcess plan --max-removals 12

Held until approved
  held chg_000000000002  delete user:carl@acme.io
      cannot be brought back
  save the plan first: axcess plan --out plan.json
  to release: axcess approve plan.json --only chg_000000000002 --reason "WHY"

Held as one group: their class is managed authoritatively here for the first time
  held chg_000000000004  delete user:dora@acme.io
      managed authoritatively here for the first time; takes access away
  save the plan first: axcess plan --out plan.json
  to release: axcess approve plan.json --only chg_000000000004 --reason "WHY"

Withheld: these removals are not planned, since their class could not be read whole
  user:fay@acme.io

Lapses soon, by the clock
  2027-01-31T00:00:00Z  binding:a/b/c/d@e.f  access.yaml:9:1

Exists and is not managed: project 3, space 1

Plan: 1 to create, 1 to update, 3 to delete; 2 open, 2 held, 1 blocked, 1 withheld.  sha256:${"a".repeat(64)}
`);
  });

  test("names the saved plan in the command that releases it, quoted", () => {
    const text = renderPlan(samplePlan({ steps: [sampleRemoval()] }), {
      paint: PLAIN,
      planFile: "my plan.json",
      flags: ["--file", "a b.yaml"],
      planFlags: ["--target", "space:a/*"],
    });
    expect(text).toContain(
      `to release: axcess approve 'my plan.json' --only chg_000000000002 --file 'a b.yaml' --reason "WHY"`,
    );
    expect(text).not.toContain("save the plan first");
  });

  test("gives each command only the flags that it knows", () => {
    const view = { ...VIEW, flags: ["--sandbox"], planFlags: ["--max-removals", "20"] };
    const text = renderPlan(samplePlan({ steps: [sampleRemoval()] }), view);
    expect(text).toContain("save the plan first: axcess plan --out plan.json --sandbox --max-removals 20\n");
    expect(text).toContain(`to release: axcess approve plan.json --only chg_000000000002 --sandbox --reason "WHY"\n`);
  });

  test("says that a value before cannot be seen", () => {
    const step = sampleStep({
      op: "update",
      fields: [{ field: "role", to: "admin" }],
      hazards: [{ code: "blind", detail: "The role cannot be read." }],
    });
    expect(renderPlan(samplePlan({ steps: [step] }), VIEW)).toContain('role: (cannot be seen) -> "admin"');
  });

  test("lets no name break out of its line", () => {
    const name = "evil\u001b[2K\u202e\nPlan: nothing";
    const step = sampleRemoval({
      address: `user:${name}`,
      source: `${name}.yaml:1:1`,
      group: name,
      from: { [name]: name },
      hazards: [{ code: "irreversible", detail: name }],
      cascade: [`user:${name}`],
      notes: [name],
      renamedFrom: `user:${name}`,
    });
    const plan = samplePlan({
      account: { url: "https://x", name },
      steps: [step, { ...step, gate: { state: "blocked", by: ["protected"], release: name } }],
      withheld: [`user:${name}`],
      lapses: [{ address: `user:${name}`, expires: "2027-01-31T00:00:00Z", source: name }],
    });
    const text = renderPlan(plan, VIEW);
    expect(text).not.toContain("\u001b");
    expect(text).not.toContain("\u202e");
    expect(text).not.toMatch(/^Plan: nothing/mu);
  });
});
