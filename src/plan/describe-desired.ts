import { compareAddresses } from "../model/address.ts";
import { ClassedWorld } from "../model/classed-world.ts";
import { canonicalJson } from "../model/json.ts";
import type { Desired } from "../model/plan.ts";

/**
 * What a plan's basis is bound to, as canonical JSON, piece by piece: everything declared, but for the places in files, which may
 * move without meaning anything. As a whole it would have hundreds of megabytes of a large account.
 */
export function* spellDesired(desired: Desired): Generator<string, void, void> {
  const { world, managed, absent, ignore, protect, renames, assertions, undoes } = desired;
  const others = canonicalJson({
    undo: undoes?.run,
    managed: [...managed].sort(([a], [b]) => (a < b ? -1 : 1)),
    absent: [...absent].map(([address, { reason }]) => [address, reason]).sort(),
    renames: [...renames].sort(([a], [b]) => compareAddresses(a, b)),
    ignore,
    protect,
    assertions: assertions.map(({ who, on, rule, permissions, count }) => [who.words, on, rule, permissions, count]),
  });
  // In the order of names the world comes last.
  yield `${others.slice(0, -1)},"world":[`;
  let before = "";
  for (const { address, spec, creation, renewal } of ClassedWorld.copy(world).sort().values()) {
    yield `${before}${canonicalJson({ address, spec, creation, renewal })}`;
    before = ",";
  }
  yield "]}";
}
