import { nameRole } from "../../model/access-words.ts";
import { type Address, pathPart } from "../../model/address.ts";
import { harmless } from "./harmless.ts";

/** A role within a sentence: a custom role that is called like a built-in one is told from it. */
export function describeRole(role: string): string {
  const name = harmless(nameRole(role));
  return role.includes(":") && BUILT_IN.has(name.toLowerCase()) ? `the custom role "${name}"` : name;
}

const BUILT_IN: ReadonlySet<string> = new Set(["admin", "member", "read-only", "annotator"]);

/** So many people are named where they are named elsewhere too; of more, so many first ones. */
const ALL_NAMED = 12;
const FIRST_NAMED = 8;

/** People among others: of many only the first, with the number of the rest and where these are named. */
export function listSomePeople(people: readonly Address[], where: string): readonly string[] {
  if (people.length <= ALL_NAMED) return people.map(listPerson);
  return [...people.slice(0, FIRST_NAMED).map(listPerson), `and ${people.length - FIRST_NAMED} more${where}`];
}

/** A person by their e-mail address. */
export function namePerson(person: Address): string {
  return harmless(pathPart(person, 0));
}

/** A person among others: a name with a comma, a space or a bracket is quoted, so that it is not taken for two, or for a mark behind it. */
export function listPerson(person: Address): string {
  const name = namePerson(person);
  return /[\s,()"]/u.test(name) ? `"${name.replaceAll('"', '\\"')}"` : name;
}
