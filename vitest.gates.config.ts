import { defineConfig } from "vitest/config";

// The tests that are about what `stryker.gates.config.mjs` lists alone. Chosen here and not by Stryker's `testFiles`, with which it wakes
// mutants of what a module makes when it is loaded too late, so that they seem to survive (its issue 6144).
export default defineConfig({
  test: {
    include: [
      "test/access/{access-guards,last-admins}.test.ts",
      "test/apply/{judge-approvals,may-run,schedule}.test.ts",
      "test/model/{approval-rules,lapsed}.test.ts",
      "test/plan/{approvals-needed,gate}.test.ts",
    ],
    passWithNoTests: false,
    isolate: true,
    testTimeout: 60_000,
  },
});
