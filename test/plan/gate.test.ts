import { describe, expect, test } from "vitest";
import { type Finding, HAZARD_TITLES, type HazardCode } from "../../src/model/change.ts";
import { DEFAULT_POLICY, type Limits, NO_LIMITS, type Policy } from "../../src/model/policy.ts";
import { judgeGate } from "../../src/plan/gate.ts";
import type { Draft } from "../../src/plan/match.ts";
import { declare } from "../support/plan-input.ts";

const after = declare("space:A/x");
const CREATION: Draft = {
  op: "create",
  address: after.address,
  before: undefined,
  after,
  wanted: after,
  origin: after.origin,
  fields: [],
  reason: "declared-not-found",
  renamedFrom: undefined,
  isBlind: false,
};

function gate(
  findings: readonly Finding[],
  {
    policy = {},
    allow = [],
    op = "create",
  }: { policy?: Partial<Policy>; allow?: Limits["allow"]; op?: Draft["op"] } = {},
): ReturnType<typeof judgeGate> {
  const limits = { ...NO_LIMITS, allow };
  return judgeGate({ ...CREATION, op }, findings, { policy: { ...DEFAULT_POLICY, ...policy }, limits });
}

const find = (code: HazardCode, more: Partial<Finding> = {}): Finding => ({ code, detail: "x", ...more });

describe("the gate of a hazard", () => {
  const BLOCKS = [
    "locks-out",
    "last-admin",
    "mass-removal",
    "protected",
    "in-use",
    "must-exist",
    "separation",
    "assertion",
  ];
  const HOLDS = ["removes-access", "cascades", "irreversible", "blind", "first-managed", "exposes", "interrupts"];

  test.each(Object.keys(HAZARD_TITLES) as HazardCode[])("%s", (code) => {
    const state = BLOCKS.includes(code) ? "blocked" : HOLDS.includes(code) ? "held" : "open";
    expect(gate([find(code)]).state).toBe(state);
    const isPassable = !["protected", "in-use", "must-exist"].includes(code);
    const passed = isPassable && state === "blocked" ? "open" : state;
    expect(gate([find(code)], { allow: [code] }).state).toBe(passed);
  });

  test("names the flag that lets exactly so much through, else the one that passes the gate", () => {
    const exact = find("last-admin", { release: "--min-admins 1" });
    expect(gate([exact, find("separation")])).toEqual({
      state: "blocked",
      by: ["last-admin", "separation"],
      release: "--min-admins 1 --allow separation",
    });
    expect(gate([exact, find("separation")], { allow: ["last-admin"] })).toEqual({
      state: "blocked",
      by: ["separation"],
      release: "--allow separation",
    });
    expect(gate([find("last-admin")])).toMatchObject({ release: "--allow last-admin" });
    expect(gate([find("mass-removal")])).toMatchObject({ release: "--allow mass-removal" });
    expect(gate([find("must-exist")])).toMatchObject({ release: "Make it first, or say in the manifest how." });
    expect(gate([find("assertion")])).toMatchObject({ release: "--allow assertion" });
  });

  test("names every flag that it takes, each once, and the one number that is enough for all", () => {
    const findings = [
      find("gains-permission", { blocks: true }),
      find("gains-permission", { blocks: true }),
      find("last-admin", { release: "--min-admins 1" }),
      find("last-admin", { release: "--min-admins 0" }),
      find("mass-removal", { release: "--max-removals 12" }),
      find("mass-removal", { release: "--max-removal-percent 40" }),
      find("mass-removal", { release: "--max-removal-percent 60" }),
      find("mass-removal", { release: "--max-removal-percent 50" }),
    ];
    expect(gate(findings)).toMatchObject({
      release: "--allow gains-permission --min-admins 0 --max-removals 12 --max-removal-percent 60",
    });
  });

  test("takes advice as it is where it is more than a flag and its number", () => {
    const release = ["--allow assertion --min-admins 1", "--max-removals 12 --allow separation"];
    expect(gate(release.map((each) => find("assertion", { release: each })))).toMatchObject({
      release: release.join(" "),
    });
  });

  test("tells what no flag passes in its sentence, before the flags for the rest", () => {
    expect(gate([find("separation"), find("in-use"), find("protected"), find("in-use")])).toMatchObject({
      release:
        "Take what uses it away first. Take it off `protect` or `ignore` in the manifest. Then give --allow separation",
    });
    expect(gate([find("protected")])).toMatchObject({
      release: "Take it off `protect` or `ignore` in the manifest.",
    });
  });

  test("is that of its case, where only some cases hold or block", () => {
    const held = find("gains-permission", { holds: true, blocks: false });
    const blocked = find("gains-permission", { holds: false, blocks: true });
    expect(gate([held])).toEqual({ state: "held", by: ["gains-permission"] });
    expect(gate([held, blocked])).toEqual({
      state: "blocked",
      by: ["gains-permission"],
      release: "--allow gains-permission",
    });
    const allow = ["gains-permission"] as const;
    expect(gate([blocked], { allow })).toEqual({ state: "open" });
    // Passing a gate releases nothing that is held.
    expect(gate([held, blocked], { allow })).toEqual({ state: "held", by: ["gains-permission"] });
    expect(gate([find("gains-permission", { holds: true, blocks: true })], { allow }).state).toBe("held");
  });

  test("may be set by the policy", () => {
    expect(gate([find("gains-admin")], { policy: { hold: ["gains-admin"] } })).toEqual({
      state: "held",
      by: ["gains-admin"],
    });
    expect(gate([find("gains-admin")], { policy: { forbid: ["gains-admin"] } })).toEqual({
      state: "blocked",
      by: ["gains-admin"],
      release: "--allow gains-admin",
    });
  });

  test("of a deletion is never open", () => {
    expect(gate([find("widens-access")], { op: "delete" })).toEqual({ state: "held", by: ["widens-access"] });
    expect(gate([find("widens-access"), find("cascades")], { op: "delete" })).toEqual({
      state: "held",
      by: ["cascades"],
    });
  });
});

describe("a grant whose time is over", () => {
  const { origin } = CREATION;
  const EXPIRED: Draft = {
    ...CREATION,
    op: "delete",
    address: "space-member:A/x/ana@acme.io",
    reason: "expired",
    ...(origin?.from === "manifest" && { origin: { ...origin, expires: "2026-01-01T00:00:00Z" } }),
  };
  type Removal = Parameters<typeof judgeGate>[2]["removal"];
  const OWN: Removal = { cascade: [], loses: ["user:ana@acme.io"] };
  const judge = (
    findings: readonly Finding[] = [find("removes-access")],
    {
      said = {},
      policy = {},
      removal = OWN,
    }: { said?: Partial<Draft>; policy?: Partial<Policy>; removal?: Removal } = {},
  ) =>
    judgeGate({ ...EXPIRED, ...said }, findings, {
      policy: { ...DEFAULT_POLICY, expire: "automatic", ...policy },
      limits: { ...NO_LIMITS, allow: ["last-admin"] },
      ...(removal && { removal }),
    }).state;

  test("is open where the policy says so and it takes from nobody but its holder", () => {
    expect(judge()).toBe("open");
    expect(judge([], { removal: { cascade: [] } })).toBe("open");
    const policy = { ...DEFAULT_POLICY, expire: "automatic" } as const;
    expect(judgeGate(EXPIRED, [], { policy, limits: NO_LIMITS, removal: { cascade: [] } })).toEqual({
      state: "open",
      by: ["expired"],
    });
  });

  test("is held in every other case, and blocked where anything blocks", () => {
    expect(judge(undefined, { policy: { expire: "held" } })).toBe("held");
    expect(judge(undefined, { policy: { hold: ["removes-access"] } })).toBe("held");
    expect(judge(undefined, { said: { reason: "no-longer-declared" } })).toBe("held");
    expect(judge(undefined, { said: { origin: undefined } })).toBe("held");
    expect(judge([], { removal: { cascade: ["binding:A/x/p/ana@acme.io"] } })).toBe("held");
    expect(judge([], { removal: { cascade: [], loses: ["user:bob@acme.io"] } })).toBe("held");
    expect(judge([find("widens-access")])).toBe("held");
    // A gate that was passed is still a danger that somebody has to look at.
    expect(judge([find("last-admin")])).toBe("held");
    expect(judge([find("locks-out")])).toBe("blocked");
    const policy = { ...DEFAULT_POLICY, expire: "automatic" } as const;
    expect(judgeGate(EXPIRED, [], { policy, limits: NO_LIMITS }).state).toBe("held");
  });
});
