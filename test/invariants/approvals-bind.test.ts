import fc from "fast-check";
import { expect, test } from "vitest";
import type { Voting } from "../../src/apply/judge-approvals.ts";
import { mayRun } from "../../src/apply/may-run.ts";
import type { HeldApproval } from "../../src/model/approval.ts";
import type { RulesInForce } from "../../src/model/approval-rules.ts";
import type { Digest, HazardCode, Step } from "../../src/model/change.ts";
import { HELD, makeApproval, makeStep, OPEN, SOME_DIGEST } from "../support/toy-plan.ts";

const SEED = 20_261_121;
const NOW = new Date("2026-06-15T00:00:00Z");
const PEOPLE = ["a@x.io", "b@x.io", "c@x.io", "d@x.io"];
const LISTS: readonly Digest[] = [SOME_DIGEST, `sha256:${"b".repeat(64)}`];
const CODES: readonly HazardCode[] = ["irreversible", "gains-admin", "cascades"];
const ADDRESS = "space-member:A/s/c@x.io";

const some = <T>(values: readonly T[]): fc.Arbitrary<T[]> => fc.subarray([...values]);

const spelt = fc.constantFrom(...PEOPLE).chain((email) => fc.constantFrom(email, ` ${email.toUpperCase()}\t`));

const approvals: fc.Arbitrary<HeldApproval> = fc
  .record({
    by: fc.oneof({ weight: 12, arbitrary: spelt }, fc.constantFrom("a", "*@x.io", "-a@x.io", "a@x.io,b@x.io")),
    changes: fc.constantFrom(["chg_s"], ["chg_s"], ["chg_s"], ["chg_other"], ["chg_other", "chg_s"]),
    expires: fc.constantFrom("2026-07-01T00:00:00Z", "2026-07-01T00:00:00Z", "2026-06-15T00:00:00Z", "never"),
    key: fc.option(fc.constantFrom("k1", "k2", "k3", "k4"), { nil: undefined }),
    provedBy: some(LISTS),
    typed: fc.boolean(),
  })
  .map(({ changes, key, provedBy, typed, ...rest }) => ({
    ...makeApproval(changes as HeldApproval["changes"], rest),
    ...(key !== undefined && { key, provedBy }),
    ...(typed && { typed: true as const }),
  }));

const rules: fc.Arbitrary<RulesInForce> = fc
  .record({
    needed: fc.record(
      { default: fc.integer({ min: 1, max: 3 }), irreversible: fc.constant(2), "gains-admin": fc.constant(3) },
      { requiredKeys: [] },
    ),
    by: fc.option(some(PEOPLE), { nil: undefined }),
    notBy: some(["author", "beneficiary"] as const),
    signed: fc.boolean(),
    list: fc.constantFrom(...LISTS),
  })
  .map(({ needed, by, notBy, signed, list }) => ({
    ...{ needed, notBy, signed, signers: { digest: list, text: "" } },
    ...(by !== undefined && { by }),
  }));

const scenes = fc.record({
  step: fc.record({ codes: some(CODES), isHeld: fc.boolean() }).map(
    ({ codes, isHeld }): Step =>
      makeStep("s", {
        ...{ id: "chg_s", op: "update", address: ADDRESS, gate: isHeld ? HELD : OPEN },
        hazards: codes.map((code) => ({ code, detail: "" })),
      }),
  ),
  approvals: fc.array(approvals, { maxLength: 6 }),
  rules: fc.array(rules, { minLength: 1, maxLength: 2 }),
  authors: some(PEOPLE),
  gaining: some(PEOPLE),
});

type Scene = typeof scenes extends fc.Arbitrary<infer T> ? T : never;

function run({ step, approvals: given, rules: all, authors, gaining }: Scene): boolean {
  const voting: Voting = { rules: all, authors, gains: new Map([[ADDRESS, new Set(gaining)]]) };
  return mayRun(step, given, { now: NOW, expire: "held", voting }).state === "granted";
}

/** Written from the documentation alone, without any code of what it judges. */
function acceptable(scene: Scene, rule: RulesInForce): readonly HeldApproval[] {
  return scene.approvals.filter((approval) => {
    const who = approval.by.trim().toLowerCase();
    if (!PEOPLE.includes(who)) return false;
    if (!approval.changes.some((id) => id === "chg_s")) return false;
    if (approval.expires !== "2026-07-01T00:00:00Z") return false;
    if (rule.by !== undefined && rule.by.indexOf(who) < 0) return false;
    if (rule.notBy.some((word) => word === "beneficiary") && (who === "c@x.io" || scene.gaining.includes(who)))
      return false;
    if (rule.notBy.some((word) => word === "author")) {
      if (approval.typed || scene.authors.length === 0 || scene.authors.includes(who)) return false;
    }
    if (!rule.signed) return true;
    return approval.key !== undefined && (approval.provedBy ?? []).includes(rule.signers?.digest ?? SOME_DIGEST);
  });
}

function howMany({ step }: Scene, { needed }: RulesInForce): number {
  let most = needed.default ?? 1;
  for (const { code } of step.hazards) most = Math.max(most, needed[code] ?? 0);
  return most;
}

/** Whether so many can be picked of which no two are of one person or by one key; tries every choice. */
function canPick(from: readonly HeldApproval[], count: number): boolean {
  if (count === 0) return true;
  return from.some((first, index) => {
    const others = from.slice(index + 1).filter((other) => {
      const samePerson = other.by.trim().toLowerCase() === first.by.trim().toLowerCase();
      return !samePerson && (first.key === undefined || other.key !== first.key);
    });
    return canPick(others, count - 1);
  });
}

function isAskedFor({ step, rules: all }: Scene): boolean {
  const isNamed = all.some(({ needed }) => step.hazards.some(({ code }) => Object.keys(needed).includes(code)));
  return step.gate.state === "held" || isNamed;
}

test("no combination of approvals that breaks the rules lets a step run", () => {
  let granted = 0;
  fc.assert(
    fc.property(scenes, (scene) => {
      if (!run(scene)) return;
      granted += isAskedFor(scene) ? 1 : 0;
      const isKept = scene.rules.every((rule) => canPick(acceptable(scene, rule), howMany(scene, rule)));
      expect(isKept || !isAskedFor(scene)).toBe(true);
    }),
    { seed: SEED, numRuns: 6000 },
  );
  expect(granted).toBeGreaterThan(50);
});

test("approvals that keep the rules let it run, where everybody has a key of their own", () => {
  const keyOf = (by: string): string => `k ${by.trim().toLowerCase()}`;
  fc.assert(
    fc.property(scenes, (drawn) => {
      const given = drawn.approvals.map((each) => (each.key === undefined ? each : { ...each, key: keyOf(each.by) }));
      const scene = { ...drawn, approvals: given };
      const isKept = scene.rules.every((rule) => canPick(acceptable(scene, rule), howMany(scene, rule)));
      expect(run(scene)).toBe(isKept || !isAskedFor(scene));
    }),
    { seed: SEED, numRuns: 3000 },
  );
});

test("one more rule never lets run what was held", () => {
  fc.assert(
    fc.property(scenes, rules, (scene, other) => {
      if (run({ ...scene, rules: [...scene.rules, other] })) expect(run(scene)).toBe(true);
    }),
    { seed: SEED, numRuns: 3000 },
  );
});
