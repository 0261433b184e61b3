import { describe, expect, test } from "vitest";
import { formatManifest } from "../../src/manifest/format-manifest.ts";
import { loadFiles, loadGood } from "./load-text.ts";

describe("assertions", () => {
  test("groups are expanded, patterns resolved, and everything has its place", async () => {
    const { assertions } = await loadGood(
      [
        "version: 1",
        "groups: { ml: [Ana@x.io, group:inner], inner: [ben@x.io] }",
        "assertions:",
        '  - { who: [Cy@X.io, group:ml, "*@Partner.io", admins, admins], on: "project:A/**", only: ["ROLE_BINDING_*", PROJECT_READ] }',
        '  - { who: "*", on: ["space:A/*", "organization:A"], can: PROJECT_READ, at_least: 2 }',
      ].join("\n"),
    );
    expect(assertions).toEqual([
      {
        at: expect.objectContaining({ file: "access.yaml", line: 4, column: 5 }),
        who: {
          words: ["cy@x.io", "group:ml", "*@partner.io", "admins"],
          people: new Set(["cy@x.io", "ana@x.io", "ben@x.io"]),
          patterns: ["*@partner.io"],
          admins: true,
        },
        on: ["project:A/**"],
        rule: "only",
        permissions: ["PROJECT_READ", "ROLE_BINDING_CREATE", "ROLE_BINDING_DELETE", "ROLE_BINDING_READ"],
        count: 0,
      },
      expect.objectContaining({
        who: { words: ["*"], people: new Set(), patterns: ["*"], admins: false },
        on: ["space:A/*", "organization:A"],
        rule: "at-least",
        permissions: ["PROJECT_READ"],
        count: 2,
      }),
    ]);
  });

  test("several files have one list, in the order of the files' names", async () => {
    const line = (who: string): string => `version: 1\nassertions: [{ who: "${who}*", on: "**", never: ROLE_READ }]\n`;
    const { manifest } = await loadFiles({ "b.yaml": line("b"), "a.yaml": line("a") });
    expect(manifest?.assertions.map(({ who, at }) => [who.words, at.file])).toEqual([
      [["a*"], "a.yaml"],
      [["b*"], "b.yaml"],
    ]);
  });

  test("an empty list is one", async () => {
    expect((await loadGood("version: 1\nassertions: []\n")).assertions).toEqual([]);
  });
});

describe("policy", () => {
  test("permissions stand among hazards, and pairs alone or with a place", async () => {
    const { policy } = await loadGood(
      [
        "version: 1",
        "policy:",
        '  hold: [PROJECT_DELETE, widens-access, "SERVICE_KEY_*"]',
        "  forbid: [gains-admin, ROLE_CREATE]",
        "  separate:",
        "    - [DATASET_CREATE, DATASET_DELETE]",
        '    - { permissions: [ROLE_CREATE, ROLE_DELETE], on: "space:Finance/**" }',
        "  assume: { binding_opens_private_space: true, annotator_may_hold_binding: false }",
      ].join("\n"),
    );
    expect(policy).toMatchObject({
      hold: ["widens-access"],
      holdPermissions: ["PROJECT_DELETE", "SERVICE_KEY_CREATE", "SERVICE_KEY_READ", "SERVICE_KEY_REVOKE"],
      forbid: ["gains-admin"],
      forbidPermissions: ["ROLE_CREATE"],
      separate: [
        { permissions: ["DATASET_CREATE", "DATASET_DELETE"], on: undefined },
        { permissions: ["ROLE_CREATE", "ROLE_DELETE"], on: "space:Finance/**" },
      ],
      assume: {
        bindingOpensPrivateSpace: true,
        bindingWorksOutsideOrganization: false,
        annotatorMayHoldBinding: false,
      },
    });
  });
});

test("fmt orders the keys of an assertion and leaves the list as it is", () => {
  const text = [
    "assertions:",
    '  - { never: ROLE_READ, "on": "space:B/*", who: "*" }',
    "  # the second",
    "  - at_least: 2",
    "    can: ROLE_READ",
    '    on: "space:A/*"',
    "    who: [admins]",
    "policy:",
    "  assume: { annotator_may_hold_binding: true, binding_opens_private_space: false }",
    '  separate: [{ on: "space:A/*", permissions: [ROLE_READ, ROLE_CREATE] }, [ROLE_CREATE, ROLE_DELETE]]',
    "version: 1",
  ].join("\n");
  const { text: formatted, diagnostics } = formatManifest(`${text}\n`, "a.yaml");
  expect(diagnostics).toEqual([]);
  expect(formatted).toBe(
    [
      "version: 1",
      "policy:",
      "  separate: [{ permissions: [ROLE_READ, ROLE_CREATE], on: space:A/* }, [ROLE_CREATE, ROLE_DELETE]]",
      "  assume: { binding_opens_private_space: false, annotator_may_hold_binding: true }",
      "",
      "assertions:",
      '  - { who: "*", on: space:B/*, never: ROLE_READ }',
      "  # the second",
      "  - who: [admins]",
      "    on: space:A/*",
      "    can: ROLE_READ",
      "    at_least: 2",
      "",
    ].join("\n"),
  );
});
