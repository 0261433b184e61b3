import type { Io } from "./io.ts";
import { readVersion } from "./package-files.ts";

/** Runs one command line and resolves to its exit code; prints through `io` only and never ends the process. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  if (asksForVersion(argv)) {
    const version = await readVersion();
    io.stdout.write(argv.includes("--json") ? `${JSON.stringify({ version })}\n` : `${version}\n`);
    return 0;
  }
  const { runCommand } = await import("./run-command.ts");
  return await runCommand(argv, io);
}

/** `--version` before any command; answered before anything else is loaded. */
function asksForVersion(argv: readonly string[]): boolean {
  const first = argv.find((word) => word !== "--json");
  return first === "--version" || first === "-V";
}
