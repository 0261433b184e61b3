import type { AssumptionCode } from "../model/access.ts";
import { listRolesIn } from "./grant-roles.ts";
import type { Scene, Verdict } from "./scene.ts";

/** Judges the role that a person has on a project itself. Whoever is above the project needs no assumption for it to count. */
export function judgeBinding(scene: Scene, isAbove: boolean): Verdict {
  const paths = listRolesIn(scene.binding, "project-binding", scene.world);
  if (paths.length === 0 || isAbove) return { paths, cutOff: [], assumptions: [] };
  const points = listSilentPoints(scene);
  const refusals = points.filter(({ counts }) => !counts);
  return refusals.length > 0
    ? { paths: [], cutOff: paths, assumptions: refusals.map(({ code }) => code) }
    : { paths, cutOff: [], assumptions: points.map(({ code }) => code) };
}

/** A point on which the documentation is silent and that this case meets, as it is settled. */
interface SilentPoint {
  /** True where the role counts in spite of it. */
  readonly counts: boolean;
  readonly code: AssumptionCode;
}

function listSilentPoints({ settings, user, orgMember, space, spaceMember }: Scene): readonly SilentPoint[] {
  const points: SilentPoint[] = [];
  const meet = (counts: boolean, granting: AssumptionCode, refusing: AssumptionCode): void => {
    points.push({ counts, code: counts ? granting : refusing });
  };
  if (orgMember === undefined) {
    meet(settings.bindingWorksOutsideOrganization, "binding-works-outside-organization", "binding-needs-organization");
  }
  const isPrivate = spaceMember === undefined ? space?.spec["private"] : false;
  if (isPrivate === true) {
    meet(settings.bindingOpensPrivateSpace, "binding-opens-private-space", "binding-does-not-open-private-space");
  } else if (isPrivate === undefined && !settings.bindingOpensPrivateSpace) {
    points.push({ counts: true, code: "public-unless-said" });
  }
  if ([user, orgMember, spaceMember].some((grant) => grant?.spec["role"] === "annotator")) {
    meet(settings.annotatorMayHoldBinding, "annotator-may-hold-binding", "annotator-may-not-hold-binding");
  }
  return points;
}
