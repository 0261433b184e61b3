import { describe, expect, it } from "vitest";
import { judgeGrant } from "../../src/kinds/grant-hazards.ts";
import type { Resource, Spec } from "../../src/model/resource.ts";
import { buildDeclared, buildLive, buildWorld } from "../support/world-builder.ts";

const ADDRESS = "space-member:Platform/alpha/ana@example.com";
const permissions = (...names: readonly string[]) => ({
  permissions: Object.fromEntries(names.map((name) => [name, true])),
});
const ROLES = buildWorld(
  buildLive("role:read", permissions("A", "B")),
  buildLive("role:write", permissions("A", "B", "C")),
  buildLive("role:other", permissions("A", "D")),
  buildLive("role:same", permissions("B", "A")),
  buildLive("role:unknown"),
);
const WORLDS = { live: ROLES, planned: ROLES };

function judge(op: "create" | "update" | "delete", before: Resource | undefined, after: Resource | undefined) {
  return judgeGrant({ op, address: ADDRESS, before, after, fields: [] }, WORLDS);
}

const codes = (before: string, after: string): readonly string[] =>
  judge("update", buildLive(ADDRESS, { role: before }), buildDeclared(ADDRESS, { role: after })).map(
    ({ code }) => code,
  );

const MORE = ["widens-access"];
const LESS = ["removes-access"];
const BOTH = ["removes-access", "widens-access"];

describe("judgeGrant", () => {
  it.each([
    ["admin", "admin", []],
    ["admin", "member", LESS],
    ["admin", "read-only", LESS],
    ["admin", "annotator", BOTH],
    ["member", "admin", MORE],
    ["member", "member", []],
    ["member", "read-only", LESS],
    ["member", "annotator", BOTH],
    ["read-only", "admin", MORE],
    ["read-only", "member", MORE],
    ["read-only", "read-only", []],
    ["read-only", "annotator", BOTH],
    ["annotator", "admin", BOTH],
    ["annotator", "member", BOTH],
    ["annotator", "read-only", BOTH],
    ["annotator", "annotator", []],
    ["role:read", "role:write", MORE],
    ["role:write", "role:read", LESS],
    ["role:read", "role:other", BOTH],
    ["role:read", "role:unknown", BOTH],
    ["role:unknown", "role:read", BOTH],
    ["role:nowhere", "role:read", BOTH],
    ["role:read", "role:read", []],
    // Equal permissions: to say too much does no harm.
    ["role:read", "role:same", MORE],
    ["admin", "role:write", LESS],
    ["role:write", "admin", MORE],
    ["member", "role:write", BOTH],
    ["role:write", "read-only", BOTH],
  ])("%s to %s: %j", (before, after, wanted) => {
    expect(codes(before, after)).toEqual(wanted);
  });

  it("names both roles", () => {
    const [hazard] = judge("update", buildLive(ADDRESS, { role: "member" }), buildDeclared(ADDRESS, { role: "admin" }));
    expect(hazard?.detail).toBe("member becomes admin.");
    const hazards = judge(
      "update",
      buildLive(ADDRESS, { role: "role:read" }),
      buildDeclared(ADDRESS, { role: "role:other" }),
    );
    expect(hazards.map(({ detail }) => detail)).toEqual([
      "read becomes other. The new role may lack rights of the old one.",
      "read becomes other.",
    ]);
  });

  it("takes the new role as it will be", () => {
    const planned = new Map(ROLES).set("role:write", buildLive("role:write", permissions("A")));
    const change = {
      op: "update" as const,
      address: ADDRESS,
      before: buildLive(ADDRESS, { role: "role:read" }),
      after: buildDeclared(ADDRESS, { role: "role:write" }),
      fields: [],
    } as const;
    expect(judgeGrant(change, { live: ROLES, planned }).map(({ code }) => code)).toEqual(LESS);
  });

  it("calls a role blind that cannot be read, unless what was written last is known", () => {
    const hidden = (spec: Spec) => buildLive(ADDRESS, spec, { unknown: ["role"] });
    const after = buildDeclared(ADDRESS, { role: "member" });
    expect(judge("update", hidden({}), after).map(({ code }) => code)).toEqual(["blind"]);
    expect(judge("update", hidden({ role: "admin" }), after).map(({ code }) => code)).toEqual(LESS);
  });

  it("says nothing of a role where neither world has one", () => {
    expect(judge("update", buildLive(ADDRESS), buildDeclared(ADDRESS, { role: "member" }))).toEqual([]);
    expect(judge("update", buildLive(ADDRESS, { role: "member" }), buildDeclared(ADDRESS))).toEqual([]);
  });

  it("gives on creation and takes on deletion", () => {
    expect(judge("create", undefined, buildDeclared(ADDRESS, { role: "role:read" }))).toEqual([
      { code: "widens-access", detail: "The role read is given." },
    ]);
    expect(judge("create", undefined, buildDeclared(ADDRESS))).toEqual([
      { code: "widens-access", detail: "A role is given." },
    ]);
    expect(judge("delete", buildLive(ADDRESS, { role: "admin" }), undefined)).toEqual([
      { code: "removes-access", detail: "The role admin is taken away." },
    ]);
    expect(judge("delete", buildLive(ADDRESS), undefined)).toEqual([
      { code: "removes-access", detail: "The role is taken away." },
    ]);
  });
});
