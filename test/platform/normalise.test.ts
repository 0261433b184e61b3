import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import { normaliseRow, spellRole } from "../../src/platform/normalise.ts";

// The same cases on every machine and every day.
fc.configureGlobal({ seed: 20_261_121 });

describe("a row of an older server", () => {
  it.each<[string, JsonObject, JsonObject]>([
    [
      "a predefined role",
      { role: { type: "predefined", name: "read-only" } },
      { role: { type: "PREDEFINED", name: "READ_ONLY" } },
    ],
    ["a bare role", { role: "admin" }, { role: { type: "PREDEFINED", name: "ADMIN" } }],
    [
      "a custom role",
      { role: { type: "custom", id: "r", name: "admin" } },
      { role: { type: "CUSTOM", id: "r", name: "admin" } },
    ],
    ["a user", { status: "active", invite_mode: "email_link" }, { status: "ACTIVE", invite_mode: "EMAIL_LINK" }],
    ["a key", { key_type: "service", status: "deleted" }, { key_type: "SERVICE", status: "REVOKED" }],
    ["a binding", { resource_type: "project" }, { resource_type: "PROJECT" }],
    [
      "a bot user",
      {
        bot_user: {
          account_role: { type: "predefined", name: "member" },
          organizations: [{ role: "member", spaces: [{ role: { type: "predefined", name: "annotator" } }] }],
        },
      },
      {
        bot_user: {
          account_role: { type: "PREDEFINED", name: "MEMBER" },
          organizations: [
            {
              role: { type: "PREDEFINED", name: "MEMBER" },
              spaces: [{ role: { type: "PREDEFINED", name: "ANNOTATOR" } }],
            },
          ],
        },
      },
    ],
  ])("with %s is spelled as today", (_, old, today) => {
    expect(normaliseRow(old)).toEqual(today);
    expect(normaliseRow(today)).toEqual(today);
  });

  it("is not copied where it has today's spelling", () => {
    const row = { id: "u", status: "ACTIVE", role: { type: "PREDEFINED", name: "MEMBER" }, name: "Ana" };
    expect(normaliseRow(row)).toBe(row);
    const custom = { id: "u", role: { type: "CUSTOM", id: "r", name: "admin" } };
    expect(normaliseRow(custom)).toBe(custom);
  });

  it("keeps names, permissions, unknown fields and unknown values as they came", () => {
    const row = {
      name: "admin",
      description: "active",
      permissions: ["project_read", "SOMETHING_NEW"],
      kind: "user",
      status: "hibernating",
      resource_type: "galaxy",
      role: "chief",
      spaces: ["admin"],
      nothing: null,
    };
    expect(normaliseRow(row)).toEqual(row);
  });

  it("normalised twice is as normalised once, and keeps its fields", () => {
    const row = fc.dictionary(
      fc.constantFrom("role", "status", "key_type", "name", "spaces", "bot_user", "account_role", "x"),
      fc.jsonValue({ maxDepth: 3 }),
    );
    fc.assert(
      fc.property(row, (value) => {
        const once = normaliseRow(value as JsonObject);
        expect(normaliseRow(once)).toEqual(once);
        expect(Object.keys(once)).toEqual(Object.keys(value));
      }),
    );
  });
});

describe("a role from GraphQL", () => {
  it.each([
    ["admin", "admin"],
    ["readOnly", "read-only"],
    ["READ_ONLY", "read-only"],
    ["read-only", "read-only"],
    ["Annotator", "annotator"],
    ["chief", "chief"],
  ])("%s is spelled %s", (role, wanted) => {
    expect(spellRole(role)).toBe(wanted);
  });
});
