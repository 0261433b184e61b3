import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { ASSUMPTIONS, type AssumptionCode } from "../../../src/model/access.ts";
import { HAZARD_TITLES, type HazardCode } from "../../../src/model/change.ts";
import { makeWorkplace } from "../../support/run-axcess.ts";
import {
  sampleAccess,
  sampleFailure,
  samplePlan,
  sampleRemoval,
  sampleShift,
  sampleSide,
  sampleStep,
} from "../../support/sample-plan.ts";

const schema = JSON.parse(readFileSync(new URL("../../../schema/plan.schema.json", import.meta.url), "utf8"));
const accepts = new Ajv2020({ strict: true, allErrors: true, strictRequired: false }).compile(schema);

test("the schema accepts a plan with everything in it", () => {
  const { person: _, ...nobody } = sampleFailure({ paths: [] });
  const plan = samplePlan({
    basis: { ...samplePlan().basis, undo: "run_1", ledger: { seq: 3, digest: samplePlan().digest } },
    steps: [
      sampleRemoval({ reason: "undone", gate: { state: "open", by: ["expired"] } }),
      sampleStep({
        creation: { invite: "none" },
        renamedFrom: "space:a/b",
        group: "ml",
        expires: "2027-01-31T00:00:00Z",
      }),
      sampleRemoval({
        loses: ["user:carl@acme.io"],
        hazards: (Object.keys(HAZARD_TITLES) as HazardCode[]).map((code) => ({ code, detail: "D." })),
      }),
      sampleRemoval({ gate: { state: "blocked", by: ["protected"], release: "Take it out of protect." } }),
    ],
    access: sampleAccess(
      [
        sampleShift(),
        sampleShift({
          place: "account",
          after: sampleSide("all", "admin"),
          gained: "all",
          lost: "none",
          until: "2027-01-31T00:00:00Z",
          assumptions: Object.keys(ASSUMPTIONS) as AssumptionCode[],
        }),
      ],
      { unseen: ["space-member@space:a/b"] },
    ),
    assertions: [sampleFailure(), nobody],
    notes: [
      {
        code: "AX301",
        severity: "note",
        summary: "S",
        detail: "D.",
        fix: "F.",
        at: { file: "a.yaml", line: 1, column: 1, length: 1 },
        sourceLine: "x",
        related: [{ at: { file: "a.yaml", line: 1, column: 1, length: 1 }, message: "m" }],
      },
    ],
    withheld: ["user:a@b.c"],
    lapses: [{ address: "user:a@b.c", expires: "2027-01-31T00:00:00Z", source: "a.yaml:1:1" }],
    unmanaged: { user: 1 },
    approvals: {
      rules: { needed: { default: 2, blind: 3 }, by: ["a@x.io"], notBy: ["author"], signed: true, allowedSigners: "a" },
      needed: { chg_a: 2 },
      change: { id: "chg_b", weaker: ["W."], before: { needed: {}, notBy: ["beneficiary"], signed: false } },
    },
    authoritative: ["user@", "space-member@space:a/b"],
  });
  expect(accepts(plan), JSON.stringify(accepts.errors)).toBe(true);
});

test("the schema accepts plans as they are saved", async () => {
  const place = makeWorkplace();
  const example = (name: string): string => fileURLToPath(new URL(`../../../examples/${name}.yaml`, import.meta.url));
  const flags = ["--sandbox", "--now", "2026-11-01T12:00:00Z"];
  await place.run(["plan", "--out", "first.json", "-f", example("access"), ...flags]);
  await place.run(["apply", "--auto-approve", "-f", example("access"), "--ledger", "ledger.jsonl", ...flags]);
  await place.run(["plan", "--out", "next.json", "-f", example("access-after"), "--ledger", "ledger.jsonl", ...flags]);
  for (const file of ["first.json", "next.json"]) {
    const plan = JSON.parse(await place.read(file));
    expect(plan.steps.length).toBeGreaterThan(0);
    expect(accepts(plan), JSON.stringify(accepts.errors)).toBe(true);
    expect(plan.basis.ledger === undefined).toBe(file === "first.json");
  }
});

test.each([
  ["another format", { ...samplePlan(), format: 2 }],
  ["an unknown key", { ...samplePlan(), extra: 1 }],
  ["a digest that is none", { ...samplePlan(), digest: "sha256:x" }],
  ["a plan that does not say who loses", { ...samplePlan(), access: undefined }],
  ["a set that is called like everything", samplePlan({ access: { sets: { all: [] }, shifts: [], unseen: [] } })],
  ["a difference without an amount", samplePlan({ access: sampleAccess([sampleShift({ lost: undefined as never })]) })],
  ["a step from which nobody loses", samplePlan({ steps: [sampleStep({ loses: [] })] })],
  ["a gate without reasons", samplePlan({ steps: [sampleStep({ gate: { state: "held" } as never })] })],
])("the schema refuses %s", (_name, plan) => {
  expect(accepts(plan)).toBe(false);
});
