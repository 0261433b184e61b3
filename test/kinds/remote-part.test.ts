import { describe, expect, it } from "vitest";
import { KINDS } from "../../src/kinds/registry.ts";
import { remotePart } from "../../src/kinds/remote-part.ts";
import { Impossible } from "../../src/model/errors.ts";
import type { PlatformReader } from "../../src/model/platform.ts";

describe("the ids of a live resource", () => {
  it("are there, or nothing is sent", () => {
    expect(remotePart({ id: "a/b" }, "id")).toBe("a/b");
    for (const remote of [undefined, {}, { id: "" }]) expect(() => remotePart(remote, "id")).toThrow(Impossible);
  });

  it.each(KINDS.map((kind) => [kind.title, kind] as const))(
    "are never left out of the deletion of a %s",
    async (_, kind) => {
      const sent: string[] = [];
      const writer = {
        write: () => Promise.reject(new Error("not asked for")),
        remove: async (path: string) => {
          sent.push(path);
          return "deleted" as const;
        },
        editIdentityProvider: () => Promise.reject(new Error("not asked for")),
      };
      const context = {
        writer,
        reader: {} as PlatformReader,
        from: undefined,
        to: undefined,
        fields: [],
        creation: {},
        idOf: () => "",
      };
      const remove = async () => kind.remove({ ...context, address: `${kind.name}:a/b/c/d`, remote: {} });
      await expect(remove()).rejects.toThrow(Impossible);
      expect(sent).toEqual([]);
    },
  );
});
