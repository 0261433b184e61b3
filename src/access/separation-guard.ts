import type { AccessDelta, AccessSettings, AccessShift, EffectiveAccess } from "../model/access.ts";
import { type Address, compileAddressPattern, kindOf, pathText } from "../model/address.ts";
import type { SeparationRule } from "../model/assertion.ts";
import type { DraftChange, Worlds } from "../model/kind.ts";
import type { Policy } from "../model/policy.ts";
import type { Resource, World } from "../model/resource.ts";
import { evaluateAccess } from "./effective-access.ts";
import { containerPaths } from "./holders-near.ts";
import { appendTo, nameFirst, type StepFinding } from "./step-finding.ts";

/**
 * Blocks what gives one person, in one place, two permissions that the policy keeps apart. Whoever held both before, and built-in
 * admins, are no case of it.
 */
export function guardSeparation(input: {
  readonly worlds: Worlds;
  readonly changes: readonly DraftChange[];
  readonly delta: AccessDelta;
  readonly policy: Policy;
}): readonly StepFinding[] {
  const settings = input.policy.assume;
  return input.policy.separate.flatMap((rule) => [
    ...judgeRule(rule, { ...input, settings }),
    ...judgeRoles(rule, input.changes),
  ]);
}

/** A role that comes to hold both is told by itself: whoever holds it may be where nobody can look. */
function judgeRoles({ permissions }: SeparationRule, changes: readonly DraftChange[]): readonly StepFinding[] {
  const pair = permissions.join(" and ");
  return changes
    .filter(({ op, address }) => op === "update" && kindOf(address) === "role")
    .filter(({ before, after }) => joins(after, permissions) && !joins(before, permissions))
    .map(({ address }) => ({
      step: address,
      finding: { code: "separation", detail: `The policy keeps ${pair} apart; the role comes to hold both.` },
    }));
}

function joins(role: Resource | undefined, permissions: readonly string[]): boolean {
  const held = Object.keys(role?.spec["permissions"] ?? {});
  return permissions.every((name) => held.includes(name));
}

interface Case {
  readonly person: Address;
  readonly place: Address;
}

function judgeRule(
  rule: SeparationRule,
  { worlds, delta, settings }: Pick<CaseInput, "worlds" | "delta" | "settings">,
): readonly StepFinding[] {
  const placesIn = listFitting(rule, worlds.planned);
  const cases = new Map<Address, Case[]>();
  for (const shift of delta.shifts) {
    for (const found of findCases({ rule, shift, delta, worlds, settings, placesIn })) {
      for (const step of shift.givenBy) appendTo(cases, step, found);
    }
  }
  const pair = rule.permissions.join(" and ");
  return [...cases].map(([step, found]) => {
    const who = nameFirst(
      found.map(({ person, place }) => `${pathText(person)} in ${place}`),
      5,
    );
    return {
      step,
      finding: { code: "separation", detail: `The policy keeps ${pair} apart; both would come to ${who}.` },
    };
  });
}

interface CaseInput {
  readonly rule: SeparationRule;
  readonly shift: AccessShift;
  readonly delta: AccessDelta;
  readonly worlds: Worlds;
  readonly settings: AccessSettings;
  readonly placesIn: PlacesIn;
}

function findCases({ rule, shift, delta: { sets }, worlds, settings, placesIn }: CaseInput): readonly Case[] {
  const { person, place, within, before, after } = shift;
  if (place === "account" || after.permissions === "all") return [];
  const holds = (name: string): boolean =>
    name === "all" || rule.permissions.every((permission) => sets[name]?.includes(permission) === true);
  if (!holds(after.permissions) || holds(before.permissions)) return [];
  if (placesIn.fits(place)) return [{ person, place }];
  const inside = placesIn.inside(place);
  if (inside === undefined || within.spaces + within.projects === 0) return [];
  // Not all that is in a place shares its difference: each is asked for itself.
  return inside
    .filter((inner) => {
      const was = evaluateAccess(worlds.live, person, inner, settings).permissions;
      const is = evaluateAccess(worlds.planned, person, inner, settings).permissions;
      return is !== "all" && holdsBoth(is, rule) && !holdsBoth(was, rule);
    })
    .map((inner) => ({ person, place: inner }));
}

function holdsBoth(held: EffectiveAccess["permissions"], { permissions }: SeparationRule): boolean {
  return held === "all" || permissions.every((permission) => held.has(permission));
}

/** Which places a rule speaks of. */
interface PlacesIn {
  fits(place: Address): boolean;
  /** Those within another place; undefined where there are none. */
  inside(place: Address): readonly Address[] | undefined;
}

function listFitting({ on }: SeparationRule, planned: World): PlacesIn {
  const fits = on === undefined ? () => true : compileAddressPattern(on);
  const inside = new Map<string, Address[]>();
  for (const { address, kind } of planned.values()) {
    // Stryker disable next-line all: only saves asking who may do what in something that is no place.
    if (kind !== "space" && kind !== "project") continue;
    if (!fits(address)) continue;
    for (const path of containerPaths(address)) appendTo(inside, path, address);
  }
  return { fits, inside: (place) => inside.get(pathText(place)) };
}
