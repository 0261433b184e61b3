import { expect, test } from "vitest";
import { compileSeparation, findSeparationBreaches } from "../../src/access/separation.ts";
import { ASSUMED } from "../../src/model/access.ts";
import type { SeparationRule } from "../../src/model/assertion.ts";
import { live } from "../support/plan-input.ts";

const WORLD = new Map(
  [
    live("user:root@acme.io", { role: "admin" }),
    live("user:ana@acme.io", { role: "member" }),
    live("user:ben@acme.io", { role: "member" }, { facts: { status: "INVITED" } }),
    live("organization:A"),
    live("space:A/x", { private: true }),
    live("project:A/x/p"),
    live("org-member:A/ana@acme.io", { role: "member" }),
    live("org-member:A/ben@acme.io", { role: "member" }),
    live("space-member:A/x/ana@acme.io", { role: "role:Maker", also: "role:Gone" }),
    live("space-member:A/x/ben@acme.io", { role: "role:Both", also: null }),
    live("binding:A/x/p/ana@acme.io", { role: "role:Eraser" }),
    live("role:Maker", { permissions: { CREATE: true } }),
    live("role:Eraser", { permissions: { DELETE: true } }),
    live("role:Both", { permissions: { CREATE: true, DELETE: true } }),
  ].map((resource) => [resource.address, resource]),
);
const PLACES = ["organization:A", "space:A/x", "project:A/x/p"] as const;

function find(...rules: readonly SeparationRule[]): readonly string[] {
  return findSeparationBreaches(WORLD, rules, PLACES, ASSUMED).map(
    ({ person, place, isPending, paths }) =>
      `${person} ${place}${isPending ? " pending" : ""} ${paths.map(({ role }) => role).join("+")}`,
  );
}

const EVERYWHERE: SeparationRule = { permissions: ["CREATE", "DELETE"], on: undefined };

test("whoever holds both in a place is told with the grants that give them; admins and unknown roles are not", () => {
  expect(find(EVERYWHERE)).toEqual([
    "user:ben@acme.io space:A/x pending role:Both",
    "user:ana@acme.io project:A/x/p role:Maker+role:Eraser",
    "user:ben@acme.io project:A/x/p pending role:Both",
  ]);
});

test("a rule may be about some places, and several rules are told one by one", () => {
  const inSpace: SeparationRule = { permissions: ["DELETE", "CREATE"], on: "space:**" };
  expect(find(inSpace)).toEqual(["user:ben@acme.io space:A/x pending role:Both"]);
  expect(find(inSpace, EVERYWHERE)).toHaveLength(4);
  expect(find({ permissions: ["CREATE", "READ"], on: undefined })).toEqual([]);
  expect(find()).toEqual([]);
});

test("one person in one place can be judged without the rest of the world", () => {
  const judge = compileSeparation([EVERYWHERE]);
  const seen = { person: "user:ana@acme.io", place: "space:A/x" } as const;
  const access = { paths: [], isLowerBound: false, isPending: false, cutOff: [], assumptions: [] };
  expect(judge({ ...seen, access: { ...access, permissions: new Set(["CREATE", "DELETE"]) } })).toHaveLength(1);
  expect(judge({ ...seen, access: { ...access, permissions: new Set(["CREATE"]) } })).toEqual([]);
  expect(judge({ ...seen, access: { ...access, permissions: "all" } })).toEqual([]);
});
