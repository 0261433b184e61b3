import all from "./stryker.config.mjs";

// What decides by itself and is small, quick enough for every run of `npm run check`: with the tests that are about nothing else.
const gates = {
  ...all,
  mutate: [
    "src/access/{access-guards,last-admins,lost-access,mass-loss,separation-guard}.ts",
    "src/apply/{judge-approvals,may-run,schedule}.ts",
    "src/model/{approval-rules,lapsed}.ts",
    "src/plan/{approvals-needed,gate}.ts",
  ],
  vitest: { configFile: "vitest.gates.config.ts" },
  jsonReporter: { fileName: "reports/gates.json" },
  thresholds: { high: 100, low: 100, break: 100 },
};

export default gates;
