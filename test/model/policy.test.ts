import { expect, test } from "vitest";
import { DEFAULT_POLICY, NO_LIMITS } from "../../src/model/policy.ts";

test("where nothing is said, nothing runs by itself, and no flag is given", () => {
  expect(DEFAULT_POLICY).toMatchObject({
    ...{ minAdmins: 2, maxRemovals: 10, maxRemovalPercent: 25, expire: "held", reinvite: "never" },
    ...{ hold: [], forbid: [], holdPermissions: [], forbidPermissions: [], separate: [] },
  });
  expect(NO_LIMITS).toEqual({ allow: [], targets: [], excludes: [] });
});
