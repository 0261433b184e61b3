import { compareText } from "../model/json.ts";
import type { Group } from "../model/manifest.ts";
import { type DraftGroup, groupNameOf } from "./draft.ts";

/** Gives each group all its people, those of contained groups included. Unknown groups add nobody; a cycle adds each group once. */
export function expandGroups(groups: ReadonlyMap<string, DraftGroup>): ReadonlyMap<string, Group> {
  const expanded = new Map<string, Group>();
  for (const group of groups.values()) {
    const people = [...collectPeople(group, groups)].sort(compareText);
    expanded.set(group.name, { name: group.name, at: group.at, people });
  }
  return expanded;
}

function collectPeople(start: DraftGroup, groups: ReadonlyMap<string, DraftGroup>): ReadonlySet<string> {
  const people = new Set<string>();
  const seen = new Set([start.name]);
  const open = [start];
  for (let group = open.pop(); group !== undefined; group = open.pop()) {
    for (const member of group.members) {
      const name = groupNameOf(member.value);
      if (name === undefined) people.add(member.value);
      const inner = name === undefined || seen.has(name) ? undefined : groups.get(name);
      if (inner === undefined) continue;
      seen.add(inner.name);
      open.push(inner);
    }
  }
  return people;
}
