import type { Section } from "../model/manifest.ts";
import type { Problems } from "./collect-problems.ts";
import { type Draft, type DraftGrant, type DraftGroup, groupNameOf } from "./draft.ts";

/** The most grants that a manifest may come to once groups stand for their people. */
const MOST_GRANTS = 1_000_000;
/** The most entries of groups, counted in each with those of the groups in it. */
const MOST_ENTRIES = 5_000_000;

/**
 * Whether a manifest stays within what memory holds once every group stands for its people: a short text of groups within groups,
 * or of one group in many places, can mean billions of grants. Reports the place where it is too much.
 */
export function staysWithinLimits(draft: Draft, problems: Problems): boolean {
  const weights = weighGroups(draft.groups, problems);
  if (weights === undefined) return false;
  let grants = 0;
  for (const section of listSections(draft)) {
    for (const who of section?.entries.keys() ?? []) {
      grants += weights.get(groupNameOf(who) ?? "") ?? 1;
      if (grants > MOST_GRANTS) return reportGrants(section?.entries.get(who) as DraftGrant, problems);
    }
  }
  return true;
}

function reportGrants({ at }: DraftGrant, problems: Problems): false {
  problems.report("AX132", {
    at,
    detail: `Up to here the groups stand for more than ${MOST_GRANTS} grants.`,
    fix: "Give large groups their roles in fewer places: one role in the organization instead of one in each space.",
  });
  return false;
}

/** How many entries each group has with those of the groups in it; undefined, and reported, where it is too much. */
function weighGroups(groups: Draft["groups"], problems: Problems): ReadonlyMap<string, number> | undefined {
  const weights = new Map<string, number>();
  let room = MOST_ENTRIES;
  for (const group of groups.values()) {
    const weight = weighGroup(group, groups, room);
    weights.set(group.name, weight);
    room -= weight;
    if (room >= 0) continue;
    problems.report("AX132", {
      at: group.at,
      detail: `Up to here the groups have more than ${MOST_ENTRIES} entries, counted with those of the groups in them.`,
      fix: "Nest groups less deeply, or write people into fewer of them.",
    });
    return undefined;
  }
  return weights;
}

/** Counts no further than there is room. */
function weighGroup(start: DraftGroup, groups: Draft["groups"], room: number): number {
  const seen = new Set([start.name]);
  const open = [start];
  let weight = 0;
  for (let group = open.pop(); group !== undefined && weight <= room; group = open.pop()) {
    weight += group.members.length;
    for (const { value } of group.members) {
      const name = groupNameOf(value);
      const inner = name === undefined || seen.has(name) ? undefined : groups.get(name);
      if (inner === undefined) continue;
      seen.add(inner.name);
      open.push(inner);
    }
  }
  return weight;
}

function* listSections({ organizations }: Draft): Generator<Section<DraftGrant> | undefined, void, void> {
  for (const organization of organizations?.entries.values() ?? []) {
    yield organization.members;
    for (const space of organization.spaces?.entries.values() ?? []) {
      yield space.members;
      for (const project of space.projects?.entries.values() ?? []) yield project.bindings;
    }
  }
}
