import type { Limits } from "../model/policy.ts";

/** The flags as words, for the ledger and for whoever reads the plan. */
export function spellLimits(limits: Limits): readonly string[] {
  return [
    ...spell("--max-removals", limits.maxRemovals),
    ...spell("--max-removal-percent", limits.maxRemovalPercent),
    ...spell("--min-admins", limits.minAdmins),
    ...limits.allow.map((gate) => `--allow ${gate}`),
    ...limits.targets.map((pattern) => `--target ${pattern}`),
    ...limits.excludes.map((pattern) => `--exclude ${pattern}`),
  ];
}

function spell(flag: string, value: number | undefined): readonly string[] {
  return value === undefined ? [] : [`${flag} ${value}`];
}
