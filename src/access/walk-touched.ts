import type { BadMoment, OrderRule } from "../model/access.ts";
import type { Address } from "../model/address.ts";
import type { World } from "../model/resource.ts";
import { type AccountIndex, containerOf, placeAt } from "./account-index.ts";
import type { CellSide } from "./cell-moments.ts";
import type { CellJudge, CellVerdict } from "./judge-cell.ts";
import { classifyProjects, classifySpaces, type PlaceClass } from "./place-classes.ts";
import type { PlanScene } from "./plan-scene.ts";
import {
  describePerson,
  differs,
  joinVerdicts,
  type RawShift,
  standsFor,
  type Told,
  type ToldPlace,
  tell,
} from "./tell-shifts.ts";
import type { Touched, TouchedPlaces } from "./touched-access.ts";

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
  for (const path of places.organizations)
    for (const project of listContainers("binding", { person, path }, walking)) projects.add(project);
  for (const path of [...places.organizations].sort()) {
    const classes = walking.spacesOf(path);
    walkLevel(person, path, { walking, told, next: spaces, beyond: projects, classes, kinds: ORGANIZATION });
  }
  for (const path of [...spaces].sort()) {
    const classes = walking.projectsOf(path);
    walkLevel(person, path, { walking, told, next: projects, beyond: NONE, classes, kinds: SPACE });
  }
  for (const path of [...projects].sort()) {
    const verdict = walking.judge(person, placeAt(path));
    if (verdict === undefined) continue;
    collectRules(verdict, walking);
    tell({ person, path, verdict, stands: verdict }, told, into(walking));
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

interface Level {
  readonly walking: Walking;
  readonly told: Told;
  readonly classes: readonly PlaceClass[];
  readonly kinds: LevelKinds;
  /** Paths on the level below that are to be judged by themselves. */
  readonly next: Set<string>;
  /** Paths on the level below that one that are. */
  readonly beyond: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

/** Judges a person in a place and, class by class, in what is in it. */
function walkLevel(person: string, path: string, level: Level): void {
  const { walking, told, classes, kinds, next, beyond } = level;
  const grants = new Set(listContainers(kinds.grant, { person, path }, walking));
  const judged = judgeClasses(person, { classes, grants, judge: walking.judge });
  const own = walking.judge(person, placeAt(path));
  if (own !== undefined) tellHead({ person, path, own, judged }, level);
  for (const inside of grants) next.add(inside);
  for (const found of judged) {
    collectRules(found.verdict, walking);
    if (tellAbove(found, told.get(path), { inside: kinds.inside, next, beyond })) continue;
    for (const inside of found.each.members.keys()) next.add(inside);
  }
}

/** Tells what differs in the place itself. An organization gives little by itself: what its role gives in open spaces is told as what it gives. */
function tellHead(
  found: {
    readonly person: string;
    readonly path: string;
    readonly own: CellVerdict;
    readonly judged: readonly JudgedClass[];
  },
  { walking, told, kinds }: Level,
): void {
  const { person, path, own, judged } = found;
  collectRules(own, walking);
  const open = kinds === ORGANIZATION ? judged.find(({ verdict }) => differs(verdict))?.verdict : undefined;
  const verdict = open === undefined ? own : joinVerdicts(own, open);
  tell({ person, path, verdict, stands: open ?? own }, told, into(walking));
}

function into({ scene, walked }: Walking): Parameters<typeof tell>[2] {
  return { scene, shifts: walked.shifts };
}

/** The paths of what a person has a grant of one kind on, within a place. */
function listContainers(
  kind: "space-member" | "binding",
  { person, path }: { readonly person: string; readonly path: string },
  { index }: Walking,
): readonly string[] {
  return (index.byPerson(kind, path).get(person) ?? []).map(containerOf);
}

/** A class, and the verdict on each of its places in which the person has no grant of their own. */
interface JudgedClass {
  readonly each: PlaceClass;
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
    return verdict === undefined ? [] : [{ each, verdict }];
  });
}

/** The first place of a class without a grant of the person: of ten thousand places one is looked at. */
function findFree({ members }: PlaceClass, grants: ReadonlySet<string>): string | undefined {
  for (const path of members.keys()) if (!grants.has(path)) return path;
  return undefined;
}

/**
 * Counts a class with what was told of the place it is in: false where its members have to be looked at one by one. What is judged
 * by itself is counted, or told, once it is.
 */
function tellAbove(
  { each, verdict }: JudgedClass,
  above: ToldPlace | undefined,
  { inside, next, beyond }: Pick<Level, "next" | "beyond"> & Pick<LevelKinds, "inside">,
): boolean {
  if (each.isMoved) return false;
  if (!differs(verdict)) return true;
  if (above === undefined || !standsFor(above.stands, verdict)) return false;
  const own = listCommon(each.members, next);
  above.within[inside] += each.members.size - own.length;
  above.within.projects += each.projects - own.reduce((sum, path) => sum + (each.members.get(path) as number), 0);
  for (const path of beyond) {
    const container = parentPath(path);
    if (each.members.has(container) && !next.has(container)) above.within.projects -= 1;
  }
  return true;
}

/** The paths in both, found by way of the fewer. */
function listCommon(members: PlaceClass["members"], paths: ReadonlySet<string>): readonly string[] {
  return paths.size < members.size
    ? [...paths].filter((path) => members.has(path))
    : [...members.keys()].filter((path) => paths.has(path));
}

function parentPath(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

function collectRules({ rules, moments }: CellVerdict, { walked }: Walking): void {
  for (const rule of rules) walked.rules.push(rule);
  for (const moment of moments) walked.moments.push(moment);
}
