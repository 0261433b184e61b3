import { type Address, formatAddress, pathPart } from "../model/address.ts";
import type { AssertionSubjects } from "../model/assertion.ts";
import type { World } from "../model/resource.ts";

/** Answers whether an assertion names a person: directly, through a group or by a pattern. */
export type IsNamed = (person: Address) => boolean;

/** Prepares the answer for one assertion; who is meant as an admin depends on the place and is not asked here. */
export function compileSubjects({ people, patterns }: AssertionSubjects): IsNamed {
  const tests = patterns.map(compilePattern);
  return (person) => {
    const email = pathPart(person, 0);
    return people.has(email) || tests.some((test) => test.test(email));
  };
}

function compilePattern(pattern: string): RegExp {
  const parts = pattern.split(/\*+/u).map((part) => part.replace(/[\\^$.+?()[\]{}|]/gu, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "su");
}

/** Everybody whom the account knows as a bot of a service key, or by a grant alone: no person who could be counted on. */
export function listBots(world: World): ReadonlySet<Address> {
  const bots = new Set<Address>();
  for (const { address, kind, builtin } of world.values()) {
    const isForeign = builtin === true && (kind === "org-member" || kind === "binding");
    if (isForeign) bots.add(formatAddress("user", [pathPart(address, -1)]));
  }
  return bots;
}
