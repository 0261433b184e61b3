import { defineConfig } from "vitest/config";

/** The review page in a real browser: `npm run check:page`. */
export default defineConfig({
  test: {
    include: ["test/browser/**/*.browser.ts"],
    globalSetup: ["test/support/build-page.ts"],
    passWithNoTests: false,
    // One browser at a time: times are measured.
    fileParallelism: false,
    isolate: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
