import type { Command } from "commander";
import { parseAddress } from "../model/address.ts";
import { UsageError } from "../model/errors.ts";
import { appendWord } from "./global-flags.ts";
import { harmless } from "./render/harmless.ts";

/** Address patterns that narrow a plan; empty `targets` means everything. */
export interface ScopeFlags {
  readonly targets: readonly string[];
  readonly excludes: readonly string[];
}

/** The flags as commander leaves them. */
export interface RawScopeFlags {
  readonly target?: readonly string[];
  readonly exclude?: readonly string[];
}

/** Adds the flags that narrow a plan. */
export function addScopeFlags(command: Command): void {
  command
    .option("--target <address>", "plan only what fits this address pattern, and what it depends on; repeatable", appendWord)
    .option("--exclude <address>", "leave out what fits this address pattern, and what depends on it; repeatable", appendWord);
}

/** Checks the patterns. Throws UsageError. */
export function readScopeFlags(raw: RawScopeFlags): ScopeFlags {
  return {
    targets: (raw.target ?? []).map((pattern) => readPattern("--target", pattern)),
    excludes: (raw.exclude ?? []).map((pattern) => readPattern("--exclude", pattern)),
  };
}

function readPattern(flag: string, pattern: string): string {
  if (parseAddress(pattern) !== undefined) return pattern;
  throw new UsageError(
    `${flag} wants an address pattern, not "${harmless(pattern)}".`,
    `Write kind:path, such as "space:Platform Team/*" or "*:Platform Team/**".`,
  );
}
