import type { AccessPath } from "./access.ts";
import type { Address } from "./address.ts";
import type { Position } from "./diagnostic.ts";

/** Whom an assertion speaks of: everybody for whom one of these is true. */
export interface AssertionSubjects {
  /** As the manifest writes them, for people. */
  readonly words: readonly string[];
  /** E-mail addresses in lower case, groups expanded. */
  readonly people: ReadonlySet<string>;
  /** E-mail patterns in lower case in which `*` stands for any characters. */
  readonly patterns: readonly string[];
  /** Whoever is above the place by a built-in admin role. */
  readonly admins: boolean;
}

/** What an assertion demands of its subjects. */
export type AssertionRule =
  /** Each of them has each of the permissions. */
  | "can"
  /** None of them has any of the permissions. */
  | "never"
  /** Nobody else has any of the permissions. */
  | "only"
  /** So many of them have all of the permissions. */
  | "at-least";

/** A statement about who may do what that must hold, in every organization, space and project that `on` fits. */
export interface Assertion {
  readonly at: Position;
  readonly who: AssertionSubjects;
  /** Address patterns. */
  readonly on: readonly string[];
  readonly rule: AssertionRule;
  /** Identifiers, globs resolved, sorted. */
  readonly permissions: readonly string[];
  /** For `at-least`: how many people. */
  readonly count: number;
}

/** An assertion that does not hold, with the case that shows it. */
export interface AssertionFailure {
  /** `file:line:column` of the assertion. */
  readonly source: string;
  /** The assertion as a sentence. */
  readonly statement: string;
  /** What is the case instead, as a sentence. */
  readonly detail: string;
  /** The place where it fails. */
  readonly place: Address;
  /** The person who has too much, or too little; left out where nobody in particular does. */
  readonly person?: Address;
  /** How the person comes to it; empty where something is lacking. */
  readonly paths: readonly Pick<AccessPath, "reason" | "grant" | "role">[];
}

/** Two permissions that nobody may hold in the same place; built-in admins, who hold everything, aside. */
export interface SeparationRule {
  readonly permissions: readonly [string, string];
  /** Address pattern of organizations, spaces and projects; undefined: everywhere. */
  readonly on: string | undefined;
}
