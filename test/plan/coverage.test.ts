import { expect, test } from "vitest";
import { KINDS } from "../../src/kinds/registry.ts";
import { coverageOfClass } from "../../src/plan/coverage.ts";
import { indexKinds } from "../../src/plan/kinds-by-name.ts";
import { live, planInput } from "../support/plan-input.ts";

const kinds = indexKinds(KINDS);

test("a class is read as its own reading tells, else as its kind's, else not at all; within what is not there, as what is around", () => {
  const { observation } = planInput({ live: [live("organization:a")] });
  const seen = { ...observation, coverage: new Map([["space@organization:a", "partial"] as const]) };
  expect(coverageOfClass("space@organization:a", seen, kinds)).toBe("partial");
  expect(coverageOfClass("org-member@organization:a", seen, kinds)).toBe("unreadable");
  expect(coverageOfClass("org-member@organization:a", observation, kinds)).toBe("complete");
  expect(coverageOfClass("project@space:a/gone", seen, kinds)).toBe("partial");
  expect(coverageOfClass("space@organization:gone", seen, kinds)).toBe("unreadable");
});
