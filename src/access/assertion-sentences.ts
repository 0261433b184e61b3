import type { AccessPath, EffectiveAccess } from "../model/access.ts";
import { type Address, pathPart } from "../model/address.ts";
import type { Assertion } from "../model/assertion.ts";

/** An assertion as a sentence: "None of group:contractors has PROJECT_SPAN_READ on project:Platform Team/**." */
export function describeAssertion(assertion: Assertion): string {
  const { rule, permissions, on } = assertion;
  const word = rule === "never" || rule === "only" ? "any of" : "all of";
  return `${saySubjects(assertion)} ${listNames(permissions, word)} on ${on.join(", ")}.`;
}

function saySubjects({ who, rule, count }: Assertion): string {
  const isEverybody = who.words.includes("*");
  const subjects = isEverybody ? "everybody" : who.words.join(", ");
  switch (rule) {
    case "can":
      return isEverybody ? "Everybody has" : `Each of ${subjects} has`;
    case "never":
      return isEverybody ? "Nobody has" : `None of ${subjects} has`;
    case "only":
      return `Nobody but ${subjects} has`;
    case "at-least":
      return `At least ${count} of ${subjects} ${count === 1 ? "has" : "have"}`;
  }
}

/** Why somebody has too much: what they have, or what is not known of them. */
export function describeHolding(of: {
  readonly person: Address;
  readonly access: EffectiveAccess;
  readonly held: readonly string[];
  readonly permissions: readonly string[];
  readonly paths: readonly AccessPath[];
}): string {
  const name = nameOf(of.person);
  if (of.held.length > 0) {
    return `${name} has ${listNames(of.held, "")}${of.access.isPending ? " once the invitation is accepted" : ""}.`;
  }
  return `That ${name} does not have ${listNames(of.permissions, "any of")} cannot be shown: ${sayUnknown(of.paths)}.`;
}

/** Why somebody has too little: what they lack, what is not known of them, or that they have not come yet. */
export function describeLacking(of: {
  readonly person: Address;
  readonly access: EffectiveAccess;
  readonly lacking: readonly string[];
}): string {
  const name = nameOf(of.person);
  if (of.lacking.length === 0) return `${name} was invited and has not come yet.`;
  const lacking = listNames(of.lacking, "");
  if (!of.access.isLowerBound) return `${name} does not have ${lacking}.`;
  const unknown = of.access.paths.filter(({ permissions }) => permissions === "unknown");
  return `Whether ${name} has ${lacking} is not known: ${sayUnknown(unknown)}.`;
}

/** How many there are where more are wanted, and who they are. */
export function describeTooFew(able: readonly Address[], count: number): string {
  const names = listNames(able.map(nameOf), "");
  return able.length === 0 ? `Nobody has; ${count} must.` : `Only ${able.length} of ${count}: ${names}.`;
}

function sayUnknown(paths: readonly AccessPath[]): string {
  const roles = [...new Set(paths.map(({ role }) => roleName(role)))];
  return `the contents of ${roles.length === 1 ? "the role" : "the roles"} ${roles.join(", ")} are not known`;
}

function roleName(role: string): string {
  if (role === "?") return "that cannot be seen";
  return role.includes(":") ? pathPart(role as Address, 0) : role;
}

function nameOf(person: Address): string {
  return pathPart(person, 0);
}

const MAX_LISTED = 4;

/** Names in a row, with a word before them where there are several; of many only the first. */
function listNames(names: readonly string[], before: string): string {
  const [first = "", ...others] = names;
  if (others.length === 0) return first;
  const shown = names.length > MAX_LISTED ? names.slice(0, MAX_LISTED - 1) : names;
  const rest = names.length > shown.length ? ` and ${names.length - shown.length} more` : "";
  return `${before === "" ? "" : `${before} `}${shown.join(", ")}${rest}`;
}
