import type { Command } from "commander";
import { type HazardCode, HAZARD_TITLES } from "../model/change.ts";
import { UsageError } from "../model/errors.ts";
import { findClosest } from "./closest.ts";
import { appendWord } from "./global-flags.ts";
import { readCount } from "./globals.ts";
import { harmless } from "./render/harmless.ts";

/** Limits given on the command line; undefined: as the manifest says. */
export interface SafetyFlags {
  readonly maxRemovals: number | undefined;
  readonly maxRemovalPercent: number | undefined;
  readonly minAdmins: number | undefined;
  /** Gates that are passed this once. */
  readonly allow: readonly HazardCode[];
}

/** The flags as commander leaves them. */
export interface RawSafetyFlags {
  readonly maxRemovals?: string;
  readonly maxRemovalPercent?: string;
  readonly minAdmins?: string;
  readonly allow?: readonly string[];
}

/** Adds the flags that pass a gate. Each names the gate; there is none that passes all. */
export function addSafetyFlags(command: Command): void {
  command
    .option("--max-removals <n>", "most removals in one plan")
    .option("--max-removal-percent <n>", "largest share of a class that one plan may remove")
    .option("--min-admins <n>", "admins that must remain in the account, each organization and each space")
    .option("--allow <gate>", "pass the gate of this name, for this run; repeatable", appendWord);
}

/** Checks the safety flags. Throws UsageError. */
export function readSafetyFlags(raw: RawSafetyFlags): SafetyFlags {
  const percent = readOptional("--max-removal-percent", raw.maxRemovalPercent);
  if (percent !== undefined && percent > 100) {
    throw new UsageError(`--max-removal-percent wants a whole number from 0 to 100, not "${percent}".`);
  }
  return {
    maxRemovals: readOptional("--max-removals", raw.maxRemovals),
    maxRemovalPercent: percent,
    minAdmins: readOptional("--min-admins", raw.minAdmins),
    allow: (raw.allow ?? []).map(readGate),
  };
}

/** The safety flags as words, for the ledger. */
export function spellSafetyFlags(flags: SafetyFlags): readonly string[] {
  return [
    ...spell("--max-removals", flags.maxRemovals),
    ...spell("--max-removal-percent", flags.maxRemovalPercent),
    ...spell("--min-admins", flags.minAdmins),
    ...flags.allow.map((gate) => `--allow ${gate}`),
  ];
}

function spell(flag: string, value: number | undefined): readonly string[] {
  return value === undefined ? [] : [`${flag} ${value}`];
}

function readOptional(flag: string, text: string | undefined): number | undefined {
  return text === undefined ? undefined : readCount(flag, text, 0);
}

function readGate(word: string): HazardCode {
  const gates = Object.keys(HAZARD_TITLES) as HazardCode[];
  const gate = gates.find((candidate) => candidate === word);
  if (gate !== undefined) return gate;
  const closest = findClosest(word, gates);
  throw new UsageError(
    `--allow names "${harmless(word)}", which is no gate.`,
    closest === undefined ? `Gates are: ${gates.join(", ")}.` : `Did you mean ${closest}?`,
  );
}
