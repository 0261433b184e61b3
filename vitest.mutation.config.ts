import { defineConfig } from "vitest/config";

/** The tests of the parts that decide, without a process, a browser or a document; fewer where `TESTS` says which. */
const { TESTS = "test/{access,apply,engine,model,plan,state}/**/*.test.ts" } = process.env;

export default defineConfig({
  test: {
    include: TESTS.split(" "),
    passWithNoTests: false,
    // What a module makes when it is loaded is mutated too, so every run loads it anew.
    isolate: true,
    testTimeout: 60_000,
  },
});
