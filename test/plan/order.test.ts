import { describe, expect, test } from "vitest";
import { KINDS } from "../../src/kinds/registry.ts";
import type { Address } from "../../src/model/address.ts";
import { Impossible } from "../../src/model/errors.ts";
import { indexKinds } from "../../src/plan/kinds-by-name.ts";
import type { Draft } from "../../src/plan/match.ts";
import { findDependencies, orderDrafts } from "../../src/plan/order.ts";
import { declare, live } from "../support/plan-input.ts";

const kinds = indexKinds(KINDS);

function draft(op: "create" | "delete", address: Address): Draft {
  const [before, after] = op === "create" ? [undefined, declare(address)] : [live(address), undefined];
  const { origin } = declare(address);
  const rest = { fields: [], reason: "declared-not-found", renamedFrom: undefined, isBlind: false } as const;
  return { op, address, before, after, wanted: after, origin, ...rest };
}

function order(drafts: readonly Draft[], after: Readonly<Record<string, readonly Address[]>> = {}): readonly string[] {
  return orderDrafts(drafts, (address) => after[address] ?? [], kinds).map(({ op, address }) => `${op} ${address}`);
}

describe("the order of changes", () => {
  const [space, organization] = [draft("create", "space:a/s"), draft("create", "organization:a")];
  const [oldSpace, oldOrganization] = [draft("delete", "space:b/s"), draft("delete", "organization:b")];

  test("makes before it deletes, containers first when making and last when deleting, whatever order they come in", () => {
    const drafts = [oldOrganization, space, oldSpace, organization];
    const ordered = ["create organization:a", "create space:a/s", "delete space:b/s", "delete organization:b"];
    expect(order(drafts)).toEqual(ordered);
    expect(order(drafts.toReversed())).toEqual(ordered);
  });

  test("puts a change after what it waits for, and waits for nothing that is not planned", () => {
    const after = { "organization:a": ["space:a/s", "role:Elsewhere"] } as const;
    expect(order([organization, space], after)).toEqual(["create space:a/s", "create organization:a"]);
  });

  test("cannot be had of changes that wait for each other", () => {
    const after = { "organization:a": ["space:a/s"], "space:a/s": ["organization:a"] } as const;
    expect(() => order([organization, space], after)).toThrow(Impossible);
  });

  test("has dependencies only for what changes", () => {
    const dependencies = findDependencies([organization, space], { live: new Map(), planned: new Map() }, kinds);
    expect(dependencies.get("space:a/s")).toEqual(["organization:a"]);
    expect(dependencies.get("space:a/t")).toBeUndefined();
  });
});

test("an address of a kind that nobody registered is a fault of ours", () => {
  expect(() => kinds.of("planet:mars")).toThrow(Impossible);
});
