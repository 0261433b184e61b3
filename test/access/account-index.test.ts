import { describe, expect, test } from "vitest";
import { containerOf, indexAccount, isGrant, personIn, placeAt } from "../../src/access/account-index.ts";
import type { Address } from "../../src/model/address.ts";
import type { World } from "../../src/model/resource.ts";
import { live } from "../support/plan-input.ts";

function worldOf(...addresses: readonly Address[]): World {
  return new Map(addresses.map((address) => [address, live(address)]));
}

const LIVE = worldOf(
  "space:A/x",
  "space-member:A/x/ben@acme.io",
  "space-member:A/x/ana@acme.io",
  "space-member:A/xy/ana@acme.io",
  "binding:A/x/p/ana@acme.io",
  "binding:A/x/q/ana@acme.io",
  "org-member:A/ana@acme.io",
);

describe("the addresses of both worlds", () => {
  const made: Address = "space-member:A/x/aaa@acme.io";
  const planned = new Map([...LIVE, ...worldOf(made, "space-member:A/x/zoe@acme.io")]);
  const index = indexAccount({ live: LIVE, planned }, [made, made, "space-member:A/x/gone@acme.io", "space:A/x"]);

  test("are found by kind and container, sorted, with what the plan makes, each once, and nothing that it does not change", () => {
    expect(index.below("space-member", "A/x")).toEqual([
      made,
      "space-member:A/x/ana@acme.io",
      "space-member:A/x/ben@acme.io",
    ]);
  });

  test("are not those of a container whose name only begins alike", () => {
    expect(index.below("space-member", "A/xy")).toEqual(["space-member:A/xy/ana@acme.io"]);
    expect(index.below("space-member", "A/x/p")).toEqual([]);
    expect(index.below("user", "A")).toEqual([]);
  });

  test("are found by person, however deep in the container, the same answer twice", () => {
    const bindings = index.byPerson("binding", "A/x");
    expect([...bindings]).toEqual([["ana@acme.io", ["binding:A/x/p/ana@acme.io", "binding:A/x/q/ana@acme.io"]]]);
    expect(index.byPerson("binding", "A/x")).toBe(bindings);
  });
});

test("an address of a grant tells who, in what; a path tells what kind of place it is", () => {
  expect([personIn("binding:A/x/p/ana@acme.io"), containerOf("binding:A/x/p/ana@acme.io")]).toEqual([
    "ana@acme.io",
    "A/x/p",
  ]);
  expect(["A", "A/x", "A/x/p"].map(placeAt)).toEqual(["organization:A", "space:A/x", "project:A/x/p"]);
  const kinds = ["org-member:A/u", "space-member:A/x/u", "binding:A/x/p/u", "user:u", "restriction:A/x/p"] as const;
  expect(kinds.filter(isGrant)).toEqual(["org-member:A/u", "space-member:A/x/u", "binding:A/x/p/u"]);
});
