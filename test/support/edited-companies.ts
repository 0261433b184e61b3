import fc from "fast-check";
import type { Company } from "./random-companies.ts";

/** A small change of a company: what it is, and where, by turns among what there is. */
export interface Edit {
  readonly deed: (typeof DEEDS)[number];
  readonly turns: readonly [number, number, number, number];
}

const DEEDS = [
  ...["space member", "space member", "binding", "binding", "no space member", "no binding"],
  ...["organization role", "newcomer", "leaver", "privacy", "restriction"],
] as const;

/** A few changes of the kind that people make from one day to the next. */
export const anyEdits: fc.Arbitrary<readonly Edit[]> = fc.array(
  fc.record({ deed: fc.constantFrom(...DEEDS), turns: fc.tuple(fc.nat(), fc.nat(), fc.nat(), fc.nat()) }),
  { minLength: 1, maxLength: 6 },
);

interface Space {
  private: boolean;
  members: Record<string, string>;
  projects: Record<string, { restricted: boolean; bindings: Record<string, string> }>;
}

interface Organization {
  members: Record<string, string>;
  spaces: Record<string, Space>;
}

/** The company with the changes; it stays one that a manifest may ask for. */
export function editCompany(company: Company, edits: readonly Edit[]): Company {
  const edited = structuredClone(company);
  for (const edit of edits) makeEdit(edited, edit);
  return edited;
}

function makeEdit(company: Company, { deed, turns: [first, second, third, fourth] }: Edit): void {
  const organization = pick(Object.values(company["organizations"] as Record<string, Organization>), first);
  if (organization === undefined) return;
  const { members } = organization;
  const person = pick(Object.keys(members), third) ?? "";
  if (deed === "newcomer") {
    const newcomer = pick(Object.keys(company["people"] as object), third) ?? "";
    members[newcomer] ??= "member";
  } else if (person === "") return;
  else if (deed === "organization role") members[person] = pick(["admin", "member", "read-only"], fourth) ?? "";
  else if (deed === "leaver") leave(organization, person);
  else editSpace(pick(Object.values(organization.spaces), second), { deed, person, turn: fourth });
}

function editSpace(
  space: Space | undefined,
  { deed, person, turn }: { readonly deed: Edit["deed"]; readonly person: string; readonly turn: number },
): void {
  if (space === undefined) return;
  const project = pick(Object.values(space.projects), turn);
  if (deed === "space member") space.members[person] = pick(["admin", "member", "read-only", "Eval"], turn) ?? "";
  if (deed === "no space member") delete space.members[person];
  if (deed === "privacy") space.private = !space.private;
  if (project === undefined) return;
  if (deed === "binding") project.bindings[person] = pick(["Project Viewer", "Project Admin", "Eval"], turn >> 3) ?? "";
  if (deed === "no binding") delete project.bindings[person];
  if (deed === "restriction") project.restricted = !project.restricted;
}

function leave({ members, spaces }: Organization, person: string): void {
  delete members[person];
  for (const space of Object.values(spaces)) {
    delete space.members[person];
    for (const { bindings } of Object.values(space.projects)) delete bindings[person];
  }
}

function pick<T>(items: readonly T[], turn: number): T | undefined {
  return items[turn % items.length];
}
