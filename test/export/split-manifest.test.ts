import { expect, test } from "vitest";
import { splitManifest } from "../../src/export/split-manifest.ts";
import type { WrittenEntry } from "../../src/manifest/write-manifest.ts";

function entry(key: string, value: WrittenEntry["value"], comments: readonly string[] = []): WrittenEntry {
  return { key, value, comments };
}

const SPACES = entry("spaces", [entry("Prod/1", []), entry("prod 1", [])], ["of the spaces"]);
const ORGANIZATIONS = entry(
  "organizations",
  [entry("Account", [entry("description", "d"), SPACES], ["of the organization"]), entry("家", [])],
  ["of all"],
);

test("one file for each organization, none called like the file of the account", () => {
  const parts = splitManifest([entry("account", "acme"), ORGANIZATIONS], "org");
  expect(parts.map(({ path }) => path)).toEqual(["account.yaml", "account-2.yaml", "organization.yaml"]);
  expect(parts[0]?.entries).toEqual([entry("account", "acme")]);
  expect(parts[1]?.entries[0]).toMatchObject({ key: "organizations", comments: ["of all"] });
});

test("one file for each space; what is said of the spaces stands with their organization", () => {
  const parts = splitManifest([ORGANIZATIONS], "space");
  expect(parts.map(({ path }) => path)).toEqual([
    "account.yaml",
    "account-2.yaml",
    "account-2/prod-1.yaml",
    "account-2/prod-1-2.yaml",
    "organization.yaml",
  ]);
  expect(parts[1]?.entries[0]?.value).toEqual([
    entry("Account", [entry("description", "d")], ["of the organization", "of the spaces"]),
  ]);
  expect(parts[3]?.entries).toEqual([
    entry("organizations", [entry("Account", [entry("spaces", [entry("prod 1", [])])])]),
  ]);
});

test("an account without organizations is one file", () => {
  expect(splitManifest([entry("account", "acme")], "space")).toEqual([
    { path: "account.yaml", entries: [entry("account", "acme")] },
  ]);
});
