import { type Address, compareAddresses } from "../model/address.ts";
import { ClassedWorld } from "../model/classed-world.ts";
import { canonicalJson } from "../model/json.ts";
import type { Desired } from "../model/plan.ts";
import type { Resource, Spec } from "../model/resource.ts";

/**
 * Spells what a plan's basis is bound to, as canonical JSON, piece by piece: everything declared, but for the places in files, which
 * may move without meaning anything. As a whole it would have hundreds of megabytes of a large account.
 */
export function spellDesired(desired: Desired, add: (piece: string) => void): void {
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
  add(`${others.slice(0, -1)},"world":[`);
  let before = "";
  const sorted = ClassedWorld.copy(world).sort();
  const spell = spellOnce();
  sorted.visitSpecs((address, spec) => {
    const text = spec === undefined ? spellSingle(sorted.get(address) as Resource) : spell(address, spec);
    add(`${before}${text}`);
    before = ",";
  });
  add("]}");
}

function spellSingle({ address, spec, creation, renewal }: Resource): string {
  return canonicalJson({ address, spec, creation, renewal });
}

/** Spells what has nothing but a spec, as `spellSingle` does. What many have in common is spelt once. */
function spellOnce(): (address: Address, spec: Spec) => string {
  const known = new Map<Spec, string>();
  return (address, spec) => {
    const text = known.get(spec) ?? canonicalJson(spec);
    known.set(spec, text);
    return `{"address":${JSON.stringify(address)},"spec":${text}}`;
  };
}
