import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evaluateAccess } from "../../src/access/effective-access.ts";
import { listAccess, listHolders, listPeople, mayHold } from "../../src/access/questions.ts";
import { type AccessSettings, ASSUMED } from "../../src/model/access.ts";
import type { World } from "../../src/model/resource.ts";
import { arbitrarySample } from "../support/arbitrary-accounts.ts";
import { live } from "../support/plan-input.ts";

function worldOf(resources: readonly ReturnType<typeof live>[]): World {
  return new Map(resources.map((resource) => [resource.address, resource]));
}

const WORLD = worldOf([
  live("user:ana@acme.io", { role: "admin" }),
  live("user:ben@acme.io", { role: "member" }),
  live("organization:A/B".replace("/", "%2F") as "organization:A%2FB"),
  live("organization:A"),
  live("space:A/x", { private: true }),
  live("project:A/x/p"),
  live("org-member:A/ben@acme.io", { role: "member" }),
  live("org-member:A/bot@acme.io", { role: "member" }, { builtin: true }),
  live("space-member:A/x/ben@acme.io", { role: "role:R", also: null }),
  live("space-member:A/x/bot@acme.io", { role: "role:Gone", also: null }, { builtin: true }),
  live("role:R", { permissions: { PROJECT_READ: true } }),
]);

describe("who can", () => {
  test("admins, holders, and whoever may hold it by a role nobody knows; bots count", () => {
    const holders = (permission: string): readonly string[] =>
      listHolders(WORLD, permission, "project:A/x/p").map(({ person }) => person);
    expect(holders("PROJECT_READ")).toEqual(["user:ana@acme.io", "user:ben@acme.io", "user:bot@acme.io"]);
    expect(holders("PROJECT_DELETE")).toEqual(["user:ana@acme.io", "user:bot@acme.io"]);
  });
});

describe("what a person has", () => {
  test("places in the order of a tree, each only where there is something", () => {
    const places = (person: `user:${string}`): readonly string[] => listAccess(WORLD, person).map(({ place }) => place);
    expect(places("user:ana@acme.io")).toEqual(["organization:A", "space:A/x", "project:A/x/p", "organization:A%2FB"]);
    expect(places("user:ben@acme.io")).toEqual(["organization:A", "space:A/x", "project:A/x/p"]);
  });
});

test("both ends of the question take the silent points as they are settled", () => {
  const world = new Map(WORLD).set("binding:A/x/p/cy@acme.io", live("binding:A/x/p/cy@acme.io", { role: "role:R" }));
  const settled = { ...ASSUMED, bindingOpensPrivateSpace: true, bindingWorksOutsideOrganization: true };
  const holders = (settings?: AccessSettings): readonly string[] =>
    listHolders(world, "PROJECT_READ", "project:A/x/p", settings).map(({ person }) => person);
  expect(holders()).not.toContain("user:cy@acme.io");
  expect(holders(settled)).toContain("user:cy@acme.io");
  expect(listAccess(world, "user:cy@acme.io")).toEqual([]);
  expect(listAccess(world, "user:cy@acme.io", settled).map(({ place }) => place)).toEqual(["project:A/x/p"]);
});

test("both ends of the question agree, in every account", () => {
  fc.assert(
    fc.property(arbitrarySample, fc.constantFrom("A", "B", "PROJECT_READ"), (sample, permission) => {
      const world = worldOf(sample.live ?? []);
      const people = listPeople(world);
      for (const { address, kind } of world.values()) {
        if (kind !== "project") continue;
        const byPlace = listHolders(world, permission, address).map(({ person }) => person);
        const byPerson = people.filter((person) => {
          const found = listAccess(world, person).find(({ place }) => place === address);
          return found !== undefined && mayHold(found.access, permission);
        });
        expect(byPlace).toEqual(byPerson);
      }
    }),
    { numRuns: 60, seed: 20_261_121 },
  );
});

test("a restriction never gives anybody anything, and a grant never takes anything away", () => {
  fc.assert(
    fc.property(arbitrarySample, (sample) => {
      const world = worldOf(sample.live ?? []);
      for (const { address, kind } of world.values()) {
        if (kind !== "project") continue;
        const restricted = new Map(world).set(`restriction:${address.slice("project:".length)}`, live("restriction:x"));
        const open = new Map(world);
        open.delete(`restriction:${address.slice("project:".length)}`);
        for (const person of listPeople(world)) {
          const [closedAccess, openAccess] = [
            evaluateAccess(restricted, person, address),
            evaluateAccess(open, person, address),
          ];
          const has = (permission: string): boolean =>
            openAccess.permissions === "all" || openAccess.permissions.has(permission);
          if (closedAccess.permissions === "all") expect(openAccess.permissions).toBe("all");
          else expect([...closedAccess.permissions].filter((permission) => !has(permission))).toEqual([]);
        }
      }
    }),
    { numRuns: 60, seed: 20_261_121 },
  );
});
