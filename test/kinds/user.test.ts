import { afterEach, describe, expect, it } from "vitest";
import { isAccountAdmin, user } from "../../src/kinds/user.ts";
import { userAddress } from "../../src/kinds/user-row.ts";
import type { ChangeOp } from "../../src/model/change.ts";
import type { Json } from "../../src/model/json.ts";
import type { PlatformWriter, Row, WriteRequest } from "../../src/model/platform.ts";
import type { Resource, Spec } from "../../src/model/resource.ts";
import type { SandboxSwitches } from "../../src/sandbox/start-sandbox.ts";
import { observeWhole } from "../support/kind-contract.ts";
import { type OpenAccount, openAccount, seenAt, writeContext } from "../support/open-account.ts";
import { makeRowsReader } from "../support/rows-reader.ts";
import { buildDeclared, buildManifest, buildWorld } from "../support/world-builder.ts";

const CLEO = userAddress("cleo@example.com");
const WORLDS = { live: buildWorld(), planned: buildWorld() };

let open: OpenAccount | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

async function invite(account: OpenAccount, to: Spec, mode?: string) {
  const creation = mode === undefined ? {} : { invite: mode };
  return user.create(writeContext(account, { world: new Map(), address: CLEO, to, creation }));
}

const invited = (account: OpenAccount, role: string) =>
  account.account.rest("POST", "/v2/users", {
    name: "Earlier",
    email: "Cleo@Example.com",
    role: { type: "PREDEFINED", name: role },
    invite_mode: "EMAIL_LINK",
  });

async function start(switches: Partial<SandboxSwitches> = {}): Promise<OpenAccount> {
  open = await openAccount(switches);
  return open;
}

describe("person", () => {
  it("is declared by what is written, and those to go by their e-mail alone", () => {
    const manifest = buildManifest({
      people: { "Cleo@Example.com": { name: "Cleo", role: "member", developer: true, invite: "none" }, "b@x.io": {} },
      offboard: ["Gone@Example.com"],
    });
    expect(user.declare(manifest)).toMatchObject([
      {
        resource: {
          address: CLEO,
          spec: { name: "Cleo", role: "member", developer: true },
          creation: { invite: "none" },
        },
        present: true,
      },
      { resource: { address: "user:b@x.io", spec: {}, creation: { invite: "email_link" } } },
      { resource: { address: "user:gone@example.com", spec: {} }, present: false },
    ]);
    expect(user.declare(buildManifest({}))).toEqual([]);
  });

  it("is declared without an expired invitation only where the policy says so, and for whom the manifest can invite", () => {
    const people = {
      "cleo@example.com": { name: "Cleo", role: "member" },
      "b@x.io": { name: "B", role: "member", invite: "none" },
      "c@x.io": { name: "C" },
    } as const;
    const declared = (reinvite: "never" | "on-expiry"): readonly boolean[] => {
      const manifest = buildManifest({ people });
      const asking = { ...manifest, policy: { ...manifest.policy, reinvite } };
      return user.declare(asking).map(({ resource }) => resource.spec["invitation"] === null);
    };
    expect(declared("never")).toEqual([false, false, false]);
    expect(declared("on-expiry")).toEqual([true, false, false]);
    expect(user.states).toEqual(["invitation"]);
  });

  it("is read wherever people are mentioned", () => {
    const projects = { chatbot: {} };
    for (const silent of [
      {},
      { roles: {} },
      { organizations: { Platform: {} } },
      { organizations: { Platform: { spaces: { alpha: { projects } } } } },
    ]) {
      expect(user.managedClasses(buildManifest(silent))).toEqual([]);
    }
    for (const telling of [
      { people: {} },
      { offboard: ["a@x.io"] },
      { organizations: { Platform: { members: {} } } },
      { organizations: { Platform: { spaces: { alpha: { members: {} } } } } },
      { organizations: { Platform: { spaces: { alpha: { projects: { chatbot: { bindings: {} } } } } } } },
    ]) {
      expect(user.managedClasses(buildManifest(telling))).toEqual([{ key: "user@", mode: "additive" }]);
    }
  });

  it("cannot be invited without a name and a role", () => {
    expect(user.whyNotCreatable(buildDeclared(CLEO))).toContain("name and role");
    expect(user.whyNotCreatable(buildDeclared(CLEO, { name: "Cleo" }))).toContain("must give role under");
    expect(user.whyNotCreatable(buildDeclared(CLEO, { name: "Cleo", role: "member" }))).toBeUndefined();
  });

  it("takes every grant along, wherever it is", () => {
    const grants = [
      "binding:Platform/alpha/chatbot/cleo@example.com",
      "org-member:Platform/cleo@example.com",
      "space-member:Platform/alpha/cleo@example.com",
    ] as const;
    const rest = ["org-member:Platform/xcleo@example.com", "project:Platform/alpha/cleo@example.com", CLEO] as const;
    expect(user.cascadeOf(CLEO, buildWorld(...grants, ...rest))).toEqual({ certain: grants, possible: [] });
    expect(user.needs(buildDeclared(CLEO), WORLDS.live)).toEqual([]);
    expect(user.attachedTo(CLEO)).toEqual([]);
    expect(user.parentOf(CLEO)).toBeUndefined();
    expect(user.isHeldAnywhere).toBe(true);
  });

  it.each<[ChangeOp, string | undefined, Json | undefined, readonly string[]]>([
    ["create", "role", "member", []],
    ["create", "role", "admin", ["widens-access"]],
    ["update", "developer", true, ["widens-access"]],
    ["update", "developer", false, ["removes-access"]],
    ["update", "name", "C", []],
    ["update", "invitation", null, []],
    ["delete", undefined, undefined, ["irreversible", "removes-access"]],
  ])("%s with %s %s", (op, field, to, wanted) => {
    const after = buildDeclared(CLEO, field === undefined || to === undefined ? {} : { [field]: to });
    const fields = field === undefined || to === undefined ? [] : [{ field, to }];
    const change = { op, address: CLEO, before: undefined, after, fields };
    expect(user.hazardsOf(change, WORLDS).map(({ code }) => code)).toEqual(wanted);
    expect(user.notesOn(change)).toHaveLength(op === "delete" ? 1 : 0);
    expect(user.follows(change, WORLDS)).toEqual([]);
  });
});

describe("inviting", () => {
  it("sets the developer flag afterwards, since newer servers do not take it at once", async () => {
    const account = await start({ contract: "2026-09" });
    account.forget();
    const { remote, notes } = await invite(account, { name: "Cleo", role: "member", developer: false });
    expect(notes).toEqual([]);
    expect(account.requests()).toEqual([`PATCH /v2/users/${remote["id"] ?? ""}`, "POST /v2/users"]);
    expect(seenAt(await observeWhole(account), CLEO)?.spec).toEqual({ name: "Cleo", role: "member", developer: false });
  });

  it("takes one call where the flag is as wanted, or nobody cares", async () => {
    const account = await start();
    account.forget();
    await invite(account, { name: "Cleo", role: "annotator", developer: false }, "none");
    expect(account.requests()).toEqual(["POST /v2/users"]);
    const live = (await observeWhole(account)).world.get(CLEO);
    expect(live?.facts).toEqual({ status: "ACTIVE" });
  });

  it("sets right an open invitation as far as that goes, and tells of the role", async () => {
    const account = await start();
    await invited(account, "ADMIN");
    const { notes } = await invite(account, { name: "Cleo", role: "member", developer: false });
    expect(notes).toMatchObject([expect.stringContaining("as admin")]);
    expect(seenAt(await observeWhole(account), CLEO)?.spec).toEqual({ name: "Cleo", role: "admin", developer: false });
  });

  it("says nothing of an open invitation that was as wanted, password or not", async () => {
    const account = await start();
    await invited(account, "MEMBER");
    const { notes } = await invite(account, { name: "Earlier", role: "member" }, "temporary_password");
    expect(notes).toEqual([]);
  });

  it("never keeps a temporary password", async () => {
    const account = await start();
    const written = await invite(account, { name: "Cleo", role: "member" }, "temporary_password");
    expect(written.notes).toMatchObject([expect.stringContaining("was not kept")]);
    expect(Object.keys(written.remote)).toEqual(["id"]);
  });

  it("takes somebody who came meanwhile as they are, and refuses the e-mail of a deleted person", async () => {
    const account = await start();
    const id = await account.account.person("cleo");
    expect((await invite(account, { name: "cleo", role: "member" })).remote).toEqual({ id });
    await account.account.rest("DELETE", `/v2/users/${id}`);
    await expect(invite(account, { name: "Cleo", role: "member" })).rejects.toMatchObject({
      name: "PlatformError",
      failure: "conflict",
      ambiguous: false,
    });
  });
});

describe("inviting again", () => {
  async function expired(account: OpenAccount, role: string): Promise<Resource> {
    const { body } = await invited(account, role);
    await account.account.rest("PATCH", `/_sandbox/users/${body.id}`, { status: "EXPIRED" });
    const live = (await observeWhole(account)).world.get(CLEO);
    if (live === undefined) throw new Error("nobody was invited");
    return live;
  }

  async function reinvite(account: OpenAccount, live: Resource, to: Spec) {
    const fields = [{ field: "invitation", from: "expired", to: null }];
    const world = new Map([[CLEO, live]]);
    return user.update({ ...writeContext(account, { world, address: CLEO, to }), from: live.spec, fields });
  }

  it("sees that an invitation has expired, and ends that with the role that is there", async () => {
    const account = await start();
    const live = await expired(account, "MEMBER");
    expect(live).toMatchObject({ spec: { invitation: "expired", role: "member" }, facts: { status: "EXPIRED" } });
    account.forget();
    const { notes } = await reinvite(account, live, { name: "Cleo", role: "admin", invitation: null });
    expect(notes).toEqual([]);
    expect(account.requests()).toEqual(["POST /v2/users"]);
    const after = (await observeWhole(account)).world.get(CLEO);
    expect(after).toMatchObject({ spec: { name: "Cleo", role: "member" }, facts: { status: "INVITED" } });
    expect(after?.spec).not.toHaveProperty("invitation");
  });

  it("gives an admin the right to come, and says so", () => {
    const fields = [{ field: "invitation", from: "expired", to: null }];
    const after = buildDeclared(CLEO, { role: "admin", invitation: null });
    const change = { op: "update" as const, address: CLEO, before: undefined, after, fields };
    expect(user.hazardsOf(change, WORLDS).map(({ code }) => code)).toEqual(["widens-access"]);
  });

  it.each([
    ["EXPIRED", false],
    ["INVITED", true],
  ])("a lost answer is settled by the status: %s", async (status, isThere) => {
    let settle: WriteRequest["settle"] | undefined;
    const writer: PlatformWriter = {
      write: async (request) => {
        settle = request.settle;
        return { status: 201, row: { id: "u", email: "cleo@example.com", role: "MEMBER" }, found: false };
      },
      remove: async () => "absent",
      editIdentityProvider: () => Promise.reject(new Error("no identity provider here")),
    };
    const account = await start();
    const live = buildDeclared(CLEO, { role: "member" });
    const context = writeContext(account, { world: new Map([[CLEO, live]]), address: CLEO, to: { name: "" } });
    const fields = [{ field: "invitation", to: null }];
    await user.update({ ...context, writer, from: live.spec, fields });
    const row = { id: "u", email: "Cleo@example.com", status };
    const ask = (rows: readonly Row[]) =>
      typeof settle === "function" ? settle(makeRowsReader({ lists: { "/v2/users": rows } })) : undefined;
    expect(await ask([row])).toEqual(isThere ? row : undefined);
    expect(await ask([])).toBeUndefined();
  });
});

describe("a person's row", () => {
  const read = (row: Readonly<Record<string, Json>>) =>
    user.read({
      reader: makeRowsReader({ lists: { "/v2/users": [{ id: "u", email: "Cleo@Example.com", ...row }] } }),
      world: buildWorld(),
      parents: [undefined],
      byId: () => undefined,
    });

  it("may spell the role as older servers do, and know nothing of developers", async () => {
    const { resources } = await read({ role: "READ_ONLY" });
    expect(resources[0]).toMatchObject({
      address: CLEO,
      spec: { name: "", role: "read-only", developer: false },
      facts: { status: "" },
    });
  });

  it.each([[null], [["ADMIN"]], [{ type: "CUSTOM" }], [7]])("with the role %j is not believed", async (role) => {
    await expect(read({ role })).rejects.toMatchObject({ failure: "protocol" });
  });

  it("tells an account admin", async () => {
    const objects = {
      "/v2/users/a": { id: "a", email: "a@x.io", role: { name: "ADMIN" } },
      "/v2/users/b": { id: "b", email: "b@x.io", role: { name: "MEMBER" } },
    };
    const reader = makeRowsReader({ objects });
    expect(await Promise.all(["a", "b", "c"].map((id) => isAccountAdmin(reader, id)))).toEqual([true, false, false]);
  });
});
