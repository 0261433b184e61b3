import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Address } from "../../src/model/address.ts";
import {
  ClassedWorld,
  classesOf,
  namesMissingIn,
  pairResources,
  type ResourceClass,
  resourcesHeldSingly,
  resourcesOfKind,
} from "../../src/model/classed-world.ts";
import { ListMap } from "../../src/model/list-map.ts";
import { DerivedMap } from "../../src/model/map-view.ts";
import type { Resource, Spec, World } from "../../src/model/resource.ts";

const anyName = fc.constantFrom("a", "ab", "b", "a b", "c", "%2F");
const anyGrant = fc.tuple(fc.constantFrom("binding", "space-member", "org-member"), anyName, anyName);
const anyAddress = fc.oneof(
  anyGrant.map(([kind, place, person]) => `${kind}:${place}/${person}` as Address),
  anyName.map((name): Address => `user:${name}`),
);
const anyRole = fc.constantFrom("x", "y");

function makeResource(address: Address, role: string): Resource {
  const kind = address.slice(0, address.indexOf(":")) as Resource["kind"];
  return { kind, address, spec: { role }, origin: { from: "platform", remote: {} } };
}

function makeClass(prefix: string, roles: ReadonlyMap<string, string>): ResourceClass {
  const make = (role: string, name: string): Resource => makeResource(`${prefix}${name}` as Address, role);
  const sorted = ListMap.sorted([...roles]) as ListMap<string>;
  const kind = prefix.slice(0, prefix.indexOf(":")) as Resource["kind"];
  return { kind, prefix, resources: new DerivedMap(sorted, make), specs: new DerivedMap(sorted, (role) => ({ role })) };
}

const anyClass = fc
  .tuple(fc.constantFrom("binding", "space-member"), anyName, fc.dictionary(anyName, anyRole, { minKeys: 1 }))
  .map(([kind, place, roles]) => makeClass(`${kind}:${place}/`, new Map(Object.entries(roles))));

type Deed = (world: ClassedWorld, reference: Map<Address, Resource>) => void;
const anyDeed: fc.Arbitrary<Deed> = fc.oneof(
  fc.tuple(anyAddress, anyRole).map(
    ([address, role]): Deed =>
      (world, reference) => {
        world.set(makeResource(address, role));
        reference.set(address, makeResource(address, role));
      },
  ),
  anyAddress.map(
    (address): Deed =>
      (world, reference) => {
        world.delete(address);
        reference.delete(address);
      },
  ),
  anyClass.map(
    (added): Deed =>
      (world, reference) => {
        const resources = [...added.resources.values()];
        if ([...world.addClass(added)].length === 0)
          for (const resource of resources) reference.set(resource.address, resource);
        else
          expect(
            resources.some(({ address }) =>
              [...reference.keys()].some((key) => key.startsWith(address.slice(0, address.lastIndexOf("/") + 1))),
            ),
          ).toBe(true);
      },
  ),
  fc.constant<Deed>((world) => void world.sort()),
);
const anyWorld = fc.array(anyDeed, { maxLength: 12 }).map((deeds) => {
  const [world, reference] = [new ClassedWorld(), new Map<Address, Resource>()];
  for (const deed of deeds) deed(world, reference);
  return { world, reference };
});

const byAddress = (resources: Iterable<Resource>): readonly Resource[] =>
  [...resources].sort((a, b) => (a.address < b.address ? -1 : 1));

type Pair = readonly [Resource, Resource | undefined];

function listPairs(world: World, other: World, isSame: (one: Spec, other: Spec) => boolean): readonly Pair[] {
  return [...pairResources(world, other, isSame)].sort(([a], [b]) => (a.address < b.address ? -1 : 1));
}

const isSameRole = (one: Spec, other: Spec): boolean => one["role"] === other["role"];

const isDifferent = ([one, other]: Pair): boolean => other === undefined || !isSameRole(one.spec, other.spec);

function listMissing(other: World, world: World): readonly Resource[] {
  const singles = [...resourcesHeldSingly(world)].filter(({ address }) => !other.has(address));
  const named = [...classesOf(world)].flatMap((each) =>
    namesMissingIn(other, each).map((name) => each.resources.get(name) as Resource),
  );
  return [...singles, ...named];
}

describe("a world of classes", () => {
  it("is what a map would be, whatever is held in which way", () => {
    fc.assert(
      fc.property(anyWorld, anyAddress, ({ world, reference }, address) => {
        expect(world.size).toBe(reference.size);
        expect(world.get(address)).toEqual(reference.get(address));
        expect(world.has(address)).toBe(reference.has(address));
        expect(byAddress(world.values())).toEqual(byAddress(reference.values()));
        const sorted = [...reference].sort(([a], [b]) => (a < b ? -1 : 1));
        expect([...ClassedWorld.copy(world).sort()]).toEqual(sorted);
        expect([...world.sort().keys()]).toEqual(sorted.map(([key]) => key));
        const specs: unknown[] = [];
        world.visitSpecs((key, spec) => specs.push([key, spec ?? world.get(key)?.spec]));
        expect(specs).toEqual(sorted.map(([key, { spec }]) => [key, spec]));
        for (const [key, resource] of world) expect(world.get(key)).toEqual(resource);
        const visited: unknown[] = [];
        world.forEach((resource, key) => void visited.push([key, resource]));
        expect(visited).toEqual(sorted);
      }),
      { numRuns: 300 },
    );
  });

  it("tells of a kind, of what is out of the ordinary and of what another lacks, as a map does", () => {
    fc.assert(
      fc.property(anyWorld, anyWorld, (one, other) => {
        const kinds = ["binding", "user"] as const;
        for (const kind of kinds) {
          const found = byAddress(resourcesOfKind(one.world, kind));
          expect(found).toEqual(byAddress(resourcesOfKind(one.reference, kind)));
        }
        const missing = byAddress([...one.reference.values()].filter(({ address }) => !other.reference.has(address)));
        const pairs = byAddress(one.reference.values()).map((each): Pair => [each, other.reference.get(each.address)]);
        for (const world of [one.world, one.reference]) {
          for (const against of [other.world, other.reference]) {
            expect(byAddress(listMissing(against, world))).toEqual(missing);
            expect(listPairs(world, against, () => false)).toEqual(pairs);
            // Left out are only those that are the same; what differs is always found.
            const looked = listPairs(world, against, isSameRole);
            expect(pairs).toEqual(expect.arrayContaining([...looked]));
            expect(looked.filter(isDifferent)).toEqual(pairs.filter(isDifferent));
          }
        }
      }),
    );
  });

  it("is copied without what is not kept, class by class, and changes nothing where it came from", () => {
    const kept = makeClass("binding:a/", new Map([["b", "x"]]));
    const left = makeClass("binding:c/", new Map([["b", "x"]]));
    const user = makeResource("user:a", "x");
    const world = new ClassedWorld([user], [kept, left]);
    const copy = ClassedWorld.from(world, (address) => !address.startsWith("binding:c/") && address !== "user:a");
    expect([...copy.keys()]).toEqual(["binding:a/b"]);
    copy.delete("binding:a/b");
    expect([world.size, copy.size]).toEqual([3, 0]);
    expect([...ClassedWorld.from(new Map([["user:a", user]]), () => true)]).toEqual([["user:a", user]]);
    expect([...resourcesHeldSingly(world)]).toEqual([user]);
  });
});

it("a sorted map has no key twice", () => {
  expect(
    ListMap.sorted([
      ["b", 1],
      ["a", 2],
      ["b", 3],
    ]),
  ).toBeUndefined();
});
