import { type Address, type ClassKey, type KindName, pathText } from "../model/address.ts";
import type { ReadSelection } from "../model/plan.ts";

/** Kinds that decide what one person may do somewhere: keys have bots of their own, and mappings take effect when somebody signs in. */
export const ACCESS_KINDS: ReadonlySet<KindName> = new Set([
  ...(["user", "role", "organization", "space", "project"] as const),
  ...(["org-member", "space-member", "binding", "restriction"] as const),
]);

/** What decides on the access to a place: people, roles, and everything on the way from the account down to it. */
export function listClassesAround(place: Address): readonly ClassKey[] {
  const names = pathText(place).split("/");
  const upTo = (depth: number): string => names.slice(0, depth).join("/");
  const classes: ClassKey[] = ["user@", "role@", "organization@", `org-member@organization:${upTo(1)}`];
  if (names.length > 1) {
    const inSpace = `space:${upTo(2)}`;
    classes.push(`space@organization:${upTo(1)}`, `space-member@${inSpace}`, `project@${inSpace}`);
  }
  if (names.length > 2) classes.push(`binding@project:${upTo(3)}`, `restriction@project:${upTo(3)}`);
  return classes;
}

/**
 * What to read of an account to answer for every place that one of the patterns fits: where a pattern names one place, what
 * decides on it; else everything in what stands before its first wildcard.
 */
export function selectPlaceReads(patterns: readonly string[]): ReadSelection {
  const classes = new Set<ClassKey>();
  const under = new Set<Address | "">();
  for (const pattern of patterns) {
    const { scope, isWhole } = readScope(pattern);
    if (scope === "") for (const key of ["user@", "role@", "organization@"] as const) classes.add(key);
    else for (const key of listClassesAround(scope)) classes.add(key);
    if (isWhole) under.add(scope);
  }
  return { classes, under: [...under].sort() };
}

const KINDS = ["organization", "space", "project"] as const;

/** What the names of a pattern before its first wildcard stand for, and whether what is in it has to be read, too. */
function readScope(pattern: string): { readonly scope: Address | ""; readonly isWhole: boolean } {
  const names = pathText(pattern as Address).split("/");
  const wild = names.findIndex((name) => name.includes("*"));
  const fixed = names.slice(0, wild < 0 ? KINDS.length : Math.min(wild, KINDS.length));
  const kind = KINDS[fixed.length - 1];
  if (kind === undefined) return { scope: "", isWhole: true };
  return { scope: `${kind}:${fixed.join("/")}`, isWhole: wild >= 0 && kind !== "project" };
}
