import { describe, expect, test } from "vitest";
import { KINDS } from "../../src/kinds/registry.ts";
import type { Assertion } from "../../src/model/assertion.ts";
import { makeDesired, selectReads } from "../../src/state/desired.ts";
import { selectPlaceReads } from "../../src/state/place-reads.ts";
import { buildManifest, type ManifestText } from "../support/world-builder.ts";

function select(...patterns: readonly string[]): {
  readonly classes: readonly string[];
  readonly under: readonly string[];
} {
  const { classes, under } = selectPlaceReads(patterns);
  return { classes: [...classes], under };
}

const ACCOUNT = ["user@", "role@", "organization@"];
const SPACE = [
  ...ACCOUNT,
  "org-member@organization:A",
  "space@organization:A",
  "space-member@space:A/b",
  "project@space:A/b",
];

describe("what is read for the places of a pattern", () => {
  test("a place that is named needs what is on the way to it", () => {
    expect(select("organization:A")).toEqual({ classes: [...ACCOUNT, "org-member@organization:A"], under: [] });
    expect(select("space:A/b")).toEqual({ classes: SPACE, under: [] });
    expect(select("*:A/b/c")).toEqual({
      classes: [...SPACE, "binding@project:A/b/c", "restriction@project:A/b/c"],
      under: [],
    });
  });

  test("a wildcard needs everything in what stands before it", () => {
    expect(select("project:A/**").under).toEqual(["organization:A"]);
    expect(select("space:A/prod-*").under).toEqual(["organization:A"]);
    expect(select("project:A/b/*")).toEqual({ classes: SPACE, under: ["space:A/b"] });
    expect(select("**")).toEqual({ classes: ACCOUNT, under: [""] });
    expect(select("project:*/b/c").under).toEqual([""]);
    expect(select("project:A/b/c/**").under).toEqual([]);
  });

  test("several patterns are read together, and none need nothing", () => {
    expect(select("space:B/*", "space:A/*", "project:A/**").under).toEqual(["organization:A", "organization:B"]);
    expect(select()).toEqual({ classes: [], under: [] });
  });
});

test("a plan reads what its assertions speak of, also under the names it had", () => {
  const at = { file: "access.yaml", line: 1, column: 1, length: 1 };
  const who = { words: ["*"], people: new Set<string>(), patterns: ["*"], admins: false };
  const assertion: Assertion = { at, who, on: ["project:New/**"], rule: "never", permissions: ["P"], count: 0 };
  const text: ManifestText = { organizations: { New: { previously: ["Old"] } } };
  const read = (assertions: readonly Assertion[]): unknown => {
    const manifest = { ...buildManifest(text), assertions };
    const { classes, under } = selectReads(makeDesired({ manifest, kinds: KINDS, now: new Date(0) }), KINDS);
    return { classes: [...classes].sort(), under };
  };
  expect(read([])).toEqual({ classes: ["organization@"], under: [] });
  expect(read([assertion])).toEqual({
    classes: ["org-member@organization:New", "org-member@organization:Old", "organization@", "role@", "user@"],
    under: ["organization:New", "organization:Old"],
  });
});
