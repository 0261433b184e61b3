import { describe, expect, it } from "vitest";
import { customRole, roleAddress } from "../../src/kinds/custom-role.ts";
import { unlistedRole } from "../../src/kinds/role-ref.ts";
import type { FieldChange } from "../../src/model/change.ts";
import { PlatformError } from "../../src/model/errors.ts";
import type { PlatformReader, Row } from "../../src/model/platform.ts";
import { observeAccount } from "../../src/state/observe.ts";
import { makeRowsReader } from "../support/rows-reader.ts";
import { Authoritative, buildDeclared, buildLive, buildManifest, buildWorld } from "../support/world-builder.ts";

const WORLDS = { live: buildWorld(), planned: buildWorld() };
const row = (id: string, name: string, isPredefined: boolean): Row => ({
  id,
  name,
  permissions: [id],
  is_predefined: isPredefined,
});

function observeRoles(rows: readonly Row[]) {
  const reader = makeRowsReader({ lists: { "/v2/roles": rows } });
  return observeAccount({ reader, kinds: [customRole], selection: { classes: new Set(["role@"]), under: [] } });
}

function judge(op: "create" | "update" | "delete", fields: readonly FieldChange[] = []) {
  const address = roleAddress("reviewer");
  const resource = buildLive(address);
  return customRole.hazardsOf({ op, address, before: resource, after: resource, fields }, WORLDS);
}

describe("custom role", () => {
  it("declares what is written and nothing else", () => {
    const manifest = buildManifest({
      roles: new Authoritative({
        reviewer: { permissions: ["B", "A"], description: "", previously: ["checker"] },
        "a/b": {},
      }),
    });
    expect(customRole.declare(manifest)).toMatchObject([
      {
        resource: { address: "role:reviewer", spec: { description: "", permissions: { A: true, B: true } } },
        present: true,
        previously: ["role:checker"],
      },
      { resource: { address: "role:a%2Fb", spec: {} }, previously: [] },
    ]);
    expect(customRole.declare(manifest)[1]?.resource.spec).toEqual({});
    expect(customRole.managedClasses(manifest)).toEqual([{ key: "role@", mode: "authoritative" }]);
  });

  it("is read where spaces may name roles, and not managed there", () => {
    expect(customRole.managedClasses(buildManifest({}))).toEqual([]);
    expect(customRole.managedClasses(buildManifest({ organizations: { Platform: {} } }))).toEqual([]);
    expect(customRole.managedClasses(buildManifest({ organizations: { Platform: { spaces: {} } } }))).toEqual([
      { key: "role@", mode: "additive" },
    ]);
    expect(customRole.declare(buildManifest({}))).toEqual([]);
  });

  it("cannot be made without permissions", () => {
    expect(customRole.whyNotCreatable(buildDeclared("role:reviewer"))).toContain("must exist already");
    expect(customRole.whyNotCreatable(buildDeclared("role:reviewer", { permissions: { A: true } }))).toBeUndefined();
  });

  it("names what holders get and lose", () => {
    expect(judge("create")).toEqual([]);
    expect(judge("delete").map(({ code }) => code)).toEqual(["irreversible"]);
    expect(judge("update", [{ field: "description", to: "" }])).toEqual([]);
    const permissions = {
      field: "permissions",
      from: { A: true, C: true, B: true },
      to: { B: true, E: true, D: true },
    };
    expect(judge("update", [permissions])).toEqual([
      { code: "removes-access", detail: "Everybody who holds it loses A, C." },
      { code: "widens-access", detail: "Everybody who holds it gets D, E." },
    ]);
    expect(judge("update", [{ field: "permissions", to: { A: true } }]).map(({ code }) => code)).toEqual([
      "widens-access",
    ]);
    expect(judge("update", [{ field: "permissions", from: { A: true } }]).map(({ code }) => code)).toEqual([
      "removes-access",
    ]);
  });

  it("stands alone: nothing is needed, followed or taken along", () => {
    const address = roleAddress("reviewer");
    const resource = buildLive(address);
    const change = { op: "delete", address, before: resource, after: undefined, fields: [] } as const;
    expect(customRole.parentOf(address)).toBeUndefined();
    expect(customRole.attachedTo(address)).toEqual([]);
    expect(customRole.needs(resource, WORLDS.live)).toEqual([]);
    expect(customRole.follows(change, WORLDS)).toEqual([]);
    expect(customRole.cascadeOf(address, WORLDS.live)).toEqual({ certain: [], possible: [] });
    expect(customRole.notesOn(change)).toEqual([]);
  });
});

describe("roles that share a name", () => {
  it("leaves the name to the custom role, tells of it, and keeps the predefined one under its id", async () => {
    for (const rows of [
      [row("p1", "Admin", true), row("c1", "Admin", false)],
      [row("c1", "Admin", false), row("p1", "Admin", true)],
    ]) {
      const { world, notes, coverage } = await observeRoles(rows);
      expect(world.get("role:Admin")).toMatchObject({ origin: { remote: { id: "c1" } } });
      expect(world.get("role:Admin")?.builtin).toBeUndefined();
      expect(world.get(unlistedRole("p1"))).toMatchObject({ builtin: true, spec: { permissions: { p1: true } } });
      expect(notes.map(({ code }) => code)).toEqual(["AX310"]);
      expect(coverage.get("role")).toBe("complete");
    }
  });

  it("gives the name to none of several predefined ones, so that nobody gets the wrong one", async () => {
    const rows = [row("p2", "Admin", true), row("p1", "Admin", true), row("p3", "Member", true)];
    const { world, notes } = await observeRoles(rows);
    expect([...world.keys()]).toEqual([unlistedRole("p1"), unlistedRole("p2"), "role:Member"]);
    expect(notes).toEqual([]);
    const { world: again } = await observeRoles(rows.reverse());
    expect([...again.values()]).toEqual([...world.values()]);
  });

  it("takes two custom ones for a doubt about the whole list", async () => {
    const { world, notes, coverage } = await observeRoles([row("c2", "triage", false), row("c1", "triage", false)]);
    expect(world.get("role:triage")).toMatchObject({ origin: { remote: { id: "c1" } } });
    expect(notes.map(({ code }) => code)).toEqual(["AX304"]);
    expect(coverage.get("role@")).toBe("partial");
  });

  it("is not confused by a predefined role when it looks for a custom one", async () => {
    const reader = makeRowsReader({ lists: { "/v2/roles": [row("p1", "Admin", true)] } });
    const context = { reader, believed: undefined, mayBeBlind: false, idOf: () => "", addressOf: () => undefined };
    expect(await customRole.look({ ...context, address: "role:Admin" })).toBeUndefined();
  });
});

describe("a role row", () => {
  it("may lack permissions but not id or name", async () => {
    const { world } = await observeRoles([{ id: "r", name: "odd", permissions: null }]);
    expect(world.get("role:odd")?.spec).toEqual({ description: "", permissions: {} });
    const { coverage, notes } = await observeRoles([{ id: "", name: "odd" }]);
    expect(coverage.get("role")).toBe("unreadable");
    expect(notes[0]?.detail).toContain("id");
  });

  it("is a fault of the platform where an answer to making one has none", async () => {
    const writer = {
      write: async () => ({ status: 204, row: undefined, found: false }),
      remove: async () => "absent" as const,
      editIdentityProvider: () => Promise.reject(new Error("no")),
    };
    const context = {
      writer,
      reader: {} as PlatformReader,
      remote: undefined,
      from: undefined,
      to: undefined,
      fields: [],
      creation: {},
    };
    await expect(customRole.create({ ...context, address: "role:x", idOf: () => "" })).rejects.toThrow(PlatformError);
  });
});
