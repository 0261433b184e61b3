import { expect, test } from "vitest";
import { holdFiles } from "../../src/engine/held-files.ts";

test("files that are only held can be read, and nothing can be written", async () => {
  const files = holdFiles([{ path: "./a/../access.yaml", text: "version: 1\n" }]);
  expect(new TextDecoder().decode(await files.read("access.yaml"))).toBe("version: 1\n");
  expect([await files.size("access.yaml"), await files.real("access.yaml"), await files.kind("access.yaml")]).toEqual([
    11,
    "access.yaml",
    "file",
  ]);
  expect(await files.read("none")).toHaveLength(0);
  expect([await files.size("none"), await files.real("none"), await files.kind("none")]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(await files.list(".")).toEqual([]);
  await expect(files.replace("access.yaml", "")).rejects.toThrow("only held");
  await expect(files.remove("access.yaml")).rejects.toThrow("only held");
});
