import type { Grant } from "../../model/manifest.ts";
import { quoteName } from "../quote-name.ts";
import { isEmail } from "../read-email.ts";
import type { CheckContext } from "./check-context.ts";
import type { GrantScope } from "./list-scopes.ts";

/** Whoever is in a space or bound on a project is in the organization, where its members are written at all. */
export function checkMembership({ draft, scopes, problems }: CheckContext): void {
  for (const scope of scopes) {
    if (scope.organizationScope === undefined) continue;
    for (const person of scope.grants.keys()) {
      const isFaultElsewhere = !isEmail(person) || draft.people?.has(person) === false;
      if (isFaultElsewhere) continue;
      const grant = (): Grant => scope.grants.get(person) as Grant;
      if (!scope.organizationScope.people.has(person)) reportOutsider(scope, grant(), problems);
      else if (lacksEntry(scope, person)) reportNoEntry(scope, grant(), problems);
    }
  }
}

function reportOutsider(scope: GrantScope, grant: Grant, problems: CheckContext["problems"]): void {
  const organization = quoteName(scope.path[0] ?? "");
  const section = scope.organizationScope?.written.at;
  problems.report(scope.level === "space" ? "AX214" : "AX215", {
    at: grant.at,
    detail: `${quoteName(grant.person)} is not among the members of the organization ${organization}; the platform refuses them ${scope.level === "space" ? "in its spaces" : "on its projects"}.`,
    fix: `Add the person to the members of ${organization}, or remove them here.`,
    ...(section === undefined ? {} : { related: [{ at: section, message: "The members are written here." }] }),
  });
}

/** Admins of the organization enter every space; a space whose members are not written may admit anybody. */
function lacksEntry(scope: GrantScope, person: string): boolean {
  if (scope.level !== "project" || scope.space?.private !== true || scope.spaceScope === undefined) return false;
  if (scope.organizationScope?.grants.get(person)?.role === "admin") return false;
  return !scope.spaceScope.people.has(person);
}

function reportNoEntry(scope: GrantScope, grant: Grant, problems: CheckContext["problems"]): void {
  problems.report("AX227", {
    at: grant.at,
    detail: `${quoteName(grant.person)} is not among the members of the private space ${quoteName(scope.path[1] ?? "")}; whether a binding alone lets them in is not documented.`,
    fix: "Add the person to the members of the space.",
  });
}
