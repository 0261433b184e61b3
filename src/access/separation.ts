import type { AccessPath, AccessSettings, PermissionSet } from "../model/access.ts";
import { type Address, compareAddresses, compileAddressPattern } from "../model/address.ts";
import type { SeparationRule } from "../model/assertion.ts";
import type { World } from "../model/resource.ts";
import { evaluateAccess } from "./effective-access.ts";
import { indexHolders } from "./holders-near.ts";
import type { AccessEntry } from "./questions.ts";

/** Somebody who holds, in one place, both permissions that are to be kept apart. */
export interface SeparationBreach {
  readonly person: Address;
  readonly place: Address;
  readonly rule: SeparationRule;
  /** True when the person was invited and has not come yet: they hold both once they do. */
  readonly isPending: boolean;
  /** The grants that give one of the two, or both. */
  readonly paths: readonly AccessPath[];
}

/**
 * Everybody who holds both permissions of a pair in one of the places, place by place, by person, in the order of the rules.
 * Costs nothing where there are no rules, and looks only at people with a grant on the way to the place.
 */
export function findSeparationBreaches(
  world: World,
  rules: readonly SeparationRule[],
  places: readonly Address[],
  settings: AccessSettings,
): readonly SeparationBreach[] {
  if (rules.length === 0) return [];
  const near = indexHolders(world);
  const judge = compileSeparation(rules);
  const tests = rules.map(compilePlaces);
  return places
    .filter((place) => tests.some((fits) => fits(place)))
    .flatMap((place) =>
      near(place)
        .flatMap((person) => judge({ person, place, access: evaluateAccess(world, person, place, settings) }))
        .sort((a, b) => compareAddresses(a.person, b.person)),
    );
}

/**
 * Prepares the judgement on one person in one place. Built-in admins hold everything and are not meant. What is known counts:
 * a role of unknown contents gives nobody away.
 */
export function compileSeparation(
  rules: readonly SeparationRule[],
): (entry: AccessEntry) => readonly SeparationBreach[] {
  const compiled = rules.map((rule) => ({ rule, fits: compilePlaces(rule) }));
  return ({ person, place, access }) => {
    const { permissions, isPending } = access;
    if (permissions === "all") return [];
    return compiled
      .filter(({ rule, fits }) => rule.permissions.every((name) => permissions.has(name)) && fits(place))
      .map(({ rule }) => {
        const paths = access.paths.filter(({ permissions: given }) =>
          rule.permissions.some((name) => gives(given, name)),
        );
        return { person, place, rule, isPending, paths };
      });
  };
}

function compilePlaces({ on }: SeparationRule): (place: Address) => boolean {
  return on === undefined ? () => true : compileAddressPattern(on);
}

function gives(permissions: PermissionSet, name: string): boolean {
  return typeof permissions === "object" && permissions.has(name);
}
