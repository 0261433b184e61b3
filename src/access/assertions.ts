import type { AccessPath, AccessSettings, EffectiveAccess } from "../model/access.ts";
import { type Address, compareAddresses, compileAddressPattern, formatAddress, pathPart } from "../model/address.ts";
import type { Assertion, AssertionFailure } from "../model/assertion.ts";
import { formatPosition } from "../model/diagnostic.ts";
import { compareText } from "../model/json.ts";
import type { World } from "../model/resource.ts";
import { describeAssertion, describeHolding, describeLacking, describeTooFew } from "./assertion-sentences.ts";
import { compileSubjects } from "./assertion-subjects.ts";
import { evaluateAccess } from "./effective-access.ts";
import { type HoldersNear, indexHolders } from "./holders-near.ts";
import { listBots } from "./list-bots.ts";
import { listPeople, listPlaces } from "./questions.ts";

/** What became of one assertion in a world. */
export interface JudgedAssertion {
  readonly assertion: Assertion;
  /** The assertion as a sentence. */
  readonly statement: string;
  /** Every case in which it does not hold, by place and person. */
  readonly failures: readonly AssertionFailure[];
  /** True when there is no place that it speaks of: it holds, and says nothing. */
  readonly isPlaceless: boolean;
  /** True when nobody is there whom it speaks of: it holds, and says nothing. */
  readonly isAboutNobody: boolean;
}

/**
 * Every case in which an assertion does not hold in a world, in the order in which the assertions are written, then by place
 * and person. What is not known speaks against an assertion, whichever way it goes. An assertion that fits no place has no failure.
 */
export function checkAssertions(
  assertions: readonly Assertion[],
  world: World,
  settings: AccessSettings,
): readonly AssertionFailure[] {
  const ordered = [...assertions].sort(comparePositions);
  return judgeAssertions(ordered, world, settings).flatMap(({ failures }) => failures);
}

/** Judges assertions one by one, in the order given. */
export function judgeAssertions(
  assertions: readonly Assertion[],
  world: World,
  settings: AccessSettings,
): readonly JudgedAssertion[] {
  if (assertions.length === 0) return [];
  const scene = openScene(world, settings);
  return assertions.map((assertion) => judgeAssertion(assertion, scene));
}

/** What all assertions are held against. */
interface Scene {
  readonly world: World;
  readonly settings: AccessSettings;
  readonly places: readonly Address[];
  readonly people: readonly Address[];
  readonly near: HoldersNear;
  readonly bots: ReadonlySet<Address>;
}

function openScene(world: World, settings: AccessSettings): Scene {
  return {
    world,
    settings,
    places: listPlaces(world),
    people: listPeople(world),
    near: indexHolders(world),
    bots: listBots(world),
  };
}

function comparePositions({ at: a }: Assertion, { at: b }: Assertion): number {
  return compareText(a.file, b.file) || a.line - b.line || a.column - b.column;
}

function selectPlaces(on: readonly string[], places: readonly Address[]): readonly Address[] {
  const tests = on.map(compileAddressPattern);
  return places.filter((place) => tests.some((fits) => fits(place)));
}

/** One assertion in one place. */
interface Case {
  readonly assertion: Assertion;
  /** Of everybody in the world those whom the assertion names: directly, through a group or by a pattern. */
  readonly named: ReadonlySet<Address>;
  readonly place: Address;
  /** True for the first of the places: what is so everywhere is told there alone. */
  readonly isFirst: boolean;
  readonly scene: Scene;
}

/** What is wrong in one place, before it is said of which assertion and place. */
type Fault = Pick<AssertionFailure, "detail" | "person" | "paths">;

const JUDGES: Readonly<Record<Assertion["rule"], (of: Case) => readonly Fault[]>> = {
  can: findLacking,
  never: (of) => sortByPerson(listMeant(of).flatMap((seen) => judgeHolding(seen, of))),
  only: (of) => sortByPerson(listOthers(of).flatMap((seen) => judgeHolding(seen, of))),
  "at-least": findTooFew,
};

function judgeAssertion(assertion: Assertion, scene: Scene): JudgedAssertion {
  const source = formatPosition(assertion.at);
  const statement = describeAssertion(assertion);
  const named = new Set(scene.people.filter(compileSubjects(assertion.who)));
  const places = selectPlaces(assertion.on, scene.places);
  const failures = places.flatMap((place, index) => {
    const faults = JUDGES[assertion.rule]({ assertion, named, place, isFirst: index === 0, scene });
    return faults.map((fault) => ({ source, statement, place, ...fault }));
  });
  const isAboutNobody = failures.length === 0 && !meansAnybody({ assertion, named, places, scene });
  return { assertion, statement, failures, isPlaceless: places.length === 0, isAboutNobody };
}

/** True where an assertion has somebody to speak of. That nobody but so-and-so has something speaks of everybody else. */
function meansAnybody(of: Omit<Case, "place" | "isFirst"> & { readonly places: readonly Address[] }): boolean {
  const { assertion, named, places, scene } = of;
  if (named.size > 0 || assertion.rule === "only") return true;
  if (!assertion.who.admins) return false;
  // Who is an admin depends on the place: without one, that is all there is to say.
  return (
    places.length === 0 ||
    places.some((place) => listMeant({ assertion, named, place, isFirst: false, scene }).length > 0)
  );
}

/** A fault of somebody in particular. */
type PersonalFault = Fault & { readonly person: Address };

function sortByPerson(faults: readonly PersonalFault[]): readonly PersonalFault[] {
  return [...faults].sort((a, b) => compareAddresses(a.person, b.person));
}

/** Whoever is named and is not there at all. */
function findMissing({ who }: Assertion, { people }: Scene): readonly PersonalFault[] {
  const there = new Set(people.map((person) => pathPart(person, 0)));
  return [...who.people]
    .filter((email) => !there.has(email))
    .map((email) => ({ person: formatAddress("user", [email]), detail: `${email} is not there.`, paths: [] }));
}

/** A person's access to the place of a case. */
interface Seen {
  readonly person: Address;
  readonly access: EffectiveAccess;
}

function look(person: Address, { scene: { world, settings }, place }: Case): Seen {
  return { person, access: evaluateAccess(world, person, place, settings) };
}

/** Of those who may have anything in the place, those that the assertion speaks of. */
function listMeant(of: Case): readonly Seen[] {
  const { named, assertion, scene, place } = of;
  const near = scene.near(place);
  if (!assertion.who.admins) return near.filter((person) => named.has(person)).map((person) => look(person, of));
  return near.map((person) => look(person, of)).filter((seen) => named.has(seen.person) || isAbove(seen));
}

/** Of those who may have anything in the place, those that the assertion does not speak of. */
function listOthers(of: Case): readonly Seen[] {
  const { named, assertion, scene, place } = of;
  const others = scene.near(place).filter((person) => !named.has(person));
  return others.map((person) => look(person, of)).filter((seen) => !(assertion.who.admins && isAbove(seen)));
}

function isAbove({ access }: Seen): boolean {
  return access.permissions === "all";
}

function has({ permissions }: Pick<EffectiveAccess, "permissions">, permission: string): boolean {
  return permissions === "all" || permissions.has(permission);
}

/** Somebody who has one of the permissions, comes to it with an invitation, or may have it by a role that nobody knows. */
function judgeHolding({ person, access }: Seen, { assertion: { permissions } }: Case): readonly PersonalFault[] {
  const held = permissions.filter((permission) => has(access, permission));
  if (held.length === 0 && !access.isLowerBound) return [];
  const paths = access.paths.filter(({ permissions: given }) =>
    held.length === 0
      ? given === "unknown"
      : given !== "unknown" && held.some((name) => has({ permissions: given }, name)),
  );
  return [{ person, detail: describeHolding({ person, access, held, permissions, paths }), paths: paths.map(outline) }];
}

function outline({ reason, grant, role }: AccessPath): AssertionFailure["paths"][number] {
  return { reason, grant, role };
}

/** Everybody who is named and there, with a grant near the place or without; of a pattern no bots, who are nobody to be let in. */
function findLacking(of: Case): readonly PersonalFault[] {
  const { assertion, named, scene, place } = of;
  const { people, admins } = assertion.who;
  const wanted = [...named].filter((person) => !scene.bots.has(person) || people.has(pathPart(person, 0)));
  const others = admins ? scene.near(place).filter((person) => !named.has(person)) : [];
  const above = others.map((person) => look(person, of)).filter(isAbove);
  const missing = of.isFirst ? findMissing(assertion, scene) : [];
  const lacking = [...wanted.map((person) => look(person, of)), ...above].flatMap((seen) => judgeLacking(seen, of));
  return sortByPerson([...missing, ...lacking]);
}

function judgeLacking({ person, access }: Seen, { assertion }: Case): readonly PersonalFault[] {
  const lacking = assertion.permissions.filter((permission) => !has(access, permission));
  if (lacking.length === 0 && !access.isPending) return [];
  return [{ person, detail: describeLacking({ person, access, lacking }), paths: [] }];
}

function findTooFew(of: Case): readonly Fault[] {
  const { permissions, count } = of.assertion;
  const able = listMeant(of)
    .filter(
      ({ person, access }) =>
        !access.isPending && !of.scene.bots.has(person) && permissions.every((name) => has(access, name)),
    )
    .map(({ person }) => person)
    .sort(compareAddresses);
  return able.length >= count ? [] : [{ detail: describeTooFew(able, count), paths: [] }];
}
