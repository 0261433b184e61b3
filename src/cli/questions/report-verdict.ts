import type { JudgedAssertion } from "../../access/assertions.ts";
import type { SeparationBreach } from "../../access/separation.ts";
import { collectProblems } from "../../manifest/collect-problems.ts";
import type { LoadedManifest } from "../../manifest/load-manifest.ts";
import type { Diagnostic, Position } from "../../model/diagnostic.ts";
import { Impossible } from "../../model/errors.ts";
import type { World } from "../../model/resource.ts";
import { renderPath } from "../render/access-text.ts";
import type { JudgedSeparation, Verdict } from "./judge-world.ts";
import { makeSourceOf } from "./see-world.ts";

/** What does not hold on the declared world, as diagnostics of the manifest: each case on its own, with the grant and its line. */
export function reportVerdict(
  verdict: Verdict,
  { world, sources }: { readonly world: World; readonly sources: LoadedManifest["sources"] },
): readonly Diagnostic[] {
  const reporting: Reporting = { world, problems: collectProblems(sources) };
  for (const assertion of verdict.assertions) reportAssertion(assertion, reporting);
  for (const separation of verdict.separations) reportSeparation(separation, reporting);
  return reporting.problems.list();
}

interface Reporting {
  readonly world: World;
  readonly problems: ReturnType<typeof collectProblems>;
}

function reportAssertion(judged: JudgedAssertion, { world, problems }: Reporting): void {
  const { assertion, statement, failures, isPlaceless, isAboutNobody } = judged;
  for (const { place, detail, paths } of failures) {
    problems.report("AX230", {
      at: assertion.at,
      detail: `${statement} In ${place}: ${detail}${tellPaths(paths, world)}`,
      fix: FIXES[assertion.rule],
    });
  }
  if (isPlaceless) {
    problems.report("AX232", {
      at: assertion.at,
      detail: `${statement} The manifest declares no such place.`,
      fix: "Correct `on`; if only the account has such a place, check it with: axcess test --live",
    });
  }
  if (isAboutNobody) {
    problems.report("AX232", {
      at: assertion.at,
      detail: `${statement} The manifest declares nobody who is meant.`,
      fix: "Correct `who`; if only the account has such a person, check it with: axcess test --live",
    });
  }
}

const TOO_MUCH = "Take the access away, or change the assertion.";
const TOO_LITTLE = "Give the access, or change the assertion.";
const FIXES: Readonly<Record<JudgedAssertion["assertion"]["rule"], string>> = {
  can: TOO_LITTLE,
  never: TOO_MUCH,
  only: TOO_MUCH,
  "at-least": TOO_LITTLE,
};

/** Those who hold a pair may do so by a line that says nothing of it: the place is that of the first grant that gives one of the two. */
function reportSeparation({ statement, breaches }: JudgedSeparation, { world, problems }: Reporting): void {
  for (const { person, place, paths } of breaches) {
    problems.report("AX231", {
      at: findPosition(paths, world),
      detail: `${statement} In ${place}, ${person.slice("user:".length)} has both.${tellPaths(paths, world)}`,
      fix: "Take one of the two away, or change `separate`.",
    });
  }
}

function findPosition(paths: SeparationBreach["paths"], world: World): Position {
  for (const { grant } of paths) {
    const origin = world.get(grant)?.origin;
    if (origin?.from === "manifest") return origin.at;
  }
  throw new Impossible("A declared world has a grant that no line of the manifest gives.");
}

function tellPaths(paths: readonly Parameters<typeof renderPath>[0][], world: World): string {
  const sourceOf = makeSourceOf(world);
  return paths.length === 0 ? "" : ` Through ${paths.map((path) => renderPath(path, sourceOf)).join("; ")}.`;
}
