import { defineConfig } from "vitest/config";
import { listEngineFlags } from "./src/cli/engine-flags.ts";

export default defineConfig({
  // The shipped examples import the package by its name.
  resolve: { alias: [{ find: /^axcess$/, replacement: new URL("src/axcess.ts", import.meta.url).pathname }] },
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/build-page.ts"],
    passWithNoTests: false,
    // Unless told, one processor is left idle: with two that is half of them.
    maxWorkers: "100%",
    // What axcess itself runs under: a test, too, is over before most code that is made fast has paid for it. An eighth of the time.
    execArgv: [...listEngineFlags(process.versions.v8), "--max-semi-space-size=64"],
    // No module keeps anything between tests: loading them anew for every file would cost a third of the time.
    isolate: false,
    // Only a hang is cut off: how long a test takes depends on what else the machine does.
    testTimeout: 180_000,
    coverage: {
      // `npm run check:coverage` says so itself; this is for the tests of `.ci/run`, which are run once for both.
      enabled: process.env["TEST_COVERAGE"] === "1",
      provider: "v8",
      include: ["src/**/*.ts"],
      reporter: ["text-summary", "json-summary"],
      // What decides about access is tested to the last branch; elsewhere coverage does not fall.
      thresholds: {
        "src/{model,access,plan,page,apply,state}/**": { branches: 100, functions: 100, lines: 100 },
        "src/kinds/**": { branches: 97, functions: 98, lines: 98 },
        "src/manifest/**": { branches: 89, functions: 99, lines: 98 },
        "src/export/**": { branches: 90, functions: 100, lines: 98 },
        "src/platform/**": { branches: 92, functions: 98, lines: 99 },
        "src/sandbox/**": { branches: 91, functions: 98, lines: 98 },
        "src/{engine,library}/**": { branches: 90, functions: 97, lines: 97 },
        "src/secrets/**": { branches: 90, functions: 95, lines: 95 },
        "src/cli/**": { branches: 90, functions: 95, lines: 95 },
        "src/action/**": { branches: 75, functions: 90, lines: 90 },
        "src/host/**": { branches: 75, functions: 95, lines: 90 },
      },
    },
  },
});
