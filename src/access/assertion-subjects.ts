import { type Address, pathPart } from "../model/address.ts";
import type { AssertionSubjects } from "../model/assertion.ts";
import { compileStars } from "../model/fit-stars.ts";

/** Answers whether an assertion names a person: directly, through a group or by a pattern. */
export type IsNamed = (person: Address) => boolean;

/** Prepares the answer for one assertion; who is meant as an admin depends on the place and is not asked here. */
export function compileSubjects({ people, patterns }: AssertionSubjects): IsNamed {
  const tests = patterns.map(compileStars);
  return (person) => {
    const email = pathPart(person, 0);
    return people.has(email) || tests.some((test) => test(email));
  };
}
