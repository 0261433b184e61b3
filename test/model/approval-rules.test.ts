import { describe, expect, it } from "vitest";
import {
  type ApprovalRules,
  areSameRules,
  countMost,
  countNeeded,
  describeWeaker,
  isApproverEmail,
  listHeld,
  NO_RULES,
  normalizeApprover,
  type RulesInForce,
  type SignerList,
} from "../../src/model/approval-rules.ts";
import { SOME_DIGEST } from "../support/toy-plan.ts";

const rules = (said: Partial<RulesInForce>): RulesInForce => ({ ...NO_RULES, ...said });
const listOf = (text: string): SignerList => ({ digest: `sha256:${text}`, text });

describe("how many must approve", () => {
  const RULES: ApprovalRules = rules({ needed: { default: 2, irreversible: 3, cascades: 1 } });

  it("is the highest number that fits", () => {
    expect(countNeeded(NO_RULES, [{ code: "irreversible" }])).toBe(1);
    expect(countNeeded(RULES, [])).toBe(2);
    expect(countNeeded(RULES, [{ code: "cascades" }])).toBe(2);
    expect(countNeeded(RULES, [{ code: "cascades" }, { code: "irreversible" }, { code: "blind" }])).toBe(3);
    expect([countMost(RULES), countMost(NO_RULES)]).toEqual([3, 1]);
    expect(listHeld(RULES)).toEqual(["cascades", "irreversible"]);
  });
});

describe("who approves", () => {
  it("is spelled in one way", () => {
    expect(normalizeApprover(" Vera@Acme.IO\t")).toBe("vera@acme.io");
    expect(normalizeApprover("ｖera@acme.io")).toBe("vera@acme.io");
  });

  it.each([
    "",
    "vera",
    "-v@x.io",
    "*@x.io",
    "v*@x.io",
    "a@x.io,b@x.io",
    "!v@x.io",
    "v@x.io\n",
    "v@x\u200b.io",
    "v @x.io",
    "v@@x",
    `${"v".repeat(250)}@x.io`,
  ])("is no e-mail: %j", (text) => expect(isApproverEmail(text)).toBe(false));

  it("is an e-mail", () => {
    for (const text of ["vera@acme.io", "v.e+r_a-1@acme.io", "ö@ä.de", `${"v".repeat(249)}@x.io`])
      expect(isApproverEmail(text)).toBe(true);
  });
});

describe("weaker rules", () => {
  it.each<readonly [Partial<RulesInForce>, Partial<RulesInForce>, readonly string[]]>([
    [{}, { needed: { default: 2 }, by: [], notBy: ["author"], signed: true }, []],
    [{ needed: { default: 2 } }, {}, ["A held change needs 1 instead of 2."]],
    [{ needed: { blind: 2 } }, { needed: { default: 3 } }, ['The rules say nothing of "blind" any more.']],
    [{ needed: { blind: 3 } }, { needed: { blind: 2 } }, ['A change that has "blind" needs 2 instead of 3.']],
    [{ needed: { blind: 2 } }, { needed: { blind: 1, default: 2 } }, []],
    [{ by: ["a"] }, {}, ["Anybody may approve now."]],
    [{ by: ["a", "b"] }, { by: ["a"] }, []],
    [{ by: ["a"] }, { by: ["a", "b", "c"] }, ["More people may approve now: b, c."]],
    [{ notBy: ["author", "beneficiary"] }, { notBy: ["author"] }, ["The beneficiary of a change may approve it now."]],
    [{ signed: true }, {}, ["Approvals need no signature any more."]],
    [{ signed: true, signers: listOf("a k") }, { signed: true, signers: listOf("a k") }, []],
    [{ signed: true, signers: listOf("a k\nb k") }, { signed: true, signers: listOf("# left\r\n a k \r\n") }, []],
    [
      { signed: true, signers: listOf("a k") },
      { signed: true, signers: listOf("a k\nb k") },
      ["The list of allowed signers has 1 other or new lines."],
    ],
    [{}, { signed: true, signers: listOf("a k") }, []],
    [{ signed: true, signers: listOf("a k") }, { signed: true }, []],
  ])("%j to %j", (before, now, expected) => {
    expect(describeWeaker(rules(before), rules(now))).toEqual(expected);
  });

  it("are not those whose list only lies elsewhere", () => {
    const here = rules({ allowedSigners: "a", signers: { digest: SOME_DIGEST, text: "x" } });
    expect(areSameRules(here, { ...here, allowedSigners: "b" })).toBe(true);
    expect(areSameRules(here, rules({ signers: { digest: "sha256:0", text: "x" } }))).toBe(false);
    expect(areSameRules(here, rules({}))).toBe(false);
  });
});
