import type { JudgedAssertion } from "../../access/assertions.ts";
import { formatPosition } from "../../model/diagnostic.ts";
import type { JudgedSeparation, Verdict } from "../questions/judge-world.ts";
import { renderPath, type SourceOf } from "./access-text.ts";
import { harmless } from "./harmless.ts";
import type { Paint } from "./paint.ts";

/** `ok` or `FAILED` and the sentence of each assertion, and below it every case in which it does not hold, with its grants. */
export function renderVerdict(
  { assertions, separations }: Verdict,
  { sourceOf, paint }: { readonly sourceOf: SourceOf; readonly paint: Paint },
): string {
  const lines = [
    ...assertions.flatMap((judged) => assertionLines(judged, sourceOf, paint)),
    ...separations.flatMap((judged) => separationLines(judged, sourceOf, paint)),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function assertionLines(judged: JudgedAssertion, sourceOf: SourceOf, paint: Paint): readonly string[] {
  const { assertion, statement, failures } = judged;
  return [
    `${word(failures.length === 0, paint)}  ${harmless(statement)}${remarkOn(judged)} · ${harmless(formatPosition(assertion.at))}`,
    ...failures.flatMap(({ place, detail, paths }) => [
      `  ${harmless(place)}: ${harmless(detail)}`,
      ...paths.map((path) => `    through ${renderPath(path, sourceOf)}`),
    ]),
  ];
}

/** What holds and says nothing is told apart from what holds. */
function remarkOn({ isPlaceless, isAboutNobody }: JudgedAssertion): string {
  const where = isPlaceless ? " Nothing is there that it speaks of." : "";
  return `${where}${isAboutNobody ? " But nobody is meant." : ""}`;
}

function separationLines(judged: JudgedSeparation, sourceOf: SourceOf, paint: Paint): readonly string[] {
  const { statement, breaches } = judged;
  return [
    `${word(breaches.length === 0, paint)}  ${harmless(statement)}`,
    ...breaches.flatMap(({ person, place, isPending, paths }) => [
      `  ${harmless(place)}: ${harmless(person.slice("user:".length))} has both${isPending ? " once the invitation is accepted" : ""}.`,
      ...paths.map((path) => `    through ${renderPath(path, sourceOf)}`),
    ]),
  ];
}

function word(holds: boolean, paint: Paint): string {
  return holds ? paint.good("ok    ") : paint.error("FAILED");
}

const MAX_UNREAD = 10;

/** What could not be read whole, so that more may be wrong; "" when nothing is missing. */
export function renderUnread(unread: readonly string[]): string {
  if (unread.length === 0) return "";
  const shown = unread.slice(0, MAX_UNREAD).map(harmless).join(", ");
  const rest = unread.length > MAX_UNREAD ? ` and ${unread.length - MAX_UNREAD} more` : "";
  return `Not read whole, so that more may be wrong than is seen: ${shown}${rest}\n`;
}
