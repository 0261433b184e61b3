import { describeAssertion } from "../../access/assertion-sentences.ts";
import { checkAssertions, findPlacelessAssertions } from "../../access/assertions.ts";
import { listPlaces } from "../../access/questions.ts";
import { findSeparationBreaches, type SeparationBreach } from "../../access/separation.ts";
import type { Assertion, AssertionFailure, SeparationRule } from "../../model/assertion.ts";
import { formatPosition } from "../../model/diagnostic.ts";
import type { Manifest } from "../../model/manifest.ts";
import type { World } from "../../model/resource.ts";

/** What became of one assertion. */
export interface JudgedAssertion {
  readonly assertion: Assertion;
  readonly statement: string;
  readonly failures: readonly AssertionFailure[];
  /** True when there is no place that it speaks of: it holds, and says nothing. */
  readonly isPlaceless: boolean;
}

/** What became of one pair of permissions that are to be kept apart. */
export interface JudgedSeparation {
  readonly rule: SeparationRule;
  readonly statement: string;
  readonly breaches: readonly SeparationBreach[];
}

/** What a world makes of everything that must hold. */
export interface Verdict {
  readonly assertions: readonly JudgedAssertion[];
  readonly separations: readonly JudgedSeparation[];
}

/** Holds everything that a manifest says must hold against a world, whether declared, live or planned. */
export function judgeWorld(world: World, { assertions, policy }: Pick<Manifest, "assertions" | "policy">): Verdict {
  const failures = checkAssertions(assertions, world, policy.assume);
  const placeless = new Set(findPlacelessAssertions(assertions, world));
  const breaches = findSeparationBreaches(world, policy.separate, listPlaces(world), policy.assume);
  return {
    assertions: assertions.map((assertion) => ({
      assertion,
      statement: describeAssertion(assertion),
      failures: failures.filter(({ source }) => source === formatPosition(assertion.at)),
      isPlaceless: placeless.has(assertion),
    })),
    separations: policy.separate.map((rule) => ({
      rule,
      statement: describeSeparation(rule),
      breaches: breaches.filter((breach) => breach.rule === rule),
    })),
  };
}

/** True when something does not hold. */
export function hasFailed({ assertions, separations }: Verdict): boolean {
  return (
    assertions.some(({ failures }) => failures.length > 0) || separations.some(({ breaches }) => breaches.length > 0)
  );
}

function describeSeparation({ permissions, on }: SeparationRule): string {
  return `Nobody but admins has both ${permissions.join(" and ")} ${on === undefined ? "in one place" : `on ${on}`}.`;
}
