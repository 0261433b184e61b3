import { spawn } from "node:child_process";
import type { Programs } from "../model/ports.ts";

/** How long a program may take. */
const LONGEST_MILLISECONDS = 60_000;

/** What a program is told of the environment: all but the key of the account, which is none of its business. */
function withoutKey({ ARIZE_API_KEY: _, ...env }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return env;
}

/** The machine's programs. */
export const systemPrograms: Programs = {
  run: ([program = "", ...words], input, folder) =>
    new Promise((resolve, reject) => {
      const child = spawn(program, words, {
        cwd: folder,
        env: withoutKey(process.env),
        shell: false,
        stdio: ["pipe", "ignore", "ignore"],
        timeout: LONGEST_MILLISECONDS,
      });
      child.on("error", reject);
      child.on("close", (code) => resolve(code ?? undefined));
      // A program that ends before it has read everything is judged by its exit code.
      child.stdin.on("error", () => undefined);
      child.stdin.end(input);
    }),
};
