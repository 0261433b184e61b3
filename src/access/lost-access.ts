import type { AccessDelta } from "../model/access.ts";
import { type Address, compareAddresses, pathText } from "../model/address.ts";
import type { Worlds } from "../model/kind.ts";
import type { Caller } from "../model/platform.ts";
import { remoteOf } from "../model/resource.ts";
import { appendTo, nameFirst, type StepFinding } from "./step-finding.ts";

/** Everybody who has less once the plan is done, by each step that has a part in it; sorted, each once. Whoever was only invited counts. */
export function listLosers({ shifts }: AccessDelta): ReadonlyMap<Address, readonly Address[]> {
  const losers = new Map<Address, Set<Address>>();
  for (const { person, takenBy } of shifts) {
    for (const step of takenBy) losers.set(step, (losers.get(step) ?? new Set()).add(person));
  }
  return new Map([...losers].map(([step, people]) => [step, [...people].sort(compareAddresses)]));
}

/** Tells of each step who has less through it. */
export function tellLosers(delta: AccessDelta): readonly StepFinding[] {
  return [...listLosers(delta)].map(([step, people]) => {
    const names = nameFirst(people.map(pathText), 5);
    const detail =
      people.length === 1 ? `1 person has less: ${names}.` : `${people.length} people have less: ${names}.`;
    return { step, finding: { code: "removes-access", detail } };
  });
}

/** Blocks what takes something from the person whose key is used: a plan could saw off what it sits on. */
export function guardCaller(input: {
  readonly worlds: Worlds;
  readonly delta: AccessDelta;
  readonly caller: Caller;
}): readonly StepFinding[] {
  const places = new Map<Address, string[]>();
  for (const { person, place, takenBy } of input.delta.shifts) {
    if (!isCaller(person, input)) continue;
    for (const step of takenBy) appendTo(places, step, place);
  }
  return [...places].map(([step, names]) => ({
    step,
    finding: { code: "locks-out", detail: `The person whose key does this has less in ${nameFirst(names, 1)}.` },
  }));
}

function isCaller(
  person: Address,
  { worlds, caller: { userId, email } }: { readonly worlds: Worlds; readonly caller: Caller },
): boolean {
  const id = remoteOf(worlds.live.get(person))?.["id"];
  return (id !== undefined && id === userId) || (email !== undefined && person === `user:${email.toLowerCase()}`);
}
