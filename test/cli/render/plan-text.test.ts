import { describe, expect, test } from "vitest";
import { PLAIN } from "../../../src/cli/render/paint.ts";
import { renderPlan } from "../../../src/cli/render/plan-text.ts";
import { HAZARD_TITLES } from "../../../src/model/change.ts";
import {
  sampleAccess,
  sampleFailure,
  samplePlan,
  sampleRemoval,
  sampleShift,
  sampleStep,
} from "../../support/sample-plan.ts";

const VIEW = { paint: PLAIN, planFile: undefined, flags: [], planFlags: [] } as const;

describe("renderPlan", () => {
  test("an empty plan is one line", () => {
    expect(renderPlan(samplePlan(), VIEW)).toBe("No changes.\n");
  });

  test("an empty plan tells which assertions do not hold", () => {
    expect(
      renderPlan(samplePlan({ assertions: [sampleFailure({ paths: [] })] }), VIEW),
    ).toBe(`Assertions that do not hold
  fails Nobody but the admins can PROJECT_DELETE on project:Platform Team/production/*. · access.yaml:90:5
      in project:Platform Team/production/checkout: carl@acme.io has PROJECT_DELETE.

No changes. 1 assertion does not hold.
`);
  });

  test("names everybody a change takes access from, in lines of a readable width", () => {
    const loses = Array.from({ length: 7 }, (_, at) => `user:person-${at}@acme.io` as const);
    expect(renderPlan(samplePlan({ steps: [sampleRemoval({ loses })] }), VIEW)).toContain(`
    takes access from: person-0@acme.io, person-1@acme.io, person-2@acme.io, person-3@acme.io,
        person-4@acme.io, person-5@acme.io, person-6@acme.io
`);
  });

  test("names up to twelve whom a change takes access from, and of more the first, since all are named below", () => {
    const losers = (length: number): string => {
      const loses = Array.from({ length }, (_, at) => `user:p${at}@acme.io` as const);
      const text = renderPlan(samplePlan({ steps: [sampleRemoval({ loses })] }), VIEW);
      return /takes access from: [^:]*(?=\n {4}goes)/u.exec(text)?.[0] ?? "";
    };
    expect(losers(12)).toMatch(/p10@acme\.io, p11@acme\.io$/u);
    expect(losers(13)).toBe(`takes access from: p0@acme.io, p1@acme.io, p2@acme.io, p3@acme.io, p4@acme.io, p5@acme.io,
        p6@acme.io, p7@acme.io, and 5 more, named below`);
  });

  test("tells every danger in words", () => {
    const codes = ["gains-admin", "gains-permission", "separation", "assertion", "exposes", "interrupts"] as const;
    const hazards = codes.map((code) => ({ code, detail: "" }));
    const held = sampleStep({ hazards, gate: { state: "held", by: codes } });
    const blocked = sampleStep({ hazards, gate: { state: "blocked", by: codes, release: "Change it." } });
    const text = renderPlan(samplePlan({ steps: [held, blocked] }), VIEW);
    const words = codes.map((code) => HAZARD_TITLES[code]);
    expect(text).toContain(`      ${words.join("; ")}\n`);
    expect(text).toContain(codes.map((code, at) => `      ${code}: ${words[at]}\n`).join(""));
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
          expires: "2027-06-30T00:00:00Z",
          fields: [
            { field: "role", from: "member", to: "admin" },
            { field: "note", from: "x" },
            { field: "other", to: 1 },
          ],
          hazards: [{ code: "widens-access", detail: "" }],
          notes: ["There is a moment without access."],
        }),
        sampleRemoval({ loses: ["user:carl@acme.io"] }),
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
      access: sampleAccess([sampleShift({ through: ["user:carl@acme.io"] })]),
      assertions: [sampleFailure({ paths: [] })],
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
    differs from the manifest · access.yaml:14:7 · through group:ml · until 2027-06-30T00:00:00Z
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
    takes access from: carl@acme.io
    goes with it: binding:Platform Team/team-alpha/playground/carl@acme.io
- delete user:dora@acme.io  held chg_000000000004
    declared absent · access.yaml:40:3
    was role: "member"
    ! irreversible: The account of carl@acme.io is deleted.
- delete user:eve@acme.io  blocked chg_000000000005
    declared absent · access.yaml:40:3
    was role: "member"
    ! irreversible: The account of carl@acme.io is deleted.

Who gains and who loses, once all of it is done
  1 person loses access
    carl@acme.io on project:Platform Team/production/checkout
      loses: all access, which was 2 permissions as Reviewer: P1, P2
      through: delete user:carl@acme.io

Assertions that would not hold
  fails Nobody but the admins can PROJECT_DELETE on project:Platform Team/production/*. · access.yaml:90:5
      in project:Platform Team/production/checkout: carl@acme.io has PROJECT_DELETE.

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

Plan: 1 to create, 1 to update, 3 to delete; 2 open, 2 held, 1 blocked, 1 withheld; 1 person loses; 1 assertion would not hold.  sha256:${"a".repeat(64)}
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
