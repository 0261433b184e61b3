import { type JudgedAssertion, judgeAssertions } from "../../access/assertions.ts";
import { listPlaces } from "../../access/questions.ts";
import { findSeparationBreaches, type SeparationBreach } from "../../access/separation.ts";
import type { SeparationRule } from "../../model/assertion.ts";
import type { Manifest } from "../../model/manifest.ts";
import type { World } from "../../model/resource.ts";

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
  const breaches = findSeparationBreaches(world, policy.separate, listPlaces(world), policy.assume);
  return {
    assertions: judgeAssertions(assertions, world, policy.assume),
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
