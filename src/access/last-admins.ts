import { type Address, kindOf, pathText } from "../model/address.ts";
import { compareText } from "../model/json.ts";
import type { DraftChange, Worlds } from "../model/kind.ts";
import type { Policy } from "../model/policy.ts";
import type { Resource, World } from "../model/resource.ts";
import { isPending } from "./effective-access.ts";
import { listBots } from "./list-bots.ts";
import type { StepFinding } from "./step-finding.ts";

/** What counting admins takes: both worlds and how the plan comes from one to the other. */
export interface AdminInput {
  readonly worlds: Worlds;
  readonly changes: readonly DraftChange[];
  /** Deletion to what certainly goes with it. */
  readonly goneWith: ReadonlyMap<Address, readonly Address[]>;
  readonly policy: Policy;
}

/** Blocks what leaves the account, an organization or a space with too few admins. A plan that does not make them fewer is not judged. */
export function guardAdmins(input: AdminInput): readonly StepFinding[] {
  const { minAdmins } = input.policy;
  return compareAdmins(input)
    .filter(({ taken, given, after }) => taken > given && after < minAdmins)
    .flatMap(({ place, after, takenBy }) =>
      [...takenBy].map((step) => ({
        step,
        finding: {
          code: "last-admin" as const,
          detail: `${place === "account" ? "The account" : place} would be left with ${countAdmins(after)}; the policy asks for ${minAdmins}.`,
          release: `--min-admins ${after}`,
        },
      })),
    );
}

/**
 * Which steps come after which so that admins are given before others are taken: wherever taking first would leave a place with
 * fewer than the policy asks for, or with none. Sorted, each pair once.
 */
export function orderAdmins(input: AdminInput): readonly { readonly first: Address; readonly second: Address }[] {
  const floor = Math.max(1, input.policy.minAdmins);
  const pairs = new Map<string, { readonly first: Address; readonly second: Address }>();
  for (const { after, given, givenBy, takenBy } of compareAdmins(input)) {
    if (after - given >= floor) continue;
    for (const giving of givenBy) {
      for (const taking of takenBy) pairs.set(`${giving}\n${taking}`, { first: giving, second: taking });
    }
  }
  return [...pairs].sort(([a], [b]) => compareText(a, b)).map(([, pair]) => pair);
}

function countAdmins(number: number): string {
  return number === 1 ? "1 active admin" : `${number === 0 ? "no" : number} active admins`;
}

/** What can have admins. */
type Place = Address | "account";

/** How the admins of one place that stays differ. */
interface AdminChange {
  readonly place: Place;
  readonly taken: number;
  readonly given: number;
  /** How many there are once the plan is done. */
  readonly after: number;
  readonly takenBy: ReadonlySet<Address>;
  readonly givenBy: ReadonlySet<Address>;
}

interface Tally {
  taken: number;
  given: number;
  readonly takenBy: Set<Address>;
  readonly givenBy: Set<Address>;
}

function compareAdmins(input: AdminInput): readonly AdminChange[] {
  const tallies = tallyAdmins(input);
  // Stryker disable next-line ConditionalExpression: only saves the counting where no admin comes or goes.
  if (tallies.size === 0) return [];
  const remaining = countRemaining(input.worlds);
  return [...tallies]
    .sort(([a], [b]) => compareText(a, b))
    .map(([place, tally]) => ({ ...tally, place, after: remaining.get(place) ?? 0 }));
}

function tallyAdmins({ worlds, changes, goneWith }: AdminInput): ReadonlyMap<Place, Tally> {
  const tallies = new Map<Place, Tally>();
  const counted = new Set<Address>();
  const tally = (grant: Address, step: Address): void => {
    const place = placeOf(grant, worlds.planned);
    if (place === undefined) return;
    const [was, is] = [isAdmin(grant, worlds.live, worlds), isAdmin(grant, worlds.planned, worlds)];
    if (was === is) return;
    const found = tallies.get(place) ?? { taken: 0, given: 0, takenBy: new Set(), givenBy: new Set() };
    tallies.set(place, found);
    found[was ? "takenBy" : "givenBy"].add(step);
    // What goes with two deletions goes once.
    if (!counted.has(grant)) found[was ? "taken" : "given"] += 1;
    counted.add(grant);
  };
  for (const { address } of changes) tally(address, address);
  for (const [step, others] of goneWith) for (const other of others) tally(other, step);
  return tallies;
}

function countRemaining(worlds: Worlds): ReadonlyMap<Place | undefined, number> {
  const counts = new Map<Place | undefined, number>();
  for (const address of worlds.planned.keys()) {
    if (!isAdmin(address, worlds.planned, worlds)) continue;
    const place = placeOf(address, worlds.planned);
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return counts;
}

/** Where a resource can make somebody an admin; undefined for what makes nobody one, or only in a place that goes. */
function placeOf(address: Address, planned: World): Place | undefined {
  const path = pathText(address);
  const parent = path.slice(0, path.lastIndexOf("/"));
  switch (kindOf(address)) {
    case "user":
      return "account";
    case "org-member":
      return findStaying(`organization:${parent}`, planned);
    case "space-member":
      return findStaying(`space:${parent}`, planned);
  }
  return undefined;
}

function findStaying(place: Address, planned: World): Place | undefined {
  return planned.has(place) ? place : undefined;
}

/** True where a resource makes an active person an admin: bots and people who have not come can help nobody. */
function isAdmin(grant: Address, world: World, { live }: Worlds): boolean {
  const resource = world.get(grant);
  if (resource?.spec["role"] !== "admin" && resource?.spec["also"] !== "admin") return false;
  const path = pathText(grant);
  const address: Address = `user:${path.slice(path.lastIndexOf("/") + 1)}`;
  const person = world.get(address);
  const isBot = (live.get(grant) ?? resource).builtin === true || listBots(live).has(address);
  return !isBot && person !== undefined && isActive(person, live.get(address));
}

/** True for somebody who can sign in. Whoever is invited by the plan has not come when it is done, unless they need no invitation. */
function isActive(person: Resource, known: Resource | undefined): boolean {
  if (known === undefined) return person.creation?.["invite"] === "none";
  return known.builtin !== true && !isPending(known);
}
