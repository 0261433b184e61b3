import type { Placed } from "../../model/manifest.ts";
import { ADMINS } from "../build-assertion.ts";
import { type DraftAssertion, groupNameOf } from "../draft.ts";
import { quoteName } from "../quote-name.ts";
import { isEmail } from "../read-email.ts";
import { suggestWord } from "../suggest-word.ts";
import type { CheckContext } from "./check-context.ts";

/** Every assertion demands one thing, of people who are named in a way that can fit somebody. */
export function checkAssertions({ draft, problems }: CheckContext): void {
  for (const assertion of draft.assertions) {
    checkDemand(assertion, problems);
    for (const who of assertion.who) checkSubject(who, { draft, problems });
  }
}

function checkDemand({ at, demands, atLeast }: DraftAssertion, problems: CheckContext["problems"]): void {
  if (demands.length !== 1) {
    const written = demands.map(({ rule }) => rule).join(", ");
    problems.report("AX229", {
      at,
      detail:
        demands.length === 0
          ? "The assertion demands nothing: one of can, never and only is missing."
          : `The assertion demands several things at once: ${written}.`,
      fix: "Write exactly one of can, never and only; for several write several assertions.",
    });
  } else if (atLeast !== undefined && demands[0]?.rule !== "can") {
    problems.report("AX229", {
      at: atLeast.at,
      detail: `at_least counts those who can, and the assertion says ${demands[0]?.rule}.`,
      fix: "Write can, or remove at_least.",
    });
  }
}

type Subject = Pick<CheckContext, "draft" | "problems">;

function checkSubject({ value, at }: Placed<string>, { draft, problems }: Subject): void {
  const group = groupNameOf(value);
  if (group !== undefined) {
    if (!draft.groups.has(group)) reportGroup({ value: group, at }, { draft, problems });
  } else if (value.includes("*")) {
    if (!PATTERN.test(value)) reportNobody({ value, at }, { draft, problems });
  } else if (value !== ADMINS) {
    if (!isEmail(value)) reportNobody({ value, at }, { draft, problems });
    else if (draft.people !== undefined && !draft.people.has(value)) reportStranger({ value, at }, { draft, problems });
  }
}

/** What can fit an e-mail: no white space, and one `@` at most. */
const PATTERN = /^[^\s@:/]*(?:@[^\s@:/]*)?$/u;

function reportGroup({ value, at }: Placed<string>, { draft, problems }: Subject): void {
  const meant = suggestWord(value, draft.groups.keys());
  problems.report("AX205", {
    at,
    detail: `No group is called ${quoteName(value)} in this manifest.`,
    fix: meant === undefined ? "Declare it in groups, or write the people." : `Did you mean "group:${meant}"?`,
  });
}

function reportNobody({ value, at }: Placed<string>, { draft, problems }: Subject): void {
  const isGroup = draft.groups.has(value);
  problems.report("AX202", {
    at,
    detail: `${quoteName(value)} is neither an e-mail address nor a pattern of one.`,
    fix: isGroup
      ? `Write group:${value} for the group of that name.`
      : suggestWord(value, [ADMINS]) === undefined
        ? "Write an e-mail, an e-mail with * in it, group:name, or admins."
        : `Did you mean "${ADMINS}"?`,
  });
}

/** A misspelt name in an assertion would hold without saying anything. */
function reportStranger({ value, at }: Placed<string>, { draft, problems }: Subject): void {
  const meant = suggestWord(value, draft.people?.keys() ?? []);
  problems.report("AX203", {
    at,
    detail: `${quoteName(value)} is not listed in people.`,
    fix: meant === undefined ? "Add the person to people, or name them by a pattern." : `Did you mean "${meant}"?`,
  });
}
