/** What decides whether something may be sent. docs/mutation.md says of each why it is here. */
const DECIDING = [
  "src/access/{access-guards,hidden-grants,last-admins,lost-access,mass-loss,separation-guard}.ts",
  "src/apply/{approvals,apply-plan,compare-spec,execute-step,judge-approvals,judge-look,look-at-step,may-run,perform-deed,run-schedule,schedule,settle,settle-taken,tell-moved}.ts",
  "src/engine/{chosen-approvals,compare-plans,hold-approvals,load-rules}.ts",
  "src/model/{approval-rules,lapsed,ledger,policy}.ts",
  "src/plan/{approvals-needed,cascade,coverage,gate,guards,touched-classes}.ts",
  "src/state/{lock,spent-approvals}.ts",
];

const config = {
  mutate: DECIDING,
  testRunner: "vitest",
  plugins: ["@stryker-mutator/vitest-runner"],
  vitest: { configFile: "vitest.mutation.config.ts" },
  coverageAnalysis: "perTest",
  concurrency: 2,
  // Only a hang is cut off: how long a test takes depends on what else the machine does.
  timeoutMS: 60_000,
  tempDirName: ".stryker-tmp",
  ignorePatterns: ["bench/peers", "coverage", "dist", "docs", "page", "reports", "templates"],
  reporters: ["clear-text", "json"],
  jsonReporter: { fileName: "reports/mutation.json" },
  clearTextReporter: { allowColor: false, allowEmojis: false, logTests: false, reportTests: false },
  allowConsoleColors: false,
};

export default config;
