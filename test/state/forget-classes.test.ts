import { expect, test } from "vitest";
import { KINDS } from "../../src/kinds/registry.ts";
import type { Address, ClassKey, KindName } from "../../src/model/address.ts";
import type { Coverage, Observation } from "../../src/model/plan.ts";
import { forgetClasses } from "../../src/state/forget-classes.ts";
import { live, planInput } from "../support/plan-input.ts";

const SPACE: Address = "space:A/s";
const MEMBER: Address = "space-member:A/s/ana@x.io";
const OTHER: Address = "space-member:A/t/ana@x.io";
const HIDDEN: Address = "space-member:A/s/ben@x.io";
const ROLE: Address = "role:Any";

const { observation: SEEN } = planInput({ live: [live(SPACE), live(MEMBER), live(OTHER), live(ROLE)] });
const KNOWN: Observation = {
  ...SEEN,
  covered: new Set([HIDDEN, "space-member:A/t/ben@x.io"]),
  coverage: new Map<ClassKey | KindName, Coverage>([
    ...(["space-member@space:A/s", "space-member@space:A/t", "role"] as const).map((key) => [key, "complete"] as const),
  ]),
};

test("what is forgotten is as if it had never been read, and nothing else is", () => {
  const left = forgetClasses(KNOWN, new Set(["space-member@space:A/s"] as const), KINDS);
  expect([...left.world.keys()].sort()).toEqual([ROLE, OTHER, SPACE].sort());
  expect([...left.coverage.keys()]).toEqual(["space-member@space:A/t", "role"]);
  expect([...left.covered]).toEqual(["space-member:A/t/ben@x.io"]);
});

test("what is listed for the whole account is forgotten as a whole", () => {
  const left = forgetClasses(KNOWN, new Set(["role@"] as const), KINDS);
  expect([left.world.has(ROLE), left.coverage.has("role")]).toEqual([false, false]);
});

test("what was only glimpsed is forgotten with it", () => {
  const loose = new Set<ClassKey>(["space-member@space:A/s", "space-member@space:A/t"]);
  const glimpse = { loose, assumed: new Set([MEMBER, OTHER]), strays: new Set<KindName>(["binding"]) };
  const left = forgetClasses({ ...KNOWN, glimpse }, new Set(["space-member@space:A/s"] as const), KINDS);
  expect(left.glimpse).toEqual({
    loose: new Set(["space-member@space:A/t"]),
    assumed: new Set([OTHER]),
    strays: new Set(["binding"]),
  });
});

test("where nothing is forgotten, nothing is copied", () => {
  expect(forgetClasses(KNOWN, new Set(), KINDS)).toBe(KNOWN);
});
