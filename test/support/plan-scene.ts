import type { PlanScene } from "../../src/access/plan-scene.ts";
import { ASSUMED } from "../../src/model/access.ts";
import type { Address } from "../../src/model/address.ts";
import type { DraftChange } from "../../src/model/kind.ts";
import type { Resource } from "../../src/model/resource.ts";

/** A plan that turns one list of resources into the other, with a change for each address whose resource is not the same object. */
export function makeScene(
  live: readonly Resource[],
  planned: readonly Resource[],
  waits: Readonly<Record<Address, readonly Address[]>> = {},
): PlanScene {
  const worlds = {
    live: new Map(live.map((resource) => [resource.address, resource])),
    planned: new Map(planned.map((resource) => [resource.address, resource])),
  };
  const addresses = new Set([...worlds.live.keys(), ...worlds.planned.keys()]);
  const changes = [...addresses].flatMap((address): readonly (readonly [Address, DraftChange])[] => {
    const [before, after] = [worlds.live.get(address), worlds.planned.get(address)];
    if (before === after) return [];
    const op = before === undefined ? "create" : after === undefined ? "delete" : "update";
    return [[address, { op, address, before, after, fields: [] }]];
  });
  return { worlds, settings: ASSUMED, changedBy: new Map(changes), waitsFor: (address) => waits[address] ?? [] };
}
