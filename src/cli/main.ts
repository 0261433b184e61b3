#!/usr/bin/env node
import { setFlagsFromString } from "node:v8";
import { listEngineFlags } from "./engine-flags.ts";
import type { Io } from "./io.ts";
import { run } from "./run.ts";

/** A terminal that is gone asks for the same as Ctrl-C. */
const INTERRUPTS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

let isStdinOpen = false;

const io: Io = {
  stdout: process.stdout,
  stderr: process.stderr,
  // Opened only where something is asked: opening it takes longer than reading the command line.
  get stdin() {
    isStdinOpen = true;
    return process.stdin;
  },
  isTty: {
    get stdin() {
      isStdinOpen = true;
      return process.stdin.isTTY;
    },
    stdout: process.stdout.isTTY,
    stderr: process.stderr.isTTY,
  },
  columns: process.stderr.columns || 80,
  env: process.env,
  cwd: process.cwd(),
  onInterrupt,
  onLoaded: tuneEngine,
};

const isWhole = goOnWithoutReaders();
const exit = await run(process.argv.slice(2), io);
process.exitCode = exit === 0 && !isWhole() ? 1 : exit;
// A question that was never answered would keep the process waiting for its line.
if (isStdinOpen) process.stdin.destroy();

/**
 * Not set before the modules are loaded: with any flag that is not as Node was built, V8 refuses the compiled code that Node brings of
 * its own modules, and compiles each anew.
 */
function tuneEngine(): void {
  for (const flag of listEngineFlags(process.versions.v8)) setFlagsFromString(flag);
}

function onInterrupt(listener: () => void): () => void {
  for (const signal of INTERRUPTS) process.on(signal, listener);
  return () => {
    for (const signal of INTERRUPTS) process.off(signal, listener);
  };
}

/**
 * What is printed never ends a run: a reader that left (`axcess apply 2>&1 | head`), or a full disk behind it, takes nothing but
 * what is left to print. What was done goes on, and is written to the ledger. Gives whether the result was printed whole, as far
 * as anybody still reads it: half a result that ends with 0 would be taken for one.
 */
function goOnWithoutReaders(): () => boolean {
  let isWhole = true;
  process.stderr.on("error", () => undefined);
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") return;
    if (isWhole) process.stderr.write(`error  The result is not whole, since it cannot be written: ${error.message}\n`);
    isWhole = false;
    process.exitCode ||= 1;
  });
  return () => isWhole;
}
