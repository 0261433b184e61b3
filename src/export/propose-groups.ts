import type { Address } from "../model/address.ts";
import { pathPart } from "../model/address.ts";
import { compareText } from "../model/json.ts";
import type { DescribedGrants } from "./describe-grants.ts";
import { makeUnique, simplify } from "./simple-name.ts";

/** Groups of people who are given the same in several places. */
export interface ProposedGroups {
  /** The people of each group by its name, sorted. */
  readonly people: ReadonlyMap<string, readonly string[]>;
  /** The entries of a place, as `members` and `bindings` take them: groups first, then people. */
  readonly entriesOf: (grants: DescribedGrants) => readonly (readonly [who: string, role: string])[];
}

const LEAST_PEOPLE = 3;
const LEAST_PLACES = 2;

/** Proposes a group where exactly the same people, three at least, have one role in several places. It stands for them and nobody else. */
export function proposeGroups(places: readonly DescribedGrants[]): ProposedGroups {
  const seen = new Map<
    string,
    { readonly people: readonly string[]; readonly role: string; readonly places: Address[] }
  >();
  for (const { place, roles } of places) {
    for (const [role, people] of listTeams(roles)) {
      const key = JSON.stringify([role, people]);
      const known = seen.get(key);
      if (known === undefined) seen.set(key, { people, role, places: [place] });
      else known.places.push(place);
    }
  }
  const names = new Map<string, string>();
  for (const { people, role, places: where } of seen.values()) {
    const team = JSON.stringify(people);
    if (people.length < LEAST_PEOPLE || where.length < LEAST_PLACES || names.has(team)) continue;
    names.set(team, chooseName(`${pathPart(where[0] ?? "organization:", -1)} ${role}`, new Set(names.values())));
  }
  return {
    people: new Map([...names].map(([team, name]) => [name, JSON.parse(team) as readonly string[]])),
    entriesOf: ({ roles }) => replaceTeams(roles, names),
  };
}

/** Everybody who has a role in a place, by the role. */
function listTeams(roles: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
  const teams = new Map<string, string[]>();
  for (const [email, role] of roles) {
    const team = teams.get(role);
    if (team === undefined) teams.set(role, [email]);
    else team.push(email);
  }
  for (const team of teams.values()) team.sort(compareText);
  return teams;
}

function replaceTeams(
  roles: ReadonlyMap<string, string>,
  names: ReadonlyMap<string, string>,
): readonly (readonly [string, string])[] {
  const groups: [string, string][] = [];
  const replaced = new Set<string>();
  for (const [role, people] of listTeams(roles)) {
    const name = names.get(JSON.stringify(people));
    if (name === undefined) continue;
    groups.push([`group:${name}`, role]);
    for (const person of people) replaced.add(person);
  }
  return [...groups, ...[...roles].filter(([email]) => !replaced.has(email))];
}

function chooseName(text: string, taken: ReadonlySet<string>): string {
  return makeUnique(simplify(text, "group"), taken);
}
