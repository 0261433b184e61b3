import type { Programs } from "../model/ports.ts";

/** How long a program may take, and one that a person must answer. */
const LONGEST_MILLISECONDS = 60_000;
const LONGEST_INTERACTIVE_MILLISECONDS = 300_000;

/** The machine's programs. */
export const systemPrograms: Programs = {
  run: async ([program = "", ...words], input, { folder, without, interactive = false }) => {
    // Loaded only now, since few runs start a program.
    const [{ spawn }, { isatty }] = await Promise.all([import("node:child_process"), import("node:tty")]);
    return new Promise((resolve, reject) => {
      const child = spawn(program, words, {
        cwd: folder,
        env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !without.includes(name))),
        shell: false,
        // A program that would ask at the terminal looks first whether its input is one, as ssh-keygen does for a passphrase.
        stdio: [
          interactive && input === "" && isatty(0) ? "inherit" : "pipe",
          "ignore",
          interactive ? "inherit" : "ignore",
        ],
        timeout: interactive ? LONGEST_INTERACTIVE_MILLISECONDS : LONGEST_MILLISECONDS,
      });
      child.on("error", reject);
      child.on("close", (code) => resolve(code ?? undefined));
      // A program that ends before it has read everything is judged by its exit code.
      child.stdin?.on("error", () => undefined);
      child.stdin?.end(input);
    });
  },
};
