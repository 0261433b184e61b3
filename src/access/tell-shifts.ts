import { type Address, kindOf } from "../model/address.ts";
import { isGrant, placeAt } from "./account-index.ts";
import type { CellSide } from "./cell-moments.ts";
import { evaluateAccess } from "./effective-access.ts";
import type { CellVerdict } from "./judge-cell.ts";
import { listBots } from "./list-bots.ts";
import { isEmpty, isSameHolding, joinHoldings } from "./permission-list.ts";
import { isAwaited, type PlanScene } from "./plan-scene.ts";

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

/** By path: what was told of a person's access to a place, which also stands for what is in it. */
export type Told = Map<string, ToldPlace>;

/** What was told of one place. */
export interface ToldPlace {
  readonly stands: Difference;
  readonly within: { spaces: number; projects: number };
}

/** Where differences are told to. */
export interface TellInto {
  readonly scene: PlanScene;
  readonly shifts: RawShift[];
}

/** Tells a difference, unless what was told of a place above says it already. */
export function tell(
  found: {
    readonly person: string;
    readonly path: string;
    readonly verdict: Verdict;
    readonly stands: Difference;
  },
  told: Told,
  into: TellInto,
): void {
  const { person, path, verdict, stands } = found;
  if (!differs(verdict) || isNoNews(person, path, { verdict, scene: into.scene })) return;
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
  into.shifts.push({
    ...describePerson(person, into.scene),
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
  { verdict, scene }: { readonly verdict: Verdict; readonly scene: PlanScene },
): boolean {
  const { live, planned } = scene.worlds;
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

/** A verdict without what it means for the order. */
export type Verdict = Omit<CellVerdict, "rules" | "moments">;
type Difference = Pick<CellVerdict, "gained" | "lost" | "after" | "lostBy">;

/** True when somebody gains or loses something. */
export function differs({ gained, lost }: Pick<CellVerdict, "gained" | "lost">): boolean {
  return !isEmpty(gained) || !isEmpty(lost);
}

/** True when one difference says all there is to say about another further down, where there is one. */
export function standsFor(above: Difference, below: Difference): boolean {
  // Whatever takes something further down, and nothing above, has to be named: alone it takes it all the same.
  if (!below.lostBy.every((change) => above.lostBy.includes(change))) return false;
  if (above.gained === "all") return isEmpty(below.lost);
  // Where everything goes, it counts what remains.
  if (above.lost === "all" && !isSameHolding(above.after.holding, below.after.holding)) return false;
  return isSameHolding(above.gained, below.gained) && isSameHolding(above.lost, below.lost);
}

/** What two verdicts on the same person come to together. */
export function joinVerdicts(own: Verdict, open: Verdict): Verdict {
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

/** When all that is gained lapses again; undefined where some of it lasts. */
function findEnd({ gainedBy }: Verdict): string | undefined {
  const ends = gainedBy
    .filter(({ address }) => isGrant(address))
    .map(({ after }) => (after?.origin.from === "manifest" ? after.origin.expires : undefined));
  return ends.some((end) => end === undefined) ? undefined : [...ends].sort().at(-1);
}

/** What there is to say of a person in every shift. */
export function describePerson(
  person: string,
  { worlds }: PlanScene,
): Pick<RawShift, "person" | "isPending" | "isBot"> {
  const address: Address = `user:${person}`;
  const user = worlds.live.get(address) ?? worlds.planned.get(address);
  return {
    person: address,
    isPending: isAwaited(user),
    isBot: user === undefined || listBots(worlds.live).has(address),
  };
}
