import { describe, expect, it } from "vitest";
import { collectIds } from "../../src/apply/known-ids.ts";
import type { Address, KindName } from "../../src/model/address.ts";
import { Impossible } from "../../src/model/errors.ts";
import type { RemoteRef, Resource, World } from "../../src/model/resource.ts";
import { makeStep } from "../support/toy-plan.ts";

function worldOf(...found: readonly [KindName, Address, RemoteRef][]): World {
  return new Map(
    found.map(([kind, address, remote]): [Address, Resource] => [
      address,
      { kind, address, spec: {}, origin: { from: "platform", remote } },
    ]),
  );
}

const observed = worldOf(
  ["space", "space:O/a", { id: "1" }],
  ["project", "project:O/a/p", { id: "2" }],
  ["role", "role:Old", { id: "3" }],
  ["space-member", "space-member:O/a/j", { space: "1", user: "9" }],
);
const rename = makeStep("O/b", { op: "update", address: "space:O/b", renamedFrom: "space:O/a", remote: { id: "1" } });
const renameRole = makeStep("New", {
  kind: "role",
  op: "update",
  address: "role:New",
  renamedFrom: "role:Old",
  remote: { id: "3" },
});

describe("known ids", () => {
  it("are those of the observed world", () => {
    const ids = collectIds(observed, []);
    expect(ids.idOf("space:O/a")).toBe("1");
    expect(ids.addressOf("space", "1")).toBe("space:O/a");
    expect(ids.addressOf("project", "1")).toBeUndefined();
  });

  it("are Impossible for what is not there, or has none of its own", () => {
    const ids = collectIds(observed, [rename]);
    for (const address of ["space:O/z", "space-member:O/a/j", "project:O/b/q", "role:O"] as const) {
      expect(() => ids.idOf(address)).toThrow(Impossible);
    }
  });

  it("give new names also to what stands in a mapping, as a key or as a value", () => {
    const { withNewNames } = collectIds(observed, [rename, renameRole]);
    const spec = { spaces: { "space:O/a": "role:Old", "space:O/z": "member" }, parent: "space:O/a", none: null };
    expect(withNewNames(spec)).toEqual({
      spaces: { "space:O/b": "role:New", "space:O/z": "member" },
      parent: "space:O/b",
      none: null,
    });
  });

  it("grow with what a run makes", () => {
    const ids = collectIds(observed, []);
    ids.learn(makeStep("O/c", { address: "space:O/c" }), { id: "8" }, "written");
    expect([ids.idOf("space:O/c"), ids.addressOf("space", "8")]).toEqual(["8", "space:O/c"]);
  });

  it("tell what the run made from what was there already", () => {
    const ids = collectIds(observed, []);
    ids.learn(makeStep("O/c", { address: "space:O/c" }), { id: "8" }, "written");
    ids.learn(makeStep("O/d", { address: "space:O/d" }), { id: "9" }, "found");
    ids.learn(makeStep("O/a", { address: "space:O/a", op: "update", remote: { id: "1" } }), { id: "1" }, "written");
    const asked = ["space:O/a", "space:O/c", "space:O/d", "space:O/e"] as const;
    expect(asked.filter((address) => ids.isMade(address))).toEqual(["space:O/c"]);
  });

  it("go with a thing to its new name, and with all that stands in it", () => {
    const ids = collectIds(observed, [rename, renameRole, makeStep("x")]);
    expect([ids.idOf("space:O/b"), ids.idOf("space:O/a"), ids.idOf("project:O/b/p")]).toEqual(["1", "1", "2"]);
    expect([ids.addressOf("space", "1"), ids.addressOf("role", "3")]).toEqual(["space:O/b", "role:New"]);
  });

  it("let specs be seen with the new names", () => {
    const ids = collectIds(observed, [renameRole]);
    expect(ids.withNewNames({ role: "role:Old", other: "role:X", count: 1, none: null })).toEqual({
      ...{ role: "role:New", other: "role:X", count: 1, none: null },
    });
  });
});
