import all from "./stryker.config.mjs";

// The last word on a change, quick enough for every run of `npm run check`: with the tests that are about nothing else.
const gates = {
  ...all,
  mutate: ["src/apply/may-run.ts", "src/apply/judge-approvals.ts", "src/model/lapsed.ts", "src/plan/gate.ts"],
  vitest: { configFile: "vitest.gates.config.ts" },
  jsonReporter: { fileName: "reports/gates.json" },
  thresholds: { high: 100, low: 100, break: 100 },
};

export default gates;
