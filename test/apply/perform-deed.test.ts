import { expect, test } from "vitest";
import { performDeed } from "../../src/apply/perform-deed.ts";
import { Impossible } from "../../src/model/errors.ts";
import type { KindWrites } from "../../src/model/kind.ts";
import type { IdentityProviderRow, PlatformWriter, RoleMappingRow } from "../../src/model/platform.ts";
import { makeStep } from "../support/toy-plan.ts";

const mapping = (id: string): RoleMappingRow => ({
  ...{ id, attributes: [["team", id]], isAccountAdmin: false, organization: undefined },
  ...{ spaceRoles: [], spaceCustomRoles: [] },
});

const PROVIDER: IdentityProviderRow = {
  ...{ id: "p", domains: ["acme.io"], syncsRoles: false, allowsDefaults: false, isManagedByFile: false },
  mappings: [mapping("one"), mapping("two")],
};

test("a kind that deletes within an update is stopped unless the update was approved; its writes go through", async () => {
  const sent: string[] = [];
  const writer: PlatformWriter = {
    write: async ({ path }) => {
      sent.push(`POST ${path}`);
      return { status: 200, row: undefined, found: false };
    },
    remove: async (path) => {
      sent.push(`DELETE ${path}`);
      return "deleted";
    },
    editIdentityProvider: () => Promise.reject(new Impossible("not edited here")),
  };
  const kind: KindWrites = {
    create: () => Promise.reject(new Impossible("not created here")),
    update: async (context) => {
      await context.writer.write({ method: "POST", path: "/new", body: {}, settle: "repeat" });
      await context.writer.remove("/old");
      return { remote: {}, notes: [] };
    },
    remove: () => Promise.reject(new Impossible("not removed here")),
  };
  const ids = { idOf: () => "x" } as unknown as Parameters<typeof performDeed>[2]["ids"];
  const step = makeStep("a", { op: "update" });
  expect((await performDeed(step, kind, { writer, ids, isApproved: false })).cause).toBeInstanceOf(Impossible);
  expect(sent).toEqual(["POST /new"]);
  expect((await performDeed(step, kind, { writer, ids, isApproved: true })).result).toBe("done");
  expect(sent).toEqual(["POST /new", "POST /new", "DELETE /old"]);
});

test("a mapping is dropped from an identity provider only by what was approved; to add one needs no approval", async () => {
  const edited: number[] = [];
  const writer: PlatformWriter = {
    write: () => Promise.reject(new Impossible("not written here")),
    remove: () => Promise.reject(new Impossible("not removed here")),
    editIdentityProvider: async ({ id, change }) => {
      const provider = change({ ...PROVIDER, id });
      edited.push(provider.mappings.length);
      return { provider, notes: [] };
    },
  };
  const editing = (mappings: readonly RoleMappingRow[]): KindWrites => ({
    create: () => Promise.reject(new Impossible("not created here")),
    update: async (context) => {
      await context.writer.editIdentityProvider({ id: "p", change: (current) => ({ ...current, mappings }) });
      return { remote: {}, notes: [] };
    },
    remove: () => Promise.reject(new Impossible("not removed here")),
  });
  const ids = { idOf: () => "x" } as unknown as Parameters<typeof performDeed>[2]["ids"];
  const step = makeStep("a", { op: "update" });
  const more = editing([...PROVIDER.mappings, { ...mapping("three"), id: undefined }]);
  expect((await performDeed(step, more, { writer, ids, isApproved: false })).result).toBe("done");
  const fewer = editing([mapping("two")]);
  expect((await performDeed(step, fewer, { writer, ids, isApproved: false })).cause).toBeInstanceOf(Impossible);
  expect((await performDeed(step, fewer, { writer, ids, isApproved: true })).result).toBe("done");
  expect(edited).toEqual([3, 1]);
});
