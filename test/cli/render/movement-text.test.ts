import { expect, test } from "vitest";
import { renderMovement } from "../../../src/cli/render/movement-text.ts";
import type { PlanMovement } from "../../../src/engine/compare-plans.ts";
import type { Address } from "../../../src/model/address.ts";
import type { Step } from "../../../src/model/change.ts";
import { sampleRemoval, sampleStep } from "../../support/sample-plan.ts";

function changed(saved: Step, fresh: Step): string {
  return renderMovement({ onlySaved: [], onlyFresh: [], changed: [{ saved, fresh }], basis: [] });
}

test("what moved, and which steps come and go", () => {
  const movement: PlanMovement = {
    onlySaved: [sampleRemoval()],
    onlyFresh: [sampleStep()],
    changed: [],
    basis: ["the policy"],
  };
  expect(renderMovement(movement)).toBe(`  moved: the policy
  no longer planned: delete user:carl@acme.io (chg_000000000002)
  planned only now:  create space:Platform Team/team-alpha (chg_000000000001)
`);
});

test("a step that is planned otherwise tells what is different in it", () => {
  const saved = sampleStep({
    op: "update",
    fields: [
      { field: "role", from: "member", to: "admin" },
      { field: "note", from: "x", to: "y" },
      { field: "permissions", added: ["A"], removed: [] },
    ],
    hazards: [{ code: "widens-access", detail: "" }],
    remote: { id: "one" },
    loses: ["user:ana@acme.io", "user:ben@acme.io"],
  });
  const fresh: Step = {
    ...saved,
    id: "chg_000000000009",
    fields: [
      { field: "role", from: "read-only", to: "admin" },
      { field: "note", from: "x", to: "y" },
      { field: "permissions", added: ["A", "B"], removed: [] },
    ],
    hazards: [{ code: "removes-access", detail: "2 people have less." }],
    gate: { state: "held", by: ["removes-access"] },
    cascade: ["user:gone@acme.io"],
    remote: { id: "two" },
    loses: ["user:ben@acme.io", "user:zed@acme.io"],
  };
  expect(changed(saved, fresh)).toBe(
    `  planned otherwise: update space:Platform Team/team-alpha (chg_000000000001), now update chg_000000000009
      no longer: role: "member" -> "admin"
      no longer: widens-access: gives access
      no longer: open
      now: role: "read-only" -> "admin"
      now: permissions: + B
      now: removes-access: 2 people have less.
      now: goes with it: user:gone@acme.io
      now: held by removes-access
      now: what is there has another id
      takes access no longer from: ana@acme.io
      takes access now also from: zed@acme.io
`,
  );
});

test("of many people who lose only now the first are named", () => {
  const loses = Array.from({ length: 13 }, (_, at): Address => `user:p${at}@acme.io`);
  const text = changed(sampleRemoval(), sampleRemoval({ id: "chg_000000000009", loses }));
  expect(text).toContain(
    `      takes access now also from: p0@acme.io, p1@acme.io, p2@acme.io, p3@acme.io, p4@acme.io,
          p5@acme.io, p6@acme.io, p7@acme.io, and 5 more\n`,
  );
  expect(text).not.toContain("no longer");
});

test("no name breaks out of its line", () => {
  const name = "evil\u001b[2K\u202e\nPlan: nothing";
  const text = changed(
    sampleRemoval(),
    sampleRemoval({
      from: { [name]: name },
      hazards: [{ code: "irreversible", detail: name }],
      cascade: [`user:${name}`],
      loses: [`user:${name}`],
    }),
  );
  expect(text).not.toContain("\u001b");
  expect(text).not.toContain("\u202e");
  expect(text).not.toMatch(/^\s*Plan: nothing/mu);
});
