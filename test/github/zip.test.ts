import { expect, test } from "vitest";
import { readZip } from "../../src/action/zip.ts";
import { packZip } from "../support/zip-archive.ts";

test("paths that lead elsewhere are names and nothing is written", () => {
  expect([...readZip(packZip({ "../../x": "1", "/etc/x": "2" })).keys()]).toEqual(["../../x", "/etc/x"]);
});

test("what unpacks to more than may be is refused, packed or only stored", () => {
  const text = "0".repeat(1_000);
  expect(() => readZip(packZip({ a: text }), 999)).toThrow("no zip archive that can be read");
  expect(readZip(packZip({ a: text }), 1_000).get("a")).toBe(text);
  // All entries of the directory say that they lie, as they are, in the place of the first.
  const zip = packZip({ a: text, b: text, c: text });
  for (let at = zip.indexOf("PK\u0001\u0002"); at >= 0; at = zip.indexOf("PK\u0001\u0002", at + 4)) {
    zip.writeUInt16LE(0, at + 10);
    zip.writeUInt32LE(0, at + 42);
  }
  const size = readZip(zip).get("c")?.length ?? 0;
  expect(() => readZip(zip, 3 * size - 1)).toThrow("unpacks to more than any plan");
});
