// @ts-check
// Hands one thing that axcess reads a great many inputs that it does not expect; see docs/fuzzing.md.
// npm run fuzz -- --target manifest [--runs 10000] [--seed 1]
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    target: { type: "string" },
    runs: { type: "string", default: "10000" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
  },
});
for (const [name, text] of [
  ["runs", values.runs],
  ["seed", values.seed],
]) {
  if (!/^\d{1,12}$/u.test(text ?? "")) throw new Error(`--${name} is a number.`);
}
if (!/^[a-z-]+$/u.test(values.target ?? "")) throw new Error("Name a --target; docs/fuzzing.md lists them.");

const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
// As long as it takes: only a hang of one input ends a run.
const words = ["run", "test/fuzz/fuzz.test.ts", "--testTimeout=0", "-t", `'${values.target}'$`];
process.stdout.write(`${values.target}: ${values.runs} inputs from seed ${values.seed}\n`);
const child = spawn(process.execPath, [vitest, ...words], {
  stdio: "inherit",
  env: { ...process.env, RUNS: values.runs, SEED: values.seed },
});
child.once("exit", (code) => {
  process.exitCode = code ?? 1;
});
