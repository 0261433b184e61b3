import { PATH_REASONS } from "../../model/access-words.ts";
import type { AssertionFailure } from "../../model/assertion.ts";
import { describeRole } from "./access-words.ts";
import { harmless } from "./harmless.ts";
import type { Paint } from "./paint.ts";

/** Every assertion that fails, once, and below it each case: where, what is so instead, and through which grants. "" for none. */
export function renderAssertions(failures: readonly AssertionFailure[], paint: Paint): string {
  const lines = groupFailures(failures).flatMap((group) => groupLines(group, paint));
  return lines.map((line) => `${line}\n`).join("");
}

/** The cases of each assertion together, in the order in which it comes first. */
export function groupFailures(failures: readonly AssertionFailure[]): readonly (readonly AssertionFailure[])[] {
  const groups = new Map<string, AssertionFailure[]>();
  for (const failure of failures) {
    const key = `${failure.source}\n${failure.statement}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [failure]);
    else group.push(failure);
  }
  return [...groups.values()];
}

/** Counts assertions, each once however many cases show that it fails. */
export function countAssertions(failures: readonly AssertionFailure[]): number {
  return new Set(failures.map(({ source, statement }) => `${source}\n${statement}`)).size;
}

function groupLines(group: readonly AssertionFailure[], paint: Paint): readonly string[] {
  return [
    ...group
      .slice(0, 1)
      .map(({ statement, source }) => `  ${paint.error("fails")} ${harmless(statement)} · ${harmless(source)}`),
    ...group.flatMap(({ place, detail, paths }) => [
      `      in ${harmless(place)}: ${harmless(detail)}`,
      ...paths.map(
        ({ reason, grant, role }) =>
          `        through ${harmless(grant)}: ${describeRole(role)} (${PATH_REASONS[reason]})`,
      ),
    ]),
  ];
}
