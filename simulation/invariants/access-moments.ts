import type { HazardCode } from "../../src/model/change.ts";
import type { Operation } from "../../src/sandbox/store.ts";
import { type AccessView, type Held, viewAccess } from "./access-view.ts";
import type { Invariant, Moment } from "./invariant.ts";
import { findIntents } from "./which-intent.ts";

/** What everybody held after a write, or at the start. */
interface View {
  readonly view: AccessView;
  readonly cause: string;
  /** True between the two halves of a switch from a predefined to a custom role: a moment without either is its price. */
  readonly isSwitch: boolean;
}

const NOTHING: Held = new Set();

/**
 * After every single write nobody holds what they hold neither before nor after, nobody lacks what they hold before and after, no
 * place that keeps an admin is ever without one, and nobody ends with less by a write that nobody approved. A plan that says of a
 * step that no order avoids it was read by whoever approved it.
 */
export const accessMoments: Invariant = {
  name: "access-moments",
  claim: "at no moment anybody has what they have neither before nor after, or lacks what they keep",
  watch: (tell, { scenario }) => {
    let views: View[] = [];
    const told = new Set<HazardCode>();
    let isEdited = false;
    return {
      see: (happening, moment) => {
        if (happening.type === "stage") {
          views = [{ view: viewAccess(moment.store), cause: "the start", isSwitch: false }];
          told.clear();
          isEdited = false;
        }
        const plans =
          happening.type === "planned"
            ? [happening.plan]
            : happening.type === "ended" && happening.ending.applied !== undefined
              ? [happening.ending.applied.plan]
              : [];
        for (const { code } of plans.flatMap(({ steps }) => steps.flatMap(({ hazards }) => hazards))) told.add(code);
        if (happening.type === "commit") {
          isEdited ||= happening.by === "person";
          if (typeof happening.by !== "number" || !mayMoveAccess(happening.operations)) return;
          const { method = "?", target = "?" } = moment.request(happening.by) ?? {};
          const view = viewAccess(moment.store);
          for (const breach of isEdited ? [] : judgeLoss(views, view, { moment, target }))
            tell(`${method} ${target}: ${breach}`);
          const isSwitch = method === "DELETE" && findIntents(moment.open, target).some(({ op }) => op === "update");
          views.push({ view, cause: `${method} ${target}`, isSwitch });
        }
        if (happening.type !== "settled" || isEdited || happening.left.state !== "nothing") return;
        // Where the server shows no roles in organizations nobody can know in which order they are safe.
        if (scenario.switches.orgUserRole !== false) for (const breach of judgeMoments(views, told)) tell(breach);
      },
    };
  },
};

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

function judgeMoments(views: readonly View[], told: ReadonlySet<HazardCode>): readonly string[] {
  const [first] = views;
  const last = views.at(-1);
  if (first === undefined || last === undefined) return [];
  const [before, after] = [first.view, last.view];
  const stays = (cell: string): boolean => {
    const [person = "", place = ""] = cell.split(" ");
    // The bot of a new key is nobody yet when a plan is made: what it may do stands in a note of the step.
    if (after.bots.has(person) && !before.bots.has(person)) return false;
    return before.places.has(place) && after.places.has(place);
  };
  const breaches: string[] = [];
  for (const { view, cause, isSwitch } of views.slice(1, -1)) {
    const cells = [...new Set([...before.cells.keys(), ...view.cells.keys()])].filter(stays);
    for (const cell of cells) {
      const [was, is, will] = [before, view, after].map(({ cells: all }) => all.get(cell) ?? NOTHING) as [
        Held,
        Held,
        Held,
      ];
      const excess = lacks(will, lackSet(was, is));
      const gap = lacks(is, new Set([...was, ...will].filter((one) => covers(was, one) && covers(will, one))));
      if (excess.length > 0 && !told.has("exposes"))
        breaches.push(`after ${cause} ${cell} has ${excess.slice(0, 3).join()}, as neither before nor after`);
      if (gap.length > 0 && !told.has("interrupts") && !isSwitch)
        breaches.push(`after ${cause} ${cell} lacks ${gap.slice(0, 3).join()}, which is there before and after`);
    }
    for (const [place, count] of before.admins) {
      if (
        count > 0 &&
        (after.admins.get(place) ?? 0) > 0 &&
        (view.admins.get(place) ?? 0) === 0 &&
        !told.has("interrupts")
      )
        breaches.push(`after ${cause} ${place} has no admin`);
    }
  }
  return breaches;
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
