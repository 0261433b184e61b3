import type { BadMoment, OrderRule } from "../model/access.ts";
import { type Address, kindOf } from "../model/address.ts";
import type { World } from "../model/resource.ts";
import { type AccountIndex, containerOf, isGrant, placeAt } from "./account-index.ts";
import { evaluateAccess } from "./effective-access.ts";
import type { CellJudge, CellSide, CellVerdict } from "./judge-cell.ts";
import { isEmpty, joinHoldings } from "./permission-list.ts";
import { classifyProjects, classifySpaces, type PlaceClass } from "./place-classes.ts";
import { isAwaited, type PlanScene } from "./plan-scene.ts";
import type { Touched, TouchedPlaces } from "./touched-access.ts";

/** One difference before its permissions are named. */
export interface RawShift {
  readonly person: Address;
  readonly place: Address | "account";
  readonly within: { readonly spaces: number; readonly projects: number };
  readonly verdict: Omit<CellVerdict, "rules" | "moments">;
  readonly until: string | undefined;
  readonly isPending: boolean;
  readonly isBot: boolean;
}

export interface Walked {
  readonly shifts: readonly RawShift[];
  readonly rules: readonly OrderRule[];
  readonly moments: readonly BadMoment[];
}

export interface Walk {
  readonly scene: PlanScene;
  readonly index: AccountIndex;
  readonly judge: CellJudge;
}

/** Judges each touched person from the account down. What is the same below a place is told once, at the place. */
export function walkTouched(touched: Touched, walk: Walk): Walked {
  const walked: Mutable = { shifts: [], rules: [], moments: [] };
  const classes = makeClasses(walk);
  for (const [person, places] of touched) walkPerson(person, places, { ...walk, ...classes, walked });
  return walked;
}

interface Mutable {
  readonly shifts: RawShift[];
  readonly rules: OrderRule[];
  readonly moments: BadMoment[];
}

interface Walking extends Walk {
  readonly walked: Mutable;
  /** The classes of what is in a place, made when they are first asked for. */
  spacesOf(organization: string): readonly PlaceClass[];
  projectsOf(space: string): readonly PlaceClass[];
}

function makeClasses({ scene, index }: Walk): Pick<Walking, "spacesOf" | "projectsOf"> {
  const known = new Map<string, readonly PlaceClass[]>();
  const keep = (key: string, make: () => readonly PlaceClass[]): readonly PlaceClass[] => {
    const found = known.get(key) ?? make();
    known.set(key, found);
    return found;
  };
  return {
    spacesOf: (path) => keep(`o ${path}`, () => classifySpaces(path, scene.worlds, index)),
    projectsOf: (path) => keep(`s ${path}`, () => classifyProjects(path, scene.worlds, index)),
  };
}

function walkPerson(person: string, places: TouchedPlaces, walking: Walking): void {
  if (places.account && walkAccount(person, walking)) return;
  const told: Told = new Map();
  // What has to be looked at by itself joins the level below.
  const spaces = new Set(places.spaces);
  const projects = new Set(places.projects);
  for (const path of [...places.organizations].sort()) {
    const classes = walking.spacesOf(path);
    walkLevel(person, path, { walking, told, next: spaces, classes, kinds: ORGANIZATION });
    for (const grant of walking.index.byPerson("binding", path).get(person) ?? []) projects.add(containerOf(grant));
  }
  for (const path of [...spaces].sort()) {
    const classes = walking.projectsOf(path);
    walkLevel(person, path, { walking, told, next: projects, classes, kinds: SPACE });
  }
  for (const path of [...projects].sort()) {
    const verdict = walking.judge(person, placeAt(path));
    if (verdict === undefined) continue;
    collectRules(verdict, walking);
    tell({ person, path, verdict, stands: verdict }, told, walking);
  }
}

/** A built-in right over the whole account is all there is to say: true where it comes or goes. */
function walkAccount(person: string, walking: Walking): boolean {
  const { changedBy, worlds } = walking.scene;
  const user: Address = `user:${person}`;
  const change = changedBy.get(user);
  const isAdmin = (world: World): boolean => world.get(user)?.spec["role"] === "admin";
  const [was, is] = [isAdmin(worlds.live), isAdmin(worlds.planned)];
  if (change === undefined || was === is) return false;
  const side = (has: boolean): CellSide => ({
    holding: has ? "all" : [],
    roles: has ? ["admin"] : [],
    isLowerBound: false,
    assumptions: [],
  });
  walking.walked.shifts.push({
    ...describePerson(person, walking.scene),
    place: "account",
    within: { spaces: 0, projects: 0 },
    verdict: {
      before: side(was),
      after: side(is),
      gained: is ? "all" : [],
      lost: was ? "all" : [],
      gainedBy: is ? [change] : [],
      lostBy: was ? [change] : [],
    },
    until: undefined,
  });
  return true;
}

/** The kinds of what is in a place, and of a person's grants there. */
interface LevelKinds {
  readonly inside: "spaces" | "projects";
  readonly grant: "space-member" | "binding";
}

const ORGANIZATION: LevelKinds = { inside: "spaces", grant: "space-member" };
const SPACE: LevelKinds = { inside: "projects", grant: "binding" };

/** By path: what was told of a person's access to a place, which also stands for what is in it. */
type Told = Map<string, ToldPlace>;

interface ToldPlace {
  readonly stands: Difference;
  readonly within: { spaces: number; projects: number };
}

interface Level {
  readonly walking: Walking;
  readonly told: Told;
  readonly classes: readonly PlaceClass[];
  readonly kinds: LevelKinds;
  /** Paths on the level below that are to be judged by themselves. */
  readonly next: Set<string>;
}

/** Judges a person in a place and, class by class, in what is in it. */
function walkLevel(person: string, path: string, level: Level): void {
  const { walking, told, classes, kinds, next } = level;
  const grants = new Set((walking.index.byPerson(kinds.grant, path).get(person) ?? []).map(containerOf));
  const judged = judgeClasses(person, { classes, grants, judge: walking.judge });
  const own = walking.judge(person, placeAt(path));
  const bound =
    kinds === ORGANIZATION ? (walking.index.byPerson("binding", path).get(person) ?? []).map(containerOf) : [];
  // An organization gives little by itself: what its role gives in open spaces is told as what it gives.
  const open = kinds === ORGANIZATION ? judged.find(({ verdict }) => differs(verdict))?.verdict : undefined;
  if (own !== undefined) {
    collectRules(own, walking);
    const verdict = open === undefined ? own : joinVerdicts(own, open);
    tell({ person, path, verdict, stands: open ?? own }, told, walking);
  }
  for (const found of judged) {
    collectRules(found.verdict, walking);
    if (tellAbove(found, told.get(path), { inside: kinds.inside, bound })) continue;
    for (const inside of found.each.members.keys()) if (!grants.has(inside)) next.add(inside);
  }
  for (const inside of grants) next.add(inside);
}

/** A class, and the verdict on each of its places in which the person has no grant of their own. */
interface JudgedClass {
  readonly each: PlaceClass;
  readonly grants: ReadonlySet<string>;
  readonly verdict: CellVerdict;
}

function judgeClasses(
  person: string,
  {
    classes,
    grants,
    judge,
  }: { readonly classes: readonly PlaceClass[]; readonly grants: ReadonlySet<string>; readonly judge: CellJudge },
): readonly JudgedClass[] {
  return classes.flatMap((each) => {
    const sample = findFree(each, grants);
    const verdict = sample === undefined ? undefined : judge(person, placeAt(sample));
    return verdict === undefined ? [] : [{ each, grants, verdict }];
  });
}

/** The first place of a class without a grant of the person: of ten thousand places one is looked at. */
function findFree({ members }: PlaceClass, grants: ReadonlySet<string>): string | undefined {
  for (const path of members.keys()) if (!grants.has(path)) return path;
  return undefined;
}

/** Counts a class with what was told of the place it is in: false where its members have to be looked at one by one. */
function tellAbove(
  { each, grants, verdict }: JudgedClass,
  above: ToldPlace | undefined,
  { inside, bound }: { readonly inside: LevelKinds["inside"]; readonly bound: readonly string[] },
): boolean {
  if (each.isMoved) return false;
  if (!differs(verdict)) return true;
  if (above === undefined || !standsFor(above.stands, verdict)) return false;
  const own = [...grants].filter((path) => each.members.has(path));
  above.within[inside] += each.members.size - own.length;
  above.within.projects += each.projects - own.reduce((sum, path) => sum + (each.members.get(path) ?? 0), 0);
  // Where the person has a role on the project itself, it is looked at by itself.
  above.within.projects -= bound.filter(
    (path) => each.members.has(parentPath(path)) && !grants.has(parentPath(path)),
  ).length;
  return true;
}

function parentPath(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

/** Tells a difference, unless what was told of a place above says it already. */
function tell(
  found: {
    readonly person: string;
    readonly path: string;
    readonly verdict: Verdict;
    readonly stands: Difference;
  },
  told: Told,
  walking: Walking,
): void {
  const { person, path, verdict, stands } = found;
  if (!differs(verdict) || isNoNews(person, path, { verdict, walking })) return;
  const above = pathsAbove(path)
    .map((container) => told.get(container))
    .find((other) => other !== undefined && standsFor(other.stands, verdict));
  const within = { spaces: 0, projects: 0 };
  if (above !== undefined) {
    above.within[path.split("/").length === 2 ? "spaces" : "projects"] += 1;
    // What is in it is told above as well.
    told.set(path, { stands, within: above.within });
    return;
  }
  told.set(path, { stands, within });
  walking.walked.shifts.push({
    ...describePerson(person, walking.scene),
    place: placeAt(path),
    within,
    verdict,
    until: findEnd(verdict),
  });
}

/**
 * A new place that one comes to have by way of a grant that stays is no news: it holds nothing yet, and every new place is like
 * that. Nor is it news that a place which is deleted is gone for those who administer what it was in.
 */
function isNoNews(
  person: string,
  path: string,
  { verdict, walking }: { readonly verdict: Verdict; readonly walking: Walking },
): boolean {
  const { live, planned } = walking.scene.worlds;
  const place = placeAt(path);
  if (!live.has(place)) return verdict.gainedBy.every(({ address }) => !isGrant(address) && kindOf(address) !== "role");
  if (planned.has(place)) return false;
  const [organization = ""] = path.split("/");
  return evaluateAccess(planned, `user:${person}`, placeAt(organization)).permissions === "all";
}

function pathsAbove(path: string): readonly string[] {
  const [organization = "", space, project] = path.split("/");
  if (space === undefined) return [];
  return project === undefined ? [organization] : [`${organization}/${space}`, organization];
}

type Verdict = Omit<CellVerdict, "rules" | "moments">;
type Difference = Pick<CellVerdict, "gained" | "lost" | "after">;

function differs({ gained, lost }: Pick<CellVerdict, "gained" | "lost">): boolean {
  return !isEmpty(gained) || !isEmpty(lost);
}

/** True when one difference says all there is to say about another further down. */
function standsFor(above: Difference, below: Difference): boolean {
  if (!differs(below)) return false;
  if (above.gained === "all") return isEmpty(below.lost);
  // Where everything goes, it counts what remains.
  if (above.lost === "all" && String(above.after.holding) !== String(below.after.holding)) return false;
  return String(above.gained) === String(below.gained) && String(above.lost) === String(below.lost);
}

function joinVerdicts(own: Verdict, open: Verdict): Verdict {
  return {
    before: joinSides(own.before, open.before),
    after: joinSides(own.after, open.after),
    gained: joinHoldings(own.gained, open.gained),
    lost: joinHoldings(own.lost, open.lost),
    gainedBy: [...new Set([...own.gainedBy, ...open.gainedBy])],
    lostBy: [...new Set([...own.lostBy, ...open.lostBy])],
  };
}

function joinSides(own: CellSide, open: CellSide): CellSide {
  return {
    holding: joinHoldings(own.holding, open.holding),
    roles: [...new Set([...own.roles, ...open.roles])].sort(),
    isLowerBound: own.isLowerBound || open.isLowerBound,
    assumptions: [...new Set([...own.assumptions, ...open.assumptions])],
  };
}

function collectRules({ rules, moments }: CellVerdict, { walked }: Walking): void {
  for (const rule of rules) walked.rules.push(rule);
  for (const moment of moments) walked.moments.push(moment);
}

/** When all that is gained lapses again; undefined where some of it lasts. */
function findEnd({ gainedBy }: Verdict): string | undefined {
  const ends = gainedBy
    .filter(({ address }) => isGrant(address))
    .map(({ after }) => (after?.origin.from === "manifest" ? after.origin.expires : undefined));
  return ends.some((end) => end === undefined) ? undefined : [...ends].sort().at(-1);
}

function describePerson(person: string, { worlds }: PlanScene): Pick<RawShift, "person" | "isPending" | "isBot"> {
  const address: Address = `user:${person}`;
  const user = worlds.live.get(address) ?? worlds.planned.get(address);
  return { person: address, isPending: isAwaited(user), isBot: user === undefined };
}
