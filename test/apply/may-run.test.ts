import { describe, expect, it } from "vitest";
import { isValid } from "../../src/apply/judge-approvals.ts";
import { mayRun, needsApproval } from "../../src/apply/may-run.ts";
import type { RulesInForce } from "../../src/model/approval-rules.ts";
import type { ChangeOp, ChangeReason, Gate, Hazard, HazardCode, Step } from "../../src/model/change.ts";
import { HAZARD_TITLES } from "../../src/model/change.ts";
import { BLOCKED, HELD, makeApproval, makeStep, OPEN } from "../support/toy-plan.ts";

const NOW = new Date("2026-06-15T00:00:00Z");
const MOMENT = { now: NOW, expire: "automatic" } as const;
const OPS: readonly ChangeOp[] = ["create", "update", "delete"];
const GATES: readonly Gate[] = [OPEN, HELD, BLOCKED];
const CODES = Object.keys(HAZARD_TITLES) as HazardCode[];
const hazard = (code: HazardCode): Hazard => ({ code, detail: "x" });

describe("whether a step may run", () => {
  for (const op of OPS) {
    for (const gate of GATES) {
      for (const code of [undefined, ...CODES]) {
        const hazards = code === undefined ? [] : [hazard(code)];
        const step = makeStep("a", { op, gate, hazards });
        const takes = code === "removes-access";
        const needs = gate.state === "held" || op === "delete" || takes;

        it(`${op}, ${gate.state}, ${code ?? "no hazard"}`, () => {
          const without = mayRun(step, [], MOMENT).state;
          const withOne = mayRun(step, [makeApproval([step.id])], MOMENT).state;
          const expected = needs ? ["held", "granted"] : ["granted", "granted"];
          expect([without, withOne]).toEqual(gate.state === "blocked" ? ["blocked", "blocked"] : expected);
          expect(needsApproval(step)).toBe(needs);
        });
      }
    }
  }

  it("is told with the reason", () => {
    const held = makeStep("a", { op: "delete" });
    expect(mayRun(held, [], MOMENT)).toEqual({ state: "held", because: "It waits for an approval of chg_delete-a." });
    expect(mayRun(makeStep("a", { gate: BLOCKED }), [], MOMENT)).toEqual({
      state: "blocked",
      because: "It is protected.",
    });
    expect(mayRun(makeStep("a"), [makeApproval(["chg_create-a"])], MOMENT)).toEqual({
      state: "granted",
      by: [],
      lapsed: false,
    });
  });

  it("tells once what is wrong with several approvals alike", () => {
    const held = makeStep("a", { op: "delete" });
    const rules: RulesInForce = { needed: { default: 2 }, notBy: ["author"], signed: false };
    const voting = { rules: [rules], authors: [], gains: new Map() };
    const given = ["vera@x.io", "otto@x.io"].map((by) => makeApproval([held.id], { by }));
    const permission = mayRun(held, given, { ...MOMENT, voting });
    expect("because" in permission && permission.because.split("Nobody told")).toHaveLength(2);
  });

  it("counts a hazard that removes access among others", () => {
    const hazards = [hazard("widens-access"), hazard("removes-access")];
    expect(needsApproval(makeStep("a", { op: "update", hazards }))).toBe(true);
  });

  it("counts only approvals that name it and have not expired", () => {
    const step = makeStep("a", { op: "delete" });
    const good = [makeApproval(["chg_x", step.id], { by: "bob" }), makeApproval([step.id])];
    const bad = [makeApproval(["chg_x"]), makeApproval([step.id], { expires: "2026-06-15T00:00:00Z" })];
    expect(mayRun(step, bad, MOMENT).state).toBe("held");
    expect(mayRun(step, [...bad, ...good], MOMENT)).toEqual({ state: "granted", by: good, lapsed: false });
  });

  it("takes an expiry as the first instant at which the approval no longer counts", () => {
    const expiring = (expires: string): boolean => isValid(makeApproval(["chg_x"], { expires }), NOW);
    expect(expiring("2026-06-15T00:00:00.001Z")).toBe(true);
    expect(expiring("2026-06-15T02:00:00.001+02:00")).toBe(true);
    expect(expiring("2026-06-15T00:00:00Z")).toBe(false);
    expect(expiring("soon")).toBe(false);
  });
});

describe("a grant whose time is over", () => {
  const LAPSED: Step = makeStep("a", {
    op: "delete",
    address: "space-member:A/s/ana@acme.io",
    reason: "expired",
    expires: "2026-06-15T00:00:00Z",
    hazards: [hazard("removes-access")],
    loses: ["user:ana@acme.io"],
    gate: { state: "open", by: ["expired"] },
  });
  const ask = (said: Partial<Step>, moment: Partial<Parameters<typeof mayRun>[2]> = {}) =>
    mayRun({ ...LAPSED, ...said }, [], { ...MOMENT, ...moment });

  it("goes without an approval where gate, step, policy and clock all say so", () => {
    const { loses: _, ...harmless } = LAPSED;
    expect(ask({})).toEqual({ state: "granted", by: [], lapsed: true });
    expect(mayRun({ ...harmless, hazards: [] }, [], MOMENT)).toMatchObject({ lapsed: true });
    expect(needsApproval(LAPSED)).toBe(false);
    const given = [makeApproval([LAPSED.id])];
    expect(mayRun(LAPSED, given, MOMENT)).toEqual({ state: "granted", by: given, lapsed: false });
  });

  it("waits where the policy or the clock of the run says otherwise", () => {
    expect(ask({}, { expire: "held" }).state).toBe("held");
    expect(ask({}, { now: new Date("2026-06-14T23:59:59.999Z") }).state).toBe("held");
    expect(ask({ expires: "soon" }).state).toBe("held");
  });

  const REASONS: readonly ChangeReason[] = [
    ...(["declared-not-found", "fields-differ", "no-longer-declared", "declared-absent"] as const),
    ...(["renamed", "ensure", "undone"] as const),
  ];
  const { expires: _, ...endless } = LAPSED;
  it.each<readonly [string, Step]>([
    ["whose gate does not say so", { ...LAPSED, gate: OPEN }],
    ["whose gate holds it", { ...LAPSED, gate: HELD }],
    ["that has no end", endless],
    ["with which something goes", { ...LAPSED, cascade: ["space-member:A/s/ana@acme.io"] }],
    ["from which somebody else loses", { ...LAPSED, loses: ["user:ana@acme.io", "user:bob@acme.io"] }],
    ...REASONS.map((reason) => [`planned as ${reason}`, { ...LAPSED, reason }] as const),
    ...CODES.filter((code) => code !== "removes-access").map(
      (code) => [`with ${code}`, { ...LAPSED, hazards: [hazard("removes-access"), hazard(code)] }] as const,
    ),
  ])("is held: a deletion %s", (_name, step) => {
    expect(mayRun(step, [], MOMENT).state).toBe("held");
    expect(needsApproval(step)).toBe(true);
  });

  it("is no way for an update that takes access away", () => {
    expect(ask({ op: "update" }).state).toBe("held");
  });
});
