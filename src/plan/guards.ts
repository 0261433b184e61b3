import { judgeAccess } from "../access/access-guards.ts";
import type { AccessDelta } from "../model/access.ts";
import { type Address, type ClassKey, compareAddresses, kindOf } from "../model/address.ts";
import type { Finding, Hazard, HazardCode } from "../model/change.ts";
import type { Cascade, Worlds } from "../model/kind.ts";
import type { Memory, Observation } from "../model/plan.ts";
import type { Limits, Policy } from "../model/policy.ts";
import { remoteOf } from "../model/resource.ts";
import { listCascade } from "./cascade.ts";
import type { KindsByName } from "./kinds-by-name.ts";
import type { Draft } from "./match.ts";

/** All that a guard may look at. */
export interface GuardInput {
  readonly drafts: readonly Draft[];
  readonly cascades: ReadonlyMap<Address, Cascade>;
  readonly worlds: Worlds;
  /** Who gains and who loses what. */
  readonly delta: AccessDelta;
  /** What will refer to what is deleted, once the plan is done. */
  readonly usersOf: ReadonlyMap<Address, readonly Address[]>;
  readonly observation: Observation;
  readonly memory: Memory;
  readonly kinds: KindsByName;
  readonly policy: Policy;
  readonly limits: Limits;
  isProtected(address: Address): boolean;
  isIgnored(address: Address): boolean;
}

/** A rule that looks at one change and tells what is dangerous in it. */
type Guard = (draft: Draft, input: GuardInput) => readonly Hazard[];

/** Every rule that judges one change by itself, in the order in which its findings are told. */
const GUARDS: readonly Guard[] = [
  tellKindHazards,
  tellBlindness,
  tellMissing,
  tellCascade,
  guardProtected,
  guardOwnIdentity,
  guardUse,
  tellFirstManaged,
];

/** The share of a class that may go is only judged from so many objects on. */
export const PERCENT_FLOOR = 10;

/** Makes the judge of one change, by every rule; what is to be seen of all changes together is looked at once. */
export function makeJudge(input: GuardInput): (draft: Draft) => readonly Finding[] {
  const masses = findMassRemovals(input);
  const byAccess = judgeAccess({
    ...input,
    changes: input.drafts,
    goneWith: new Map([...input.cascades].map(([address, { certain }]) => [address, certain])),
    caller: input.observation.caller,
  });
  return (draft) => {
    const own = GUARDS.flatMap((guard) => guard(draft, input));
    const isTold = new Set(own.map(({ code }) => code));
    const told = byAccess.get(draft.address) ?? [];
    return [
      ...own,
      ...(masses.get(draft.address) ?? []),
      // What a kind says of its own change says more than that somebody gains or loses by it; who loses stands in the step.
      ...told.filter(({ code }) => (code !== "widens-access" && code !== "removes-access") || !isTold.has(code)),
    ];
  };
}

/** Which deletions are too many at once, each with the flags that let them through. */
function findMassRemovals(input: GuardInput): ReadonlyMap<Address, readonly Finding[]> {
  const found = new Map<Address, readonly Finding[]>();
  const removals = input.drafts.filter(({ op }) => op === "delete");
  const { maxRemovals } = input.policy;
  if (removals.length > maxRemovals) {
    const detail = `The plan removes ${removals.length} objects; the policy allows ${maxRemovals}.`;
    const release = `--max-removals ${removals.length}`;
    for (const { address } of removals) found.set(address, [{ code: "mass-removal", detail, release }]);
  }
  for (const [address, share] of findLargestShares(input, removals.length)) {
    found.set(address, [...(found.get(address) ?? []), share]);
  }
  return found;
}

/** By deletion, the largest share of a class that it has a part in taking away, where that is too large. */
function findLargestShares(input: GuardInput, removals: number): ReadonlyMap<Address, Finding> {
  const found = new Map<Address, Finding>();
  const { maxRemovalPercent } = input.policy;
  // Stryker disable next-line ConditionalExpression: only saves the counting where nothing goes.
  const totals = removals === 0 ? new Map<string, number>() : countClasses(input);
  const going = countGoing(input);
  const shares = [...totals].flatMap(([key, total]) => {
    const { gone, by } = going.get(key) ?? { gone: 0, by: [] };
    const share = (gone * 100) / total;
    return total < PERCENT_FLOOR || share <= maxRemovalPercent ? [] : [{ key, gone, by, total, share }];
  });
  for (const { key, gone, by, total, share } of shares.sort((a, b) => b.share - a.share)) {
    const percent = Math.ceil(share);
    const detail = `${gone} of ${total} in ${key} go, ${percent} percent; the policy allows ${maxRemovalPercent}.`;
    const finding: Finding = { code: "mass-removal", detail, release: `--max-removal-percent ${percent}` };
    for (const address of by) if (!found.has(address)) found.set(address, finding);
  }
  return found;
}

function tellKindHazards(draft: Draft, { kinds, worlds }: GuardInput): readonly Hazard[] {
  return kinds.of(draft.address).hazardsOf(draft, worlds);
}

function tellBlindness(draft: Draft): readonly Hazard[] {
  return draft.isBlind
    ? [{ code: "blind", detail: "What is there now cannot be seen: setting it may lower what somebody holds." }]
    : [];
}

/** A creation that lacks what it needs: the manifest only says that it must be there, or refers to what is not. */
function tellMissing(draft: Draft, { kinds, worlds }: GuardInput): readonly Hazard[] {
  if (draft.after === undefined) return [];
  const kind = kinds.of(draft.address);
  const reason = draft.op === "create" ? kind.whyNotCreatable(draft.after) : undefined;
  if (reason !== undefined) return [{ code: "must-exist", detail: `It is not there. ${reason}` }];
  const needed = [
    ...kind.attachedTo(draft.address),
    ...kinds.referencesOf(draft.after),
    ...kind.needs(draft.after, worlds.planned),
  ];
  const missing = new Set(needed.filter((address) => !worlds.planned.has(address)));
  return [...missing].map((address) => ({
    code: "must-exist",
    detail: `${address} is not there, nor does the manifest make it.`,
  }));
}

function tellCascade({ address }: Draft, { cascades }: GuardInput): readonly Hazard[] {
  const { certain, possible } = cascades.get(address) ?? { certain: [], possible: [] };
  const details = [
    ...(certain.length > 0 ? [`${countObjects(certain.length)} with it.`] : []),
    ...(possible.length > 0 ? [`${countObjects(possible.length)} with it, or stays: the platform does not say.`] : []),
  ];
  return details.map((detail) => ({ code: "cascades", detail }));
}

function countObjects(number: number): string {
  return number === 1 ? "1 other object goes" : `${number} other objects go`;
}

function guardProtected({ op, address }: Draft, input: GuardInput): readonly Hazard[] {
  if (op !== "delete") return [];
  const going = [address, ...listCascade(input.cascades.get(address))];
  const hit = going.filter((other) => input.isProtected(other) || input.isIgnored(other));
  return hit.map((other) => ({
    code: "protected",
    detail: input.isProtected(other)
      ? `${other} is protected.`
      : `${other} goes with it and is to be left alone ("ignore").`,
  }));
}

/** The key's own holder is not removed or lowered anywhere: a plan could saw off what it sits on. */
function guardOwnIdentity(draft: Draft, input: GuardInput): readonly Hazard[] {
  const { address } = draft;
  const { observation, kinds } = input;
  const { userId, email } = observation.caller;
  if (!takesAway(draft, input) || (userId === undefined && email === undefined)) return [];
  const isSelf = [address, ...kinds.of(address).attachedTo(address)].some((other) => {
    if (!kinds.of(other).isHeldAnywhere) return false;
    const id = remoteOf(observation.world.get(other))?.["id"];
    return id === userId || (email !== undefined && other.endsWith(`:${email.toLowerCase()}`));
  });
  return isSelf ? [{ code: "locks-out", detail: "The key that would do this belongs to this very person." }] : [];
}

function takesAway(draft: Draft, input: GuardInput): boolean {
  if (draft.op !== "update") return draft.op === "delete";
  return tellKindHazards(draft, input).some(({ code }) => code === "removes-access");
}

/** Nothing is deleted while something that stays refers to it. */
function guardUse({ op, address }: Draft, { usersOf }: GuardInput): readonly Hazard[] {
  const users = op === "delete" ? [...(usersOf.get(address) ?? [])].sort(compareAddresses) : [];
  if (users.length === 0) return [];
  const named = users.slice(0, 3).join(", ");
  const more = users.length > 3 ? ` and ${users.length - 3} more` : "";
  return [{ code: "in-use", detail: `${named}${more} would still use it.` }];
}

function tellFirstManaged(draft: Draft, { memory, kinds }: GuardInput): readonly Hazard[] {
  const key = kinds.classOf(draft.address);
  return draft.reason === "no-longer-declared" && !memory.managed.has(key)
    ? [{ code: "first-managed", detail: `${key} was not managed authoritatively before.` }]
    : [];
}

interface Going {
  gone: number;
  /** The deletions through which they go. */
  readonly by: Address[];
}

/**
 * How many objects of each class, and of each kind as a whole, go; one that goes with two deletions counts once. What is built in
 * is no part of a class: counted among what goes, it would make more go than is there, which no flag lets through.
 */
function countGoing(input: GuardInput): ReadonlyMap<ClassKey | string, Going> {
  const counts = new Map<ClassKey | string, Going>();
  const counted = new Set<Address>();
  const count = (gone: Address, by: Address): void => {
    for (const key of keysOf(gone, input.kinds)) {
      // Stryker disable next-line ArrayDeclaration: what is no address is asked for by nobody.
      const going = counts.get(key) ?? { gone: 0, by: [] };
      going.gone += counted.has(gone) ? 0 : 1;
      // Stryker disable next-line ConditionalExpression,UnaryOperator: named twice is only slower.
      if (going.by.at(-1) !== by) going.by.push(by);
      counts.set(key, going);
    }
    counted.add(gone);
  };
  for (const [address, { certain }] of input.cascades) {
    for (const gone of [address, ...certain]) if (input.worlds.live.get(gone)?.builtin !== true) count(gone, address);
  }
  return counts;
}

function keysOf(address: Address, kinds: KindsByName): ReadonlySet<ClassKey | string> {
  return new Set([kinds.classOf(address), kindOf(address)]);
}

/** How many objects each class, and each kind as a whole, has now. */
function countClasses({ worlds, kinds }: GuardInput): ReadonlyMap<ClassKey | string, number> {
  const totals = new Map<ClassKey | string, number>();
  for (const { address, builtin } of worlds.live.values()) {
    if (builtin === true) continue;
    for (const key of keysOf(address, kinds)) totals.set(key, (totals.get(key) ?? 0) + 1);
  }
  return totals;
}

/** Hazards that never let a change through while they stand, and what takes each away. */
export const BLOCKING: Readonly<Partial<Record<HazardCode, string>>> = {
  protected: "Take it off `protect` or `ignore` in the manifest.",
  "in-use": "Take what uses it away first.",
  "must-exist": "Make it first, or say in the manifest how.",
  "locks-out": "--allow locks-out",
  "last-admin": "--allow last-admin",
  "mass-removal": "--allow mass-removal",
  separation: "--allow separation",
  assertion: "--allow assertion",
};

/** Blocking hazards that no flag sets aside. */
export const UNPASSABLE: readonly HazardCode[] = ["protected", "in-use", "must-exist"];
