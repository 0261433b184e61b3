import { defineConfig } from "vitest/config";

// The tests that are about the last word on a change alone. Chosen here and not by Stryker's `testFiles`, with which it wakes
// mutants of what a module makes when it is loaded too late, so that they seem to survive (its issue 6144).
export default defineConfig({
  test: {
    include: [
      "test/apply/judge-approvals.test.ts",
      "test/apply/may-run.test.ts",
      "test/model/lapsed.test.ts",
      "test/plan/gate.test.ts",
    ],
    passWithNoTests: false,
    isolate: true,
    testTimeout: 60_000,
  },
});
