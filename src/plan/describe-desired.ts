import { compareAddresses } from "../model/address.ts";
import type { Desired } from "../model/plan.ts";

/** What a plan's basis is bound to: everything declared, but for the places in files, which may move without meaning anything. */
export function describeDesired(desired: Desired): unknown {
  const { world, managed, absent, ignore, protect, renames, assertions, undoes } = desired;
  return {
    undo: undoes?.run,
    world: [...world.values()]
      .map(({ address, spec, creation, renewal }) => ({ address, spec, creation, renewal }))
      .sort((a, b) => compareAddresses(a.address, b.address)),
    managed: [...managed].sort(([a], [b]) => (a < b ? -1 : 1)),
    absent: [...absent].map(([address, { reason }]) => [address, reason]).sort(),
    renames: [...renames].sort(([a], [b]) => compareAddresses(a, b)),
    ignore,
    protect,
    assertions: assertions.map(({ who, on, rule, permissions, count }) => [who.words, on, rule, permissions, count]),
  };
}
