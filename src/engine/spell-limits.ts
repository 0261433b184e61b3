import type { Limits } from "../model/policy.ts";

/** The flags that limits come from, as words of a command line. */
export function spellLimits(limits: Limits): readonly string[] {
  return [
    ...spell("--max-removals", limits.maxRemovals),
    ...spell("--max-removal-percent", limits.maxRemovalPercent),
    ...spell("--min-admins", limits.minAdmins),
    ...limits.allow.flatMap((gate) => ["--allow", gate]),
    ...limits.targets.flatMap((pattern) => ["--target", pattern]),
    ...limits.excludes.flatMap((pattern) => ["--exclude", pattern]),
  ];
}

function spell(flag: string, value: number | undefined): readonly string[] {
  return value === undefined ? [] : [flag, String(value)];
}
