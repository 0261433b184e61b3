import { type DraftGroup, groupNameOf } from "../draft.ts";
import { quoteName } from "../quote-name.ts";
import { suggestWord } from "../suggest-word.ts";
import type { CheckContext } from "./check-context.ts";
import { listGroupsUsed } from "./list-mentions.ts";

/** Every group that is used is declared, no group contains itself, and none lists anybody twice. */
export function checkGroups(context: CheckContext): void {
  checkUnknown(context);
  checkCycles(context);
  checkRepeated(context);
}

function checkUnknown({ draft, scopes, problems }: CheckContext): void {
  for (const { value, at } of listGroupsUsed(draft, scopes)) {
    if (draft.groups.has(value)) continue;
    const meant = suggestWord(value, draft.groups.keys());
    problems.report("AX205", {
      at,
      detail: `No group is called ${quoteName(value)} in this manifest.`,
      fix: meant === undefined ? "Declare it in groups, or write the people." : `Did you mean "group:${meant}"?`,
    });
  }
}

/** Walks from each group along the groups in it; a way back to where it began is reported once for each cycle. */
function checkCycles({ draft, problems }: CheckContext): void {
  const done = new Set<string>();
  const way: string[] = [];
  const visit = (group: DraftGroup): void => {
    way.push(group.name);
    for (const member of group.members) {
      const name = groupNameOf(member.value);
      const inner = name === undefined ? undefined : draft.groups.get(name);
      if (inner === undefined || done.has(inner.name)) continue;
      const start = way.indexOf(inner.name);
      if (start < 0) {
        visit(inner);
        continue;
      }
      const cycle = [...way.slice(start), inner.name].map(quoteName).join(" → ");
      problems.report("AX206", {
        at: member.at,
        detail: `The group contains itself: ${cycle}.`,
        fix: "Remove one of these groups from the next.",
        related: [{ at: inner.at, message: "The group is declared here." }],
      });
    }
    way.pop();
    done.add(group.name);
  };
  for (const group of draft.groups.values()) if (!done.has(group.name)) visit(group);
}

function checkRepeated({ draft, problems }: CheckContext): void {
  for (const group of draft.groups.values()) {
    const seen = new Map<string, DraftGroup["members"][number]>();
    for (const member of group.members) {
      const first = seen.get(member.value);
      if (first === undefined) {
        seen.set(member.value, member);
        continue;
      }
      problems.report("AX201", {
        at: member.at,
        detail: `${quoteName(member.value)} is in the group ${quoteName(group.name)} twice.`,
        fix: "Remove one of them.",
        related: [{ at: first.at, message: "It is first written here." }],
      });
    }
  }
}
