import type { Command } from "commander";
import { findClosest } from "../../engine/find-closest.ts";
import { spellLimits } from "../../engine/spell-limits.ts";
import { parseAddress } from "../../model/address.ts";
import { HAZARD_TITLES, type HazardCode } from "../../model/change.ts";
import { UsageError } from "../../model/errors.ts";
import type { Limits } from "../../model/policy.ts";
import { harmless } from "../render/harmless.ts";
import { appendWord } from "./global-flags.ts";
import { readCount } from "./globals.ts";

/** The flags as commander leaves them. */
export interface RawLimitFlags {
  readonly maxRemovals?: string;
  readonly maxRemovalPercent?: string;
  readonly minAdmins?: string;
  readonly allow?: readonly string[];
  readonly target?: readonly string[];
  readonly exclude?: readonly string[];
}

/** Adds the flags that narrow a plan, and those that pass a gate. Each of these names its gate; there is none that passes all. */
export function addLimitFlags(command: Command): void {
  command
    .option("--target <address>", "plan only what fits this address pattern; repeatable", appendWord)
    .option("--exclude <address>", "leave out what fits this address pattern; repeatable", appendWord)
    .option("--max-removals <n>", "most removals in one plan")
    .option("--max-removal-percent <n>", "largest share of a class that one plan may remove")
    .option("--min-admins <n>", "admins that must remain in the account, each organization and each space")
    .option("--allow <gate>", "pass the gate of this name, this once; repeatable", appendWord);
}

/** Checks the flags. Throws UsageError. */
export function readLimits(raw: RawLimitFlags): Limits {
  const percent = readOptional("--max-removal-percent", raw.maxRemovalPercent);
  if (percent !== undefined && percent > 100) {
    throw new UsageError(`--max-removal-percent wants a whole number from 0 to 100, not ${percent}.`);
  }
  const maxRemovals = readOptional("--max-removals", raw.maxRemovals);
  const minAdmins = readOptional("--min-admins", raw.minAdmins);
  return {
    ...(maxRemovals !== undefined && { maxRemovals }),
    ...(percent !== undefined && { maxRemovalPercent: percent }),
    ...(minAdmins !== undefined && { minAdmins }),
    allow: (raw.allow ?? []).map(readGate),
    targets: (raw.target ?? []).map((pattern) => readPattern("--target", pattern)),
    excludes: (raw.exclude ?? []).map((pattern) => readPattern("--exclude", pattern)),
  };
}

/** The flags of the whole. Throws UsageError. */
export function readWholeLimits(
  raw: Pick<RawLimitFlags, "maxRemovals" | "maxRemovalPercent" | "allow">,
): Pick<Limits, "maxRemovals" | "maxRemovalPercent" | "allow"> {
  const { targets: _, excludes: _none, minAdmins: _other, ...limits } = readLimits(raw);
  const strange = limits.allow.find((gate) => gate !== "mass-removal" && gate !== "assertion");
  if (strange === undefined) return limits;
  throw new UsageError(`--allow ${strange} is for the plan of a part.`, "The whole has mass-removal and assertion.");
}

/** True when at least one of the flags was given. */
export function isLimited(limits: Limits): boolean {
  return spellLimits(limits).length > 0;
}

function readOptional(flag: string, text: string | undefined): number | undefined {
  return text === undefined ? undefined : readCount(flag, text, 0);
}

/** What blocks by its nature: no flag makes it right. */
const NEVER_PASSED: readonly HazardCode[] = ["protected", "in-use", "must-exist"];

function readGate(word: string): HazardCode {
  const all = Object.keys(HAZARD_TITLES) as HazardCode[];
  const gates = all.filter((code) => !NEVER_PASSED.includes(code));
  const gate = gates.find((candidate) => candidate === word);
  if (gate !== undefined) return gate;
  const closest = findClosest(word, gates);
  throw new UsageError(
    `--allow names "${harmless(word)}", which is no gate.`,
    closest === undefined ? `Gates are: ${gates.join(", ")}.` : `Did you mean ${closest}?`,
  );
}

/** An address or a pattern over addresses. Throws UsageError. */
export function readPattern(flag: string, pattern: string): string {
  if (parseAddress(pattern) !== undefined) return pattern;
  throw new UsageError(
    `${flag} wants an address pattern, not "${harmless(pattern)}".`,
    `Write kind:path, such as "space:Platform Team/*" or "*:Platform Team/**".`,
  );
}
