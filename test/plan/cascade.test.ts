import { expect, test } from "vitest";
import { KINDS } from "../../src/kinds/registry.ts";
import { listCascade, resolveCascades } from "../../src/plan/cascade.ts";
import { indexKinds } from "../../src/plan/kinds-by-name.ts";
import type { Draft } from "../../src/plan/match.ts";
import { declare, live } from "../support/plan-input.ts";

const WORLD = new Map(
  ["space:A/x", "project:A/x/q", "project:A/x/p"].map((address) => {
    const resource = live(address as Draft["address"]);
    return [resource.address, resource] as const;
  }),
);

function draft(op: Draft["op"], address: Draft["address"]): Draft {
  const after = op === "delete" ? undefined : declare(address);
  return {
    ...{ op, address, before: WORLD.get(address), after, wanted: after, origin: declare(address).origin, fields: [] },
    ...{ reason: "declared-absent", renamedFrom: undefined, isBlind: false },
  };
}

test("what surely goes along with a deletion is not deleted by itself, and brings nothing along", () => {
  const space = draft("delete", "space:A/x");
  const { drafts, cascades } = resolveCascades([space, draft("delete", "project:A/x/p")], WORLD, indexKinds(KINDS));
  expect(drafts).toEqual([space]);
  expect([...cascades]).toEqual([[space.address, { certain: ["project:A/x/p", "project:A/x/q"], possible: [] }]]);
});

test("what is to be changed, and not deleted, stays a change of its own", () => {
  const both = [draft("delete", "space:A/x"), draft("update", "project:A/x/p")];
  expect(resolveCascades(both, WORLD, indexKinds(KINDS)).drafts).toEqual(both);
});

test("all that may go along is listed in one order", () => {
  expect(listCascade(undefined)).toEqual([]);
  expect(listCascade({ certain: ["space:A/c", "space:A/a"], possible: ["space:A/b"] })).toEqual([
    "space:A/a",
    "space:A/b",
    "space:A/c",
  ]);
});
