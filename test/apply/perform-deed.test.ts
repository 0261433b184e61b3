import { describe, expect, test } from "vitest";
import { performDeed } from "../../src/apply/perform-deed.ts";
import { NO_KEEPER } from "../../src/apply/settle-secret.ts";
import { Impossible, PlatformError } from "../../src/model/errors.ts";
import type { KindWrites } from "../../src/model/kind.ts";
import type { IdentityProviderRow, PlatformReader, PlatformWriter, RoleMappingRow } from "../../src/model/platform.ts";
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
  const reader = {} as PlatformReader;
  const ids = { idOf: () => "x" } as unknown as Parameters<typeof performDeed>[2]["ids"];
  const step = makeStep("a", { op: "update" });
  const run = { writer, reader, ids, secrets: NO_KEEPER };
  expect(await performDeed(step, kind, { ...run, leave: "open" })).toEqual({
    result: "unknown",
    notes: [],
    cause: new Impossible("update space:a tried to delete without an approval"),
  });
  expect(sent).toEqual(["POST /new"]);
  expect((await performDeed(step, kind, { ...run, leave: "approved" })).result).toBe("done");
  expect(sent).toEqual(["POST /new", "POST /new", "DELETE /old"]);
});

describe("a removal that its time being over lets run", () => {
  const ids = { idOf: () => "x" } as unknown as Parameters<typeof performDeed>[2]["ids"];

  /** What is sent where a kind removes these paths, and what came of it. */
  async function remove(
    remote: Readonly<Record<string, string>> | undefined,
    paths: readonly string[],
    writes = false,
  ): Promise<readonly [readonly string[], string]> {
    const sent: string[] = [];
    const writer: PlatformWriter = {
      write: async ({ path }) => {
        sent.push(`POST ${path}`);
        return { status: 200, row: undefined, found: false };
      },
      remove: async (path) => {
        sent.push(path);
        return "deleted";
      },
      editIdentityProvider: () => Promise.reject(new Impossible("no identity provider here")),
    };
    const kind: KindWrites = {
      create: () => Promise.reject(new Impossible("not created here")),
      update: () => Promise.reject(new Impossible("not updated here")),
      remove: async (context) => {
        if (writes) await context.writer.write({ method: "POST", path: "/new", body: {}, settle: "repeat" });
        for (const path of paths) await context.writer.remove(path);
        return "deleted";
      },
    };
    const step = makeStep("a", { op: "delete", ...(remote && { remote }) });
    const { result, cause } = await performDeed(step, kind, {
      ...{ writer, ids, reader: {} as PlatformReader, secrets: NO_KEEPER },
      leave: "lapsed",
    });
    return [sent, cause instanceof Impossible ? cause.message : result];
  }

  test("removes the very object, by its own id or by the two that it joins", async () => {
    const binding = { id: "b/1", project: "p", user: "u" };
    expect(await remove(binding, ["/v2/role-bindings/b%2F1"])).toEqual([["/v2/role-bindings/b%2F1"], "done"]);
    const member = { space: "s", user: "u" };
    expect(await remove(member, ["/v2/spaces/s/users/u"])).toEqual([["/v2/spaces/s/users/u"], "done"]);
  });

  test.each([
    ["the person", { space: "s", user: "u" }, ["/v2/users/u"]],
    ["the person of a binding", { id: "b", project: "p", user: "u" }, ["/v2/users/u"]],
    ["the place", { space: "s", user: "u" }, ["/v2/spaces/s"]],
    ["something else beneath both", { space: "s", user: "u" }, ["/v2/spaces/s/users/u/keys"]],
    ["what has no ids", undefined, ["/v2/spaces/s/users/u"]],
    ["nothing that it may, for it writes first", { space: "s", user: "u" }, ["/v2/spaces/s/users/u"]],
  ])("does not remove %s", async (name, remote, paths) => {
    const writes = name.startsWith("nothing");
    const tried = new Impossible(
      `the removal of space:a tried to ${writes ? "write something" : "remove something else"}`,
    );
    expect(await remove(remote, paths, writes)).toEqual([[], tried.message]);
  });

  test("removes once", async () => {
    const path = "/v2/spaces/s/users/u";
    expect(await remove({ space: "s", user: "u" }, [path, path])).toEqual([
      [path],
      new Impossible("the removal of space:a tried to remove something else").message,
    ]);
  });
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
  const run = { writer, ids, reader: {} as PlatformReader, secrets: NO_KEEPER };
  const more = editing([...PROVIDER.mappings, { ...mapping("three"), id: undefined }]);
  expect((await performDeed(step, more, { ...run, leave: "open" })).result).toBe("done");
  const fewer = editing([mapping("two")]);
  expect((await performDeed(step, fewer, { ...run, leave: "open" })).cause).toEqual(
    new Impossible("update space:a tried to delete without an approval"),
  );
  expect((await performDeed(step, fewer, { ...run, leave: "approved" })).result).toBe("done");
  // Nor does its time being over let anything be edited.
  expect((await performDeed(step, more, { ...run, leave: "lapsed" })).cause).toEqual(
    new Impossible("the removal of space:a tried to edit something"),
  );
  expect(edited).toEqual([3, 1]);
});

describe("what became of a deed", () => {
  const ids = { idOf: () => "x" } as unknown as Parameters<typeof performDeed>[2]["ids"];
  const run = { ids, reader: {} as PlatformReader, writer: {} as PlatformWriter, secrets: NO_KEEPER };
  const removing = (remove: KindWrites["remove"]) => {
    const other = () => Promise.reject(new Impossible("only removed here"));
    return performDeed(
      makeStep("a", { op: "delete" }),
      { create: other, update: other, remove },
      {
        ...run,
        leave: "approved",
      },
    );
  };

  test("is told of a removal", async () => {
    expect(await removing(async () => "deleted")).toEqual({ result: "done", notes: [] });
    expect(await removing(async () => "absent")).toEqual({ result: "absent", notes: [] });
  });

  test("is known only where the platform refused it, and nothing can have happened", async () => {
    const failing = async (cause: unknown): Promise<string> => {
      const deed = await removing(() => Promise.reject(cause));
      expect(deed).toMatchObject({ notes: [], cause });
      return deed.result;
    };
    const call = "DELETE /v2/users/1";
    expect(await failing(new PlatformError("forbidden", call, "no"))).toBe("failed");
    expect(await failing(new PlatformError("server", call, "no", { ambiguous: true }))).toBe("unknown");
    expect(await failing(new PlatformError("interrupted", call, "no"))).toBe("unknown");
    expect(await failing(new Error("ours"))).toBe("unknown");
    expect(await failing({ failure: "forbidden", ambiguous: false })).toBe("unknown");
  });

  test("a creation is handed what only the write needs", async () => {
    const seen: unknown[] = [];
    const kind: KindWrites = {
      create: async ({ creation }) => {
        seen.push(creation);
        return { remote: { id: "1" }, notes: [] };
      },
      update: () => Promise.reject(new Impossible("only created here")),
      remove: () => Promise.reject(new Impossible("only created here")),
    };
    for (const said of [{}, { creation: { invite: "none" } }]) {
      expect((await performDeed(makeStep("a", said), kind, { ...run, leave: "open" })).result).toBe("done");
    }
    expect(seen).toEqual([{}, { invite: "none" }]);
  });
});
