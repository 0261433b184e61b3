import fc from "fast-check";
import { expect, test } from "vitest";
import { digestOf, looksLikePacket, readFileList, writeFileList } from "../../src/packets/file-list.ts";
import { namePacket } from "../../src/packets/write-packets.ts";

test("a list is read back as it was written, whoever the owners are", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ unit: "binary", maxLength: 200 }), { minLength: 1 }), (owners) => {
      const names = [...new Set(owners.map((owner) => `${namePacket({ owner, places: [] }).name}.md`))];
      fc.pre(!names.includes(".md"));
      const files = names.map((name) => ({ name, text: name }));
      expect(readFileList(writeFileList(files))).toEqual(new Map(names.map((name) => [name, digestOf(name)])));
      expect(names.every(looksLikePacket)).toBe(true);
    }),
    { seed: 20_261_121 },
  );
});

const DIGEST = digestOf("");

test.each([
  "",
  "\n",
  `${DIGEST}  a.md`,
  `${DIGEST} *a.md\n`,
  `${DIGEST}  ../a.md\n`,
  `${DIGEST}  b/a.md\n`,
  `${DIGEST}  .a.md\n`,
  `${DIGEST}  -a.md\n`,
  `${DIGEST}  a.yaml\n`,
  `${DIGEST}  a.md\n${DIGEST}  a.md\n`,
  `${DIGEST}  a.md\n\n`,
  `\uFEFF${DIGEST}  a.md\n`,
  "# Access review\n",
])("%j is no list", (text) => {
  expect(readFileList(text)).toBeUndefined();
});
