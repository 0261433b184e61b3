import type { AccessDelta, AccessSettings, AccessShift } from "../model/access.ts";
import { type Address, pathPart, pathText } from "../model/address.ts";
import type { Assertion, AssertionFailure } from "../model/assertion.ts";
import type { Finding } from "../model/change.ts";
import { ClassedWorld, resourcesOfKind } from "../model/classed-world.ts";
import type { DraftChange, Worlds } from "../model/kind.ts";
import type { World } from "../model/resource.ts";
import { isGrant } from "./account-index.ts";
import { checkAssertions } from "./assertions.ts";
import { appendTo } from "./step-finding.ts";

export interface PlannedAssertionsInput {
  readonly assertions: readonly Assertion[];
  readonly worlds: Worlds;
  readonly changes: readonly DraftChange[];
  readonly delta: AccessDelta;
  readonly settings: AccessSettings;
}

/** What becomes of assertions by a plan. */
export interface PlannedAssertions {
  /** Every case in which one does not hold once the plan is done, whether or not it did before. */
  readonly failures: readonly AssertionFailure[];
  /** By step, the cases that it brings about. */
  readonly findings: ReadonlyMap<Address, readonly Finding[]>;
}

/**
 * Checks assertions on the state after a plan. A case that was there before is told and blamed on nobody. Judged is what people
 * are given: whoever was invited is taken to have come, or no plan could keep a promise to somebody new.
 */
export function checkPlannedAssertions(input: PlannedAssertionsInput): PlannedAssertions {
  const { assertions, worlds, settings } = input;
  if (assertions.length === 0) return { failures: [], findings: new Map() };
  const failures = checkAssertions(assertions, assumeCome(worlds.planned), settings);
  const old = new Set(checkAssertions(assertions, assumeCome(worlds.live), settings).map(keyOf));
  const rules = new Map(assertions.map(({ at, rule }) => [`${at.file}:${at.line}:${at.column}`, rule]));
  const findings = new Map<Address, Finding[]>();
  for (const failure of failures) {
    if (old.has(keyOf(failure))) continue;
    const rule = rules.get(failure.source);
    const takes = rule === "can" || rule === "at-least";
    const causes = findCauses(failure, takes, input);
    // A place that is made with too little: what is not given cannot be blamed, so the place says it.
    const lacking = takes && causes.has(failure.place) ? " Nothing in the plan gives it there." : "";
    const finding: Finding = {
      code: "assertion",
      detail: `${failure.statement} In ${failure.place}: ${failure.detail}${lacking}`,
    };
    for (const step of causes) appendTo(findings, step, finding);
  }
  return { failures, findings };
}

function assumeCome(world: World): World {
  const come = ClassedWorld.copy(world);
  for (const resource of resourcesOfKind(world, "user")) {
    if (resource.facts === undefined) continue;
    const { facts: _, ...rest } = resource;
    come.set(rest);
  }
  return come;
}

function keyOf({ source, place, person }: AssertionFailure): string {
  return [source, place, person ?? ""].join("\n");
}

/**
 * The steps by which the person, or anybody where nobody in particular fails, gains or loses in the place; else, of a place that
 * is made, what gives the person too little there, or what makes the place.
 */
function findCauses(
  { place, person }: AssertionFailure,
  takes: boolean,
  { delta, changes }: PlannedAssertionsInput,
): ReadonlySet<Address> {
  const shifts = delta.shifts.filter(
    (shift) => (person === undefined || shift.person === person) && standsAbove(shift, place),
  );
  const steps = new Set(shifts.flatMap((shift) => (takes ? shift.takenBy : shift.givenBy)));
  if (steps.size > 0) return steps;
  const making = changes.filter(({ op, address }) => address === place && (!takes || op === "create"));
  const giving = takes && making.length > 0 ? changes.filter((change) => givesIn(change, place, person)) : [];
  return new Set((giving.length > 0 ? giving : making).map(({ address }) => address));
}

/** Whether a change gives the person, or anybody, something in a place or above it. */
function givesIn({ op, address }: DraftChange, place: Address, person: Address | undefined): boolean {
  if (op === "delete" || !isGrant(address)) return false;
  if (person !== undefined && pathPart(address, -1) !== pathPart(person, 0)) return false;
  const above = pathText(address).slice(0, pathText(address).lastIndexOf("/"));
  return pathText(place) === above || pathText(place).startsWith(`${above}/`);
}

function standsAbove({ place: above }: AccessShift, place: Address): boolean {
  if (above === "account" || above === place) return true;
  return pathText(place).startsWith(`${pathText(above)}/`);
}
