import type { Assertion } from "../../src/model/assertion.ts";

/** What a test says of an assertion. */
export interface AssertionWords {
  readonly who: readonly string[];
  readonly on?: readonly string[];
  readonly rule?: Assertion["rule"];
  readonly permissions?: readonly string[];
  readonly count?: number;
  readonly line?: number;
  readonly group?: readonly string[];
}

/** An assertion as the manifest would bring it; unless said otherwise that nobody has `P` on one project. */
export function makeAssertion({
  who,
  on = ["project:A/x/p"],
  rule = "never",
  permissions = ["P"],
  count = 0,
  line = 1,
  group = [],
}: AssertionWords): Assertion {
  return {
    at: { file: "access.yaml", line, column: 5, length: 1 },
    who: {
      words: who,
      people: new Set([...who.filter((word) => word.includes("@") && !word.includes("*")), ...group]),
      patterns: who.filter((word) => word.includes("*")),
      admins: who.includes("admins"),
    },
    on,
    rule,
    permissions,
    count,
  };
}
