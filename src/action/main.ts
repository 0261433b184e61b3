import { thisMachine } from "./machine.ts";
import { runStep } from "./run-step.ts";

const { env } = process;
const machine = thisMachine(env, env["GITHUB_WORKSPACE"] ?? process.cwd(), (text) => process.stdout.write(text));
process.exitCode = await runStep(machine, process.argv[2] ?? "");
