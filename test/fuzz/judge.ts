import { DiagnosedError, FileError, PlatformError, UsageError } from "../../src/model/errors.ts";
import { harmless } from "../../src/model/harmless.ts";
import type { Ran } from "../support/run-axcess.ts";

/** Throws unless an error is one that the documentation knows. */
function requireKnown(error: unknown): void {
  const known = [DiagnosedError, FileError, PlatformError, UsageError];
  if (!known.some((kind) => error instanceof kind)) throw error;
}

/** What some work gives; undefined where it ended with an error that the documentation knows. */
export async function unlessRefused<T>(work: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    requireKnown(error);
    return undefined;
  }
}

/** Throws unless every line of a text can be shown on a terminal as it is. */
export function requireHarmless(text: string): void {
  const line = text.split("\n").find((each) => harmless(each) !== each);
  if (line !== undefined) throw new Error(`not harmless on a terminal: ${harmless(line.slice(0, 300))}`);
}

const EXITS: ReadonlySet<number> = new Set([0, 1, 2, 3, 4, 5, 6, 64]);

/** Throws unless a command ended as the documentation says that commands end. */
export function requireTold({ exit, stdout, stderr }: Ran): void {
  if (!EXITS.has(exit)) throw new Error(`exit code ${exit}`);
  if (stderr.includes("fault of axcess")) throw new Error(stderr);
  if (exit === 1 && stdout === "" && stderr === "") throw new Error("an error without a word");
  requireHarmless(stdout);
  requireHarmless(stderr);
}
