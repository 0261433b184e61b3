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

/** Reports every step from a group to one that the way there began with. */
function checkCycles({ draft, problems }: CheckContext): void {
  const done = new Set<string>();
  for (const group of draft.groups.values()) {
    for (const { member, way } of findReturns(group, draft.groups, done)) {
      problems.report("AX206", {
        at: member.at,
        detail: `The group contains itself: ${drawWay(way)}.`,
        fix: "Remove one of these groups from the next.",
      });
    }
  }
}

const MAX_DRAWN = 20;

function drawWay(way: readonly string[]): string {
  if (way.length <= MAX_DRAWN) return way.map(quoteName).join(" → ");
  return [...way.slice(0, MAX_DRAWN).map(quoteName), "…", quoteName(way.at(-1) ?? "")].join(" → ");
}

interface Return {
  readonly member: DraftGroup["members"][number];
  /** The names from a group back to itself. */
  readonly way: readonly string[];
}

/** Walks depth first from one group; without recursion, because groups may nest deeper than the stack. */
function findReturns(start: DraftGroup, groups: CheckContext["draft"]["groups"], done: Set<string>): readonly Return[] {
  const returns: Return[] = [];
  const way = done.has(start.name) ? [] : [{ group: start, left: start.members.values() }];
  const onWay = new Set([start.name]);
  for (let here = way.at(-1); here !== undefined; here = way.at(-1)) {
    const next = here.left.next();
    if (next.done === true) {
      done.add(here.group.name);
      onWay.delete(here.group.name);
      way.pop();
      continue;
    }
    const inner = groups.get(groupNameOf(next.value.value) ?? "");
    if (inner === undefined || done.has(inner.name)) continue;
    if (onWay.has(inner.name)) {
      const names = way.map(({ group }) => group.name);
      returns.push({ member: next.value, way: [...names.slice(names.indexOf(inner.name)), inner.name] });
      continue;
    }
    onWay.add(inner.name);
    way.push({ group: inner, left: inner.members.values() });
  }
  return returns;
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
