#!/usr/bin/env node
import type { Io } from "./io.ts";
import { run } from "./run.ts";

const io: Io = {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  isTty: { stdin: process.stdin.isTTY, stdout: process.stdout.isTTY, stderr: process.stderr.isTTY },
  columns: process.stderr.columns || 80,
  env: process.env,
  cwd: process.cwd(),
  onInterrupt,
};

endQuietlyWhenTheReaderLeaves();
process.exitCode = await run(process.argv.slice(2), io);
// A question that was never answered would keep the process waiting for its line.
process.stdin.destroy();

function onInterrupt(listener: () => void): () => void {
  process.on("SIGINT", listener);
  process.on("SIGTERM", listener);
  return () => {
    process.off("SIGINT", listener);
    process.off("SIGTERM", listener);
  };
}

/** `axcess plan | head` closes the pipe: what is left to print then has nobody to go to, and the run goes on to its end. */
function endQuietlyWhenTheReaderLeaves(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}
