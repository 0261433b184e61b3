import type { SandboxSwitches } from "../../src/sandbox/start-sandbox.ts";
import type { Operation } from "../../src/sandbox/store.ts";
import { type AccessView, type Held, viewAccessAfter } from "./access-view.ts";
import type { Invariant, Moment } from "./invariant.ts";
import { watchSwitches } from "./role-switches.ts";
import { type BadCell, gatherTold } from "./told-moments.ts";
import { findIntents } from "./which-intent.ts";

/** What everybody held after a write, or at the start. */
interface View {
  readonly view: AccessView;
  readonly cause: string;
  /**
   * Who is between the two halves of a switch from a predefined to a custom role, as `user:3 1/2`: a moment without either, and in a
   * public space with what the organization role gives, is its price, and told.
   */
  readonly switching: ReadonlySet<string>;
}

const NOTHING: Held = new Set();
const NOBODY: ReadonlySet<string> = new Set();

/**
 * After every single write nobody holds what they hold neither before nor after, nobody lacks what they hold before and after, no
 * place that keeps an admin is ever without one, and nobody ends with less by a write that nobody approved. Whom a plan names when
 * it says that no order avoids it is not counted there: whoever approved it read that.
 */
export const accessMoments: Invariant = {
  name: "access-moments",
  claim: "at no moment anybody has what they have neither before nor after, or lacks what they keep",
  watch: (tell, { scenario }) => {
    let views: View[] = [];
    let told = gatherTold();
    const dropsBindings = scenario.switches.spaceRemovalDropsProjectBindings === true;
    let switches = watchSwitches(dropsBindings);
    let isEdited = false;
    return {
      see: (happening, moment) => {
        // Where a run is taken back, what a run takes is judged by what there was when that run began.
        const isTaken = moment.stage.troubled.some(({ undoes }) => undoes === true);
        const isBegun = isTaken && happening.type === "started" && happening.command === "apply";
        if (happening.type === "stage" || isBegun)
          views = [{ view: viewAccessAfter(happening, moment.store), cause: "the start", switching: NOBODY }];
        if (happening.type === "stage") {
          told = gatherTold();
          switches = watchSwitches(dropsBindings);
          isEdited = false;
        }
        if (happening.type === "planned") told.hear(happening.plan, moment.store);
        if (happening.type === "ended" && happening.ending.applied !== undefined)
          told.hear(happening.ending.applied.plan, moment.store);
        if (happening.type === "commit") {
          isEdited ||= happening.by === "person";
          if (typeof happening.by !== "number" || !mayMoveAccess(happening.operations)) return;
          const { method = "?", target = "?" } = moment.request(happening.by) ?? {};
          const view = viewAccessAfter(happening, moment.store);
          for (const breach of isEdited ? [] : judgeLoss(views, view, { moment, target }))
            tell(`${method} ${target}: ${breach}`);
          views.push({ view, cause: `${method} ${target}`, switching: switches.follow(moment, method, target) });
        }
        if (happening.type !== "settled" || isEdited || happening.left.state !== "nothing") return;
        // Where the server shows no roles in organizations nobody can know in which order they are safe.
        if (scenario.switches.orgUserRole === false) return;
        // Between parts the order is by part, and no plan of one tells of it.
        if (moment.stage.shards !== undefined) return;
        // Between a run and its undo lies what was there before the stage, or before an earlier one.
        if (isTaken) return;
        const cells = listBadCells(views).filter(
          (cell) => happening.rounds === 1 || !mayShowLate(cell, views, scenario.switches),
        );
        for (const { words } of told.leaveUntold(cells)) tell(words);
        for (const breach of listUnmanned(views)) tell(breach);
      },
    };
  },
};

/**
 * True for a gap in an organization of somebody who is no longer its admin: the right hid their entries in its spaces, so that one
 * that the manifest does not want shows, and goes, only in a later round.
 */
function mayShowLate({ is, cell }: BadCell, views: readonly View[], switches: Partial<SandboxSwitches>): boolean {
  const [person = "", place = ""] = cell.split(" ");
  const organization = place.slice(place.indexOf(":") + 1).split("/")[0];
  const isAdmin = (each: View | undefined): boolean =>
    covers(each?.view.cells.get(`${person} organization:${organization}`) ?? NOTHING, "*");
  const hides = switches.adminsHideExplicitMembership !== false;
  return hides && is === "interrupts" && isAdmin(views[0]) && !isAdmin(views.at(-1));
}

function mayMoveAccess(operations: readonly Operation[]): boolean {
  return operations.some(([, table]) => table !== "api_keys" && table !== "counters");
}

/** Who has less of what they had at the start, by a write whose intent nobody approved. */
function judgeLoss(
  views: readonly View[],
  after: AccessView,
  { moment, target }: { readonly moment: Moment; readonly target: string },
): readonly string[] {
  const [start, before] = [views[0]?.view, views.at(-1)?.view];
  const isApproved = findIntents(moment.open, target).some(
    ({ approvedBy = [], gate }) => approvedBy.length > 0 || gate === "expired",
  );
  if (isApproved || start === undefined || before === undefined) return [];
  return [...start.cells].flatMap(([cell, had]) => {
    const held = before.cells.get(cell) ?? NOTHING;
    const kept = after.cells.get(cell) ?? NOTHING;
    const lost = [...had].filter((one) => covers(held, one) && !covers(kept, one));
    return lost.length === 0 ? [] : [`${cell} loses ${lost.slice(0, 3).join()}, and nobody approved it`];
  });
}

/** Everything that somebody has for a moment and neither before nor after, or lacks, in a place that stays. */
function listBadCells(views: readonly View[]): readonly BadCell[] {
  const [first] = views;
  const last = views.at(-1);
  if (first === undefined || last === undefined) return [];
  const [before, after] = [first.view, last.view];
  const stays = (cell: string): boolean => {
    const [, place = ""] = cell.split(" ");
    return before.places.has(place) && after.places.has(place);
  };
  const startOf = findStarts(views);
  return views.slice(1, -1).flatMap(({ view, cause, switching }) => {
    const cells = [...new Set([...before.cells.keys(), ...view.cells.keys()])].filter(stays);
    return cells.flatMap((cell): readonly BadCell[] => {
      const start = startOf(cell);
      const [was, is, will] = [start, view, after].map((each) => each.cells.get(cell) ?? NOTHING) as [Held, Held, Held];
      const excess = lacks(will, lackSet(was, is));
      const gap = lacks(is, new Set([...was, ...will].filter((one) => covers(was, one) && covers(will, one))));
      const has = `after ${cause} ${cell} has ${excess.slice(0, 3).join()}, as neither before nor after`;
      const misses = `after ${cause} ${cell} lacks ${gap.slice(0, 3).join()}, which is there before and after`;
      if (isSwitching(cell, switching)) return [];
      return [
        ...(excess.length === 0 ? [] : [{ is: "exposes" as const, cell, words: has }]),
        ...(gap.length === 0 ? [] : [{ is: "interrupts" as const, cell, words: misses }]),
      ];
    });
  });
}

/**
 * Finds what came before for whom a cell speaks of. For a bot that a key of this very run brings, that is what it has right after
 * the write that made it: the creation of the key says so, and before it there was nobody.
 */
function findStarts(views: readonly View[]): (cell: string) => AccessView {
  const start = (views[0] as View).view;
  const births = new Map<string, AccessView>();
  for (const { view } of views) {
    for (const bot of view.bots) if (!start.bots.has(bot) && !births.has(bot)) births.set(bot, view);
  }
  return (cell) => births.get(cell.slice(0, cell.indexOf(" "))) ?? start;
}

/** True for somebody's cell of a space, or of a project in it, while their role there is switched. */
function isSwitching(cell: string, switching: ReadonlySet<string>): boolean {
  if (switching.size === 0) return false;
  const [person, place = ""] = cell.split(" ");
  const space = place
    .slice(place.indexOf(":") + 1)
    .split("/")
    .slice(0, 2);
  return space.length === 2 && switching.has(`${person} ${space.join("/")}`);
}

/**
 * Places that keep an admin of their own, and were without one for a moment. An admin of the organization is one of its spaces too:
 * the platform may show no more of such a person than that.
 */
function listUnmanned(views: readonly View[]): readonly string[] {
  const [before, after] = [views[0]?.view.admins, views.at(-1)?.view.admins];
  return [...(before ?? [])].flatMap(([place, count]) => {
    if (count === 0 || (after?.get(place) ?? 0) === 0) return [];
    return views
      .filter(({ view }) => (view.admins.get(place) ?? 0) === 0 && !isManagedFromAbove(view, place))
      .map(({ cause }) => `after ${cause} ${place} has no admin`);
  });
}

function isManagedFromAbove({ admins }: AccessView, place: string): boolean {
  const above = place.startsWith("space:") ? `organization:${place.slice("space:".length).split("/")[0]}` : undefined;
  return above !== undefined && (admins.get(above) ?? 0) > 0;
}

function covers(held: Held, permission: string): boolean {
  return held.has("*") || held.has(permission);
}

/** What of some permissions is not held. */
function lacks(held: Held, wanted: Held): readonly string[] {
  return [...wanted].filter((one) => !covers(held, one));
}

function lackSet(held: Held, wanted: Held): Held {
  return new Set(lacks(held, wanted));
}
