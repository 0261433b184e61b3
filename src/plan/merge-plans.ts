import type { AccessDelta, AccessShift, AccessSide, SetName } from "../model/access.ts";
import { canonicalJson, compareText } from "../model/json.ts";
import type { Plan } from "../model/plan.ts";
import { digestPlan } from "./digest.ts";

/** Makes one plan of those of all parts, to be shown: their changes one part after the other, and what is said in several parts once. */
export function mergePlans(plans: readonly [Plan, ...Plan[]]): Plan {
  const [{ format, account, basis, limits, shard, approvals: _, digest: _digest, ...first }] = plans;
  const all = <T>(of: (plan: Plan) => readonly T[]): readonly T[] => once(plans.flatMap(of));
  const approvals = mergeApprovals(plans);
  const merged = {
    ...first,
    ...{ format, account, limits, basis: { ...basis, desired: shard?.whole ?? basis.desired } },
    steps: plans.flatMap(({ steps }) => steps),
    access: mergeDeltas(plans.map(({ access }) => access)),
    assertions: all(({ assertions }) => assertions),
    unknowns: all(({ unknowns }) => unknowns),
    withheld: all(({ withheld }) => withheld),
    incomplete: all(({ incomplete }) => incomplete),
    lapses: all(({ lapses }) => lapses),
    unmanaged: addUp(plans.map(({ unmanaged }) => unmanaged)),
    notes: all(({ notes }) => notes),
    authoritative: all(({ authoritative }) => authoritative).toSorted(),
    ...(approvals !== undefined && { approvals }),
  };
  return { ...merged, digest: digestPlan(merged) };
}

/** The same value once, where it stood first. */
function once<T>(values: readonly T[]): readonly T[] {
  return [...new Map(values.map((value) => [canonicalJson(value), value])).values()];
}

function addUp(counts: readonly Plan["unmanaged"][]): Plan["unmanaged"] {
  const sums = new Map<string, number>();
  for (const [kind, number] of counts.flatMap((each) => Object.entries(each)))
    sums.set(kind, (sums.get(kind) ?? 0) + number);
  return Object.fromEntries([...sums].sort(([a], [b]) => compareText(a, b)));
}

function mergeApprovals(plans: readonly Plan[]): Plan["approvals"] {
  const needs = plans.flatMap(({ approvals }) => approvals ?? []);
  const [first] = needs;
  return first && { ...first, needed: Object.assign({}, ...needs.map(({ needed }) => needed)) };
}

/** Each plan has names of its own for sets of permissions: the same set gets one name. */
function mergeDeltas(deltas: readonly AccessDelta[]): AccessDelta {
  const names = new Map<string, SetName>();
  const sets: Record<SetName, readonly string[]> = {};
  const shifts = deltas.flatMap((delta) => {
    const nameOf = (name: SetName): SetName => {
      const permissions = delta.sets[name];
      if (permissions === undefined) return name;
      const key = canonicalJson(permissions);
      const known = names.get(key) ?? `p${names.size + 1}`;
      names.set(key, known);
      sets[known] = permissions;
      return known;
    };
    const side = (of: AccessSide): AccessSide => ({ ...of, permissions: nameOf(of.permissions) });
    return delta.shifts.map((shift): AccessShift => {
      const { before, after, gained, lost } = shift;
      return { ...shift, before: side(before), after: side(after), gained: nameOf(gained), lost: nameOf(lost) };
    });
  });
  const unseen = [...new Set(deltas.flatMap((delta) => delta.unseen))].sort();
  return { sets, shifts: shifts.toSorted((a, b) => compareText(a.person, b.person)), unseen };
}
