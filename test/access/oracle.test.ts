import fc from "fast-check";
import { expect, test } from "vitest";
import { evaluateAccess } from "../../src/access/effective-access.ts";
import { PROJECT_ROLE_PERMISSIONS, SPACE_ROLE_PERMISSIONS } from "../../src/access/predefined-roles.ts";
import type { AccessSettings, EffectiveAccess } from "../../src/model/access.ts";
import { judgeByFormula, type Opinion, type Story } from "../support/oracle-access.ts";
import { addressOf, anyStory, listSpots, personOf, renderWorld, tellWorld } from "../support/random-stories.ts";

const DOCUMENTED = { space: SPACE_ROLE_PERMISSIONS, project: PROJECT_ROLE_PERMISSIONS };
const SETTINGS: readonly AccessSettings[] = [0, 1, 2, 3, 4, 5, 6, 7].map((bits) => ({
  bindingOpensPrivateSpace: (bits & 1) !== 0,
  bindingWorksOutsideOrganization: (bits & 2) !== 0,
  annotatorMayHoldBinding: (bits & 4) !== 0,
}));

function isAgreed(
  { permissions, isLowerBound, isPending }: EffectiveAccess,
  { holds, unsure, waits }: Opinion,
): boolean {
  if (isLowerBound !== unsure || isPending !== waits) return false;
  if (permissions === "all" || holds === "everything") return permissions === "all" && holds === "everything";
  return permissions.size === holds.size && [...permissions].every((permission) => holds.has(permission));
}

/** The first person, place and settings on which the two disagree, told readably; undefined where they agree on all. */
function findDifference(story: Story): string | undefined {
  const world = tellWorld(story);
  const spots = listSpots(story).map((spot) => ({ spot, place: addressOf(spot) }));
  for (const name of Object.keys(story.people)) {
    const person = personOf(name);
    for (const { spot, place } of spots) {
      for (const settings of SETTINGS) {
        const access = evaluateAccess(world, person, place, settings);
        const opinion = judgeByFormula(story, name, spot, settings, DOCUMENTED);
        if (isAgreed(access, opinion)) continue;
        const told = (value: unknown): string =>
          JSON.stringify(value, (_key, part: unknown) => (part instanceof Set ? [...part].sort() : part), 2);
        return `${name} on ${place} with ${told(settings)}\nin\n${renderWorld(world)}\nevaluated: ${told(access)}\nby the formula: ${told(opinion)}`;
      }
    }
  }
  return undefined;
}

test("every answer is what the published formula gives, in every small company, however silent points are settled", () => {
  const result = fc.check(
    fc.property(anyStory, (story) => findDifference(story) === undefined),
    { numRuns: 3000, seed: 20_261_121 },
  );
  const [story] = result.counterexample ?? [];
  expect(story === undefined ? undefined : findDifference(story)).toBeUndefined();
  expect(result.failed).toBe(false);
});
