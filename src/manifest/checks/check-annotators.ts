import type { Position } from "../../model/diagnostic.ts";
import type { Grant } from "../../model/manifest.ts";
import { quoteName } from "../quote-name.ts";
import type { CheckContext } from "./check-context.ts";

/** An annotator of the account is an annotator in every organization and space, and nobody else is one: the platform refuses the rest. */
export function checkAnnotators({ draft, scopes, problems }: CheckContext): void {
  const known = new Map<string, OtherRole>();
  for (const { email, role, roleAt } of draft.people?.values() ?? []) {
    if (role !== undefined) known.set(email, { at: () => roleAt, role, where: "in the account" });
  }
  for (const scope of scopes) {
    // Roles on single projects are not part of the rule.
    if (scope.level === "project") continue;
    for (const [person, role] of scope.roles) {
      const other = known.get(person);
      const grant = (): Grant => scope.grants.get(person) as Grant;
      if (other === undefined) known.set(person, { at: () => grant().at, role, where: "elsewhere" });
      else if ((other.role === "annotator") !== (role === "annotator")) reportMixed(grant(), other, problems);
    }
  }
}

interface OtherRole {
  readonly at: () => Position;
  readonly role: string;
  readonly where: string;
}

function reportMixed(grant: Grant, other: OtherRole, problems: CheckContext["problems"]): void {
  const here = grant.role.replace(/^role:/u, "");
  problems.report("AX213", {
    at: grant.at,
    detail: `${quoteName(grant.person)} is given the role ${quoteName(here)} here and has the role ${quoteName(other.role.replace(/^role:/u, ""))} ${other.where}. An annotator is an annotator in every organization and space; nobody else is one anywhere.`,
    fix:
      grant.role === "annotator"
        ? "Give another role here, or make the person an annotator everywhere."
        : "Write annotator here, or give the person another role in the account and everywhere else.",
    related: [{ at: other.at(), message: "The other role is written here." }],
  });
}
