import fc from "fast-check";
import { expect, test } from "vitest";
import { contentOf } from "../../src/kinds/content-of.ts";
import { grantsOf } from "../../src/kinds/grants-of.ts";
import { type Address, formatAddress, type KindName, pathOf } from "../../src/model/address.ts";
import type { Resource, World } from "../../src/model/resource.ts";

// The same cases on every machine and every day.
fc.configureGlobal({ seed: 20_261_121 });

const DEPTHS: Readonly<Record<KindName, number>> = {
  user: 1,
  role: 1,
  organization: 1,
  space: 2,
  "org-member": 2,
  project: 3,
  "space-member": 3,
  restriction: 3,
  "service-key": 3,
  binding: 4,
  "saml-provider": 1,
  "saml-mapping": 2,
};
const GRANTS: ReadonlySet<KindName> = new Set(["org-member", "space-member", "binding"]);

/** Few names, so that kinds meet under the same ones, and some that are hard to take apart. */
const names = fc.constantFrom("a", "ab", "a/b", "50%", "x@a", "A");
const resources = fc.constantFrom(...(Object.keys(DEPTHS) as KindName[])).chain((kind) =>
  fc.array(names, { minLength: DEPTHS[kind], maxLength: DEPTHS[kind] }).map(
    (path): Resource => ({
      kind,
      address: formatAddress(kind, path),
      spec: {},
      origin: { from: "platform", remote: { id: "1" } },
    }),
  ),
);
const worlds = fc
  .array(resources, { maxLength: 60 })
  .map((all): World => new Map(all.map((resource) => [resource.address, resource])));

test("what stands in a container is what a look at every address finds", () => {
  fc.assert(
    fc.property(worlds, resources, (world, container) => {
      if (!["organization", "space", "project"].includes(container.kind)) return;
      const isInside = ({ kind, address }: Resource): boolean =>
        kind !== "user" &&
        kind !== "role" &&
        !kind.startsWith("saml-") &&
        startsWith(address, container.address) &&
        (pathOf(address).length > pathOf(container.address).length || kind === "restriction");
      expect(contentOf(container.address, world)).toEqual(addressesOf(world, isInside));
    }),
  );
});

test("what somebody holds is what a look at every address finds, asked by the person or by a grant", () => {
  fc.assert(
    fc.property(worlds, resources, (world, { kind, address: person }) => {
      if (kind !== "user" && !GRANTS.has(kind)) return;
      const isTheirs = ({ kind, address }: Resource): boolean =>
        GRANTS.has(kind) && pathOf(address).at(-1) === pathOf(person).at(-1);
      expect(grantsOf(person, world)).toEqual(addressesOf(world, isTheirs));
    }),
  );
});

function startsWith(address: Address, container: Address): boolean {
  return pathOf(container).every((name, index) => pathOf(address)[index] === name);
}

function addressesOf(world: World, fits: (resource: Resource) => boolean): readonly Address[] {
  return [...world.values()].filter(fits).map(({ address }) => address);
}
