import { defineConfig } from "vitest/config";

/** Ledgers in a real PostgreSQL and a real S3 server: `npm run check:stores`. */
export default defineConfig({
  test: {
    include: ["test/stores/**/*.stores.ts"],
    passWithNoTests: false,
    // A server of its own for each file.
    maxWorkers: "100%",
    isolate: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
