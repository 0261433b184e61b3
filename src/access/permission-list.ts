import type { AccessPath, EffectiveAccess } from "../model/access.ts";
import { type Address, pathPart } from "../model/address.ts";

/** What somebody holds, for comparing: sorted identifiers, or everything. A role of unknown contents stands in it as a word of its own. */
export type Holding = readonly string[] | "all";

/** What an answer of the evaluator comes to. */
export function listHolding({ permissions, paths }: Pick<EffectiveAccess, "permissions" | "paths">): Holding {
  if (permissions === "all") return "all";
  const unknown = paths.filter((path) => path.permissions === "unknown");
  return unknown.length === 0
    ? listSet(permissions)
    : [...new Set([...permissions, ...unknown.map(nameUnknown)])].sort();
}

/** A role's set of permissions is asked for once for each who holds it. */
const listed = new WeakMap<ReadonlySet<string>, readonly string[]>();

function listSet(permissions: ReadonlySet<string>): readonly string[] {
  const known = listed.get(permissions) ?? [...permissions].sort();
  listed.set(permissions, known);
  return known;
}

/** What is in one holding and not in the other. Of everything, nothing but everything can be missing. */
export function subtractHolding(from: Holding, what: Holding): Holding {
  if (what === "all" || from === what) return [];
  if (from === "all" || from.length === 0 || what.length === 0) return from;
  const gone = new Set(what);
  return from.filter((permission) => !gone.has(permission));
}

/** What is in both holdings. */
export function intersectHoldings(one: Holding, other: Holding): Holding {
  if (one === "all") return other;
  if (other === "all" || one === other || one.length === 0) return one;
  const kept = new Set(other);
  return one.filter((permission) => kept.has(permission));
}

/** What is in either holding. */
export function joinHoldings(one: Holding, other: Holding): Holding {
  if (isEmpty(one) || one === other) return other;
  if (isEmpty(other)) return one;
  return one === "all" || other === "all" ? "all" : [...new Set([...one, ...other])].sort();
}

/** True when a holding has nothing that is not in one of the others. */
export function isWithin(holding: Holding, others: readonly Holding[]): boolean {
  if (others.includes("all") || others.includes(holding)) return true;
  if (holding === "all") return false;
  const all = new Set(others.flat());
  return holding.every((permission) => all.has(permission));
}

/** True where both are the same, which most are by being one list. */
export function isSameHolding(one: Holding, other: Holding): boolean {
  return one === other || String(one) === String(other);
}

/** True for a holding without anything. */
export function isEmpty(holding: Holding): boolean {
  return holding !== "all" && holding.length === 0;
}

/** The word for what a role of unknown contents gives. */
function nameUnknown({ reason, role }: AccessPath): string {
  const name = role.includes(":") ? pathPart(role as Address, 0) : role;
  return `(${reason === "organization-role" ? "organization " : ""}role ${name})`;
}
