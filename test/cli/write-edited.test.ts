import { describe, expect, test } from "vitest";
import { writeEdited } from "../../src/cli/edits/write-edited.ts";
import { type EditedManifest, editManifest, openManifest } from "../../src/manifest/edit-manifest.ts";
import { offboardPerson } from "../../src/manifest/offboard-person.ts";
import { planLiveEdits } from "../../src/manifest/write-live.ts";
import type { Files } from "../../src/model/ports.ts";
import { loadFiles, memoryFiles } from "../manifest/load-text.ts";

type Content = Readonly<Record<string, string>>;

interface Disk extends Files {
  readonly content: () => Content;
}

/** A disk on which so many writes succeed and the next fails: that one alone, or, as for whoever is killed, all after it. */
function failingDisk(before: Content, { after, killed }: { readonly after: number; readonly killed: boolean }): Disk {
  const content: Record<string, string> = { ...before };
  let writes = 0;
  return {
    ...memoryFiles(content),
    read: async (path) => new TextEncoder().encode(content[path]),
    replace: async (path, text) => {
      writes += 1;
      if (killed ? writes > after : writes === after + 1) throw new Error("no more");
      content[path] = text;
    },
    content: () => content,
  };
}

const PATHS = ["a.yaml", "b.yaml", "c.yaml", "d.yaml"];
const LEAVING: Content = {
  "a.yaml": "version: 1\norganizations: { A: { members: { group:g: admin, carl@x.io: member } } }\n",
  "b.yaml": "version: 1\ngroups: { g: [jane@x.io, carl@x.io] }\n",
  "c.yaml":
    "version: 1\norganizations: { A: { spaces: { s: { members: { carl@x.io: admin, jane@x.io: admin } } } } }\n",
  "d.yaml": "version: 1\npeople: { jane@x.io: {}, carl@x.io: {} }\n",
};

const offboard = (content: Content): Promise<EditedManifest> =>
  offboardPerson({ files: memoryFiles(content), paths: PATHS, email: "carl@x.io" });

describe("an edit of many files that is killed", () => {
  test.each([1, 2, 3])(
    "after %d of them says whom to offboard, does not load, and is finished by another run",
    async (after) => {
      const whole = { ...LEAVING, ...Object.fromEntries((await offboard(LEAVING)).texts) };
      const disk = failingDisk(LEAVING, { after, killed: true });
      await expect(writeEdited(disk, await offboard(LEAVING))).rejects.toThrow("no more");
      expect(disk.content()["d.yaml"]).toBe(whole["d.yaml"]);
      const { manifest, diagnostics } = await loadFiles(disk.content());
      expect(manifest).toBeUndefined();
      expect(diagnostics).toContainEqual(
        expect.objectContaining({ code: "AX219", fix: expect.stringContaining("axcess offboard EMAIL") }),
      );
      expect({ ...disk.content(), ...Object.fromEntries((await offboard(disk.content())).texts) }).toEqual(whole);
    },
  );

  test("never opens a place that is private or restricted before it is out of every file", async () => {
    const content: Content = {
      "a.yaml":
        "version: 1\norganizations: { A: { spaces: { s: { private: true, projects: { p: { restricted: true } } } } } }\n",
      "b.yaml": "version: 1\norganizations: { A: { spaces: { s: { description: d, projects: { q: {} } } } } }\n",
      "c.yaml": "version: 1\norganizations: { A: { spaces: { s: { members: { jane@x.io: admin } } } } }\n",
      "d.yaml": "version: 1\norganizations: { A: {} }\n",
    };
    const open = await openManifest(memoryFiles(content), PATHS);
    const { edits } = planLiveEdits(open, [{ take: "absence", address: "space:A/s" }]);
    const edited = await editManifest(open, edits);
    expect([...edited.texts.keys()]).toEqual(["b.yaml", "c.yaml", "a.yaml"]);
    for (const after of [1, 2]) {
      const disk = failingDisk(content, { after, killed: true });
      await expect(writeEdited(disk, edited)).rejects.toThrow();
      const { manifest } = await loadFiles(disk.content());
      expect(manifest?.organizations?.entries.get("A")?.spaces?.entries.get("s")?.private).toBe(true);
    }
  });
});

test.each([0, 1, 2, 3])("where write %d fails, all before it are put back, the last first", async (after) => {
  const disk = failingDisk(LEAVING, { after, killed: false });
  const order: string[] = [];
  const files: Files = {
    ...disk,
    replace: async (path, text) => {
      await disk.replace(path, text);
      order.push(path);
    },
  };
  await expect(writeEdited(files, await offboard(LEAVING))).rejects.toThrow("no more");
  expect(disk.content()).toEqual(LEAVING);
  expect(order.slice(after)).toEqual(order.slice(0, after).reverse());
});
