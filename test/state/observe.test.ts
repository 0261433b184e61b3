import { afterEach, describe, expect, it } from "vitest";
import { KINDS } from "../../src/kinds/registry.ts";
import type { Address, KindName } from "../../src/model/address.ts";
import { PlatformError, type PlatformFailure } from "../../src/model/errors.ts";
import type { ReadSelection } from "../../src/model/plan.ts";
import type { PlatformReader, Row } from "../../src/model/platform.ts";
import type { SandboxSwitches } from "../../src/sandbox/start-sandbox.ts";
import { makeDesired, selectReads } from "../../src/state/desired.ts";
import { observeAccount } from "../../src/state/observe.ts";
import { furnish, observeWhole } from "../support/kind-contract.ts";
import { type OpenAccount, openAccount } from "../support/open-account.ts";
import { makeRowsReader, type RowsAccount } from "../support/rows-reader.ts";
import { Authoritative, buildManifest, type ManifestText } from "../support/world-builder.ts";

const NOW = new Date("2026-08-10T12:00:00Z");
/** Who am I; what does the schema know. Asked once for each connection, whatever is read. */
const ABOUT_THE_KEY = ["GET /v2/users?email=admin@sandbox.example", "GraphQL Viewer"];

let open: OpenAccount | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

async function openFurnished(switches: Partial<SandboxSwitches> = {}): Promise<OpenAccount> {
  open = await openAccount(switches);
  await furnish(open);
  open.forget();
  return open;
}

function observe(reader: PlatformReader, text: ManifestText, onRead?: (kind: KindName, count: number) => void) {
  const desired = makeDesired({ manifest: buildManifest(text), kinds: KINDS, now: NOW });
  const selection = selectReads(desired, KINDS);
  return observeAccount({ reader, kinds: KINDS, selection, ...(onRead && { onRead }) });
}

function observeRows(account: RowsAccount, text: ManifestText = { people: {} }) {
  return observe(makeRowsReader(account), text);
}

const person = (id: string, email: string): Row => ({ id, email, name: id, role: { name: "MEMBER" } });
const fail = (failure: PlatformFailure) => () => {
  throw new PlatformError(failure, "GET /v2/users", "It broke.");
};

describe("what is read", () => {
  it("is nothing but the caller for an empty manifest", async () => {
    const { reader, requests } = await openFurnished();
    const seen = await observe(reader, {});
    expect(requests()).toEqual(ABOUT_THE_KEY);
    expect(seen).toMatchObject({ coverage: new Map(), notes: [] });
    expect(seen.world.size).toBe(0);
    expect(seen.caller).toMatchObject({ email: "admin@sandbox.example", accountAdmin: "yes", graphql: "available" });
  });

  it("is only what somebody manages", async () => {
    const { reader, requests, forget } = await openFurnished();
    await observe(reader, { roles: {} });
    expect(requests()).toEqual(["GET /v2/roles", ...ABOUT_THE_KEY]);
    forget();
    await observe(reader, { people: {} });
    expect(requests()).toEqual(["GET /v2/users", "GET /v2/users?email=admin@sandbox.example"]);
    forget();
    await observe(reader, { organizations: { Platform: { spaces: { alpha: {} } } } });
    expect(requests().filter((request) => !request.startsWith("GET /v2/spaces"))).toEqual([
      "GET /v2/organizations",
      "GET /v2/roles",
      ABOUT_THE_KEY[0],
    ]);
    expect(requests().filter((request) => request.startsWith("GET /v2/spaces"))).toHaveLength(1);
  });

  it("takes so many calls for a whole account, and no more", async () => {
    const { reader, account, requests } = await openFurnished();
    // Three people are there already.
    await Promise.all(Array.from({ length: 98 }, (_, at) => account.person(`p${at}`)));
    open?.forget();
    const reads: [KindName, number][] = [];
    const seen = await observeAccount({
      reader,
      kinds: KINDS,
      selection: { classes: new Set(), under: [""] },
      onRead: (kind, count) => reads.push([kind, count]),
    });
    const rest = requests().filter((request) => !request.startsWith("GraphQL"));
    expect(rest.map((request) => request.replace(/(id)=\S+/, "$1=…"))).toEqual([
      "GET /v2/api-keys?space_id=…",
      "GET /v2/api-keys?space_id=…",
      "GET /v2/organizations",
      "GET /v2/projects?space_id=…",
      "GET /v2/projects?space_id=…",
      "GET /v2/resource-restrictions?resource_type=PROJECT",
      "GET /v2/role-bindings?resource_type=PROJECT",
      "GET /v2/role-bindings?resource_type=SPACE",
      "GET /v2/roles",
      "GET /v2/spaces?org_id=…",
      "GET /v2/spaces?org_id=…",
      "GET /v2/users",
      "GET /v2/users",
      "GET /v2/users?email=admin@sandbox.example",
    ]);
    // One for the members of all organizations, which are not counted beforehand; sizes and pages for all spaces.
    expect(requests().filter((request) => request.startsWith("GraphQL"))).toEqual([
      "GraphQL IdentityProviders",
      "GraphQL Members",
      "GraphQL Members",
      "GraphQL Members",
      "GraphQL Viewer",
    ]);
    expect(new Map(reads)).toEqual(
      new Map<KindName, number>([
        ["role", 9],
        ["service-key", 0],
        ["organization", 2],
        ["space", 2],
        ["user", 101],
        ["project", 2],
        ["org-member", 2],
        ["space-member", 1],
        ["binding", 1],
        ["restriction", 0],
        ["saml-provider", 0],
      ]),
    );
    expect([...seen.world.keys()]).toEqual([...seen.world.keys()].sort());
  });

  it("is one list of projects for the whole account from four spaces on, and then only those that were asked for", async () => {
    const { reader, account, requests, forget } = await openFurnished();
    const lab = await account.organization("Lab");
    const spaces = await Promise.all(["a", "b", "c", "d"].map((name) => account.space(lab, name)));
    await Promise.all(spaces.map((space) => account.project(space, "p")));
    const projectsIn = async (names: readonly string[]) => {
      forget();
      const wanted = Object.fromEntries(names.map((name) => [name, { projects: {} }]));
      const { world } = await observe(reader, { organizations: { Lab: { spaces: wanted } } });
      return {
        calls: requests().filter((request) => request.startsWith("GET /v2/projects")).length,
        bare: requests().includes("GET /v2/projects"),
        found: [...world.keys()].filter((address) => address.startsWith("project:")),
      };
    };
    expect(await projectsIn(["a", "b", "c"])).toEqual({
      calls: 3,
      bare: false,
      found: ["project:Lab/a/p", "project:Lab/b/p", "project:Lab/c/p"],
    });
    expect(await projectsIn(["a", "b", "c", "d"])).toEqual({
      calls: 1,
      bare: true,
      found: ["project:Lab/a/p", "project:Lab/b/p", "project:Lab/c/p", "project:Lab/d/p"],
    });
  });

  it("is the whole content of what is to go, and nothing beside it", async () => {
    const { reader } = await openFurnished();
    const { world } = await observe(reader, { absent: ["organization:Platform 2"] });
    expect([...world.keys()].filter((address) => !/^(role|user):/.test(address))).toEqual([
      "binding:Platform 2/alpha/chatbot/ben@example.com",
      "org-member:Platform 2/ben@example.com",
      "organization:Platform",
      "organization:Platform 2",
      "project:Platform 2/alpha/chatbot",
      "space-member:Platform 2/alpha/ben@example.com",
      "space:Platform 2/alpha",
    ]);
    const space = await observe(reader, { absent: ["space:Platform 2/alpha"] });
    expect(space.coverage.has("org-member@organization:Platform 2")).toBe(false);
    expect(space.world.has("binding:Platform 2/alpha/chatbot/ben@example.com")).toBe(true);
  });

  it("is what is to be renamed, under the name it has", async () => {
    const { reader } = await openFurnished();
    const members = { "ben@example.com": "admin" } as const;
    const { world } = await observe(reader, {
      organizations: { Second: { previously: ["Platform 2"], spaces: new Authoritative({ alpha: { members } }) } },
    });
    expect(world.has("space-member:Platform 2/alpha/ben@example.com")).toBe(true);
    expect(world.has("binding:Platform 2/alpha/chatbot/ben@example.com")).toBe(true);
  });

  it("is everything a person holds, where the person is to go", async () => {
    const { reader } = await openFurnished();
    const { world } = await observe(reader, { offboard: ["ben@example.com"] });
    expect([...world.keys()].filter((address) => address.includes("ben"))).toEqual([
      "binding:Platform 2/alpha/chatbot/ben@example.com",
      "org-member:Platform 2/ben@example.com",
      "space-member:Platform 2/alpha/ben@example.com",
      "user:ben@example.com",
    ]);
  });
});

describe("when it is asked for", () => {
  const SECTIONS: ManifestText = {
    organizations: { Acme: { spaces: { alpha: { members: {}, projects: { bot: { bindings: {} } } } } } },
  };
  const GRANTS: readonly Address[] = [
    "space-member:Acme/alpha/ana@example.com",
    "binding:Acme/alpha/bot/ana@example.com",
  ];

  /** What is asked for while no list has answered yet, and how often role bindings are in all. */
  async function seeBeginning(owned: readonly Address[], selection: Partial<ReadSelection> = {}) {
    const desired = makeDesired({ manifest: buildManifest(SECTIONS), kinds: KINDS, now: NOW });
    const rows = makeRowsReader({
      lists: {
        "/v2/organizations": [{ id: "o", name: "Acme" }],
        "/v2/spaces": [{ id: "s", name: "alpha", is_private: true }],
        "/v2/projects": [{ id: "p", name: "bot", space_id: "s" }],
      },
      organizations: { o: [] },
      spaces: { s: [] },
    });
    const asked: string[] = [];
    let answer = (): void => {};
    const opened = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const reader: PlatformReader = {
      ...rows,
      list: async (request) => {
        asked.push([request.path.slice(4), ...Object.values(request.query)].join(" "));
        await opened;
        return rows.list(request);
      },
    };
    const memory = { owned: new Map(owned.map((address) => [address, { id: address }])), lastWritten: new Map() };
    const reading = { ...selectReads(desired, KINDS), ...selection };
    const seeing = observeAccount({ reader, kinds: KINDS, selection: reading, memory });
    await new Promise(setImmediate);
    const beginning = [...asked];
    answer();
    await seeing;
    return { beginning, bindings: asked.filter((each) => each.startsWith("role-bindings")) };
  }

  it("are long lists at the beginning, where the ledger remembers something that stands in them", async () => {
    expect(await seeBeginning(GRANTS)).toEqual({
      beginning: ["role-bindings SPACE", "role-bindings PROJECT", "roles", "organizations", "users"],
      bindings: ["role-bindings SPACE", "role-bindings PROJECT"],
    });
    expect((await seeBeginning(GRANTS.slice(1))).beginning).toContain("role-bindings PROJECT");
  });

  it("are long lists at the beginning, where the ledger remembers the places of what stands in them", async () => {
    const { beginning } = await seeBeginning(["space:Acme/alpha"]);
    expect(beginning).toEqual(["role-bindings SPACE", "roles", "organizations", "users"]);
    expect((await seeBeginning(["project:Acme/alpha/bot"])).beginning).toContain("role-bindings PROJECT");
  });

  it.each([
    ["neither a place nor anything in it is remembered", ["organization:Acme"], {}],
    ["what is remembered stands in what is not read", ["binding:Acme/beta/bot/ana@example.com"], {}],
    ["another part of the account is read", GRANTS, { within: () => false }],
    ["some people alone are looked for", GRANTS, { focus: { people: ["user:ana@example.com"] } }],
  ] as const)("is what is found first where %s", async (_, owned, selection) => {
    const { beginning } = await seeBeginning(owned, selection);
    expect(beginning.filter((each) => each.startsWith("role-bindings"))).toEqual([]);
  });

  it("is what is found first without a ledger", async () => {
    expect(await seeBeginning([])).toEqual({
      beginning: ["roles", "organizations", "users"],
      bindings: ["role-bindings SPACE", "role-bindings PROJECT"],
    });
  });
});

describe("what can be trusted", () => {
  it("is all of it where an account admin asks", async () => {
    const seen = await observeWhole(await openFurnished());
    expect(new Set(seen.coverage.values())).toEqual(new Set(["complete"]));
    expect(seen.notes).toEqual([]);
  });

  it.each([
    ["no", "The key does not belong to an account admin", "Use a key of an account admin."],
    ["unknown", "could not be found out", "axcess doctor"],
  ] as const)(
    "is never complete for a caller of whom it is %s that they are account admin",
    async (accountAdmin, detail, fix) => {
      const users = [person("u1", "ana@example.com")];
      const { coverage, notes } = await observeRows({ caller: { accountAdmin }, lists: { "/v2/users": users } });
      expect([...coverage]).toEqual([["user", "partial"]]);
      expect(notes).toMatchObject([{ code: "AX301", severity: "warning" }]);
      expect(notes[0]?.detail).toContain(detail);
      expect(notes[0]?.fix).toContain(fix);
    },
  );

  it("is less where a member asks: lists are partial, and nobody breaks off", async () => {
    const account = await openFurnished();
    const key = await account.account.keyOf(await account.account.person("plain"));
    const seen = await observeWhole(account.connectAs(key) as OpenAccount);
    expect(seen.caller.accountAdmin).toBe("no");
    expect([...seen.coverage.values()]).not.toContain("complete");
    expect(seen.coverage.get("user")).toBe("partial");
    expect(seen.notes.map(({ code }) => code)).toEqual(["AX301"]);
  });

  it("is not the members without GraphQL", async () => {
    const seen = await observeWhole(await openFurnished({ graphqlEnabled: false }));
    expect(Object.fromEntries(seen.coverage)).toMatchObject({
      user: "partial",
      "org-member@organization:Platform": "unreadable",
      "space-member@space:Platform/alpha": "unreadable",
      "project@space:Platform/alpha": "partial",
    });
    // The custom role of a space stands in the role bindings, which can be read.
    expect(seen.world.get("space-member:Platform 2/alpha/ben@example.com")?.spec["role"]).toBe("role:reviewer");
    expect(seen.notes.map(({ code }) => code)).toEqual(["AX301", "AX302", "AX305"]);
    expect(seen.notes[1]?.detail).toMatch(
      /^The members of 4 places are not known: organization:Platform, organization:Platform 2, space:Platform 2\/alpha, /u,
    );
  });

  it.each(["forbidden", "server", "timeout", "protocol", "rate-limited", "network"] as const)(
    "is not a list that failed (%s), and the rest is",
    async (failure) => {
      const seen = await observeRows(
        { lists: { "/v2/users": fail(failure), "/v2/roles": [{ id: "r", name: "reviewer" }] } },
        { people: {}, roles: {} },
      );
      expect([...seen.coverage]).toEqual([
        ["role", "complete"],
        ["user", "unreadable"],
      ]);
      expect(seen.notes).toMatchObject([{ code: "AX305", detail: "Reading every person failed. It broke." }]);
    },
  );

  it.each(["unauthenticated", "interrupted"] as const)("is nothing after %s", async (failure) => {
    const observed = observeRows({ lists: { "/v2/users": fail(failure) } });
    await expect(observed).rejects.toMatchObject({ failure });
    const reader = makeRowsReader({});
    const asked = observe({ ...reader, identify: async () => fail(failure)() }, { people: {} });
    await expect(asked).rejects.toMatchObject({ failure });
  });

  it("is nothing after a fault of our own", async () => {
    const observed = observeRows({
      lists: {
        "/v2/users": () => {
          throw new TypeError("ours");
        },
      },
    });
    await expect(observed).rejects.toThrow(TypeError);
  });

  it("is not complete where even the caller could not be found out", async () => {
    const reader = makeRowsReader({ lists: { "/v2/users": [person("u1", "ana@example.com")] } });
    const seen = await observe({ ...reader, identify: async () => fail("server")() }, { people: {} });
    expect(seen.world.has("user:ana@example.com")).toBe(true);
    expect([...seen.coverage]).toEqual([["user", "partial"]]);
    expect(seen.caller).toMatchObject({ accountAdmin: "unknown", graphql: "unavailable" });
    expect(seen.notes.map(({ code }) => code)).toEqual(["AX301", "AX305"]);
  });

  it("is not a class with two of one name, whichever comes first", async () => {
    const twins = [person("u2", "Ana@example.com"), person("u1", "ana@example.com"), person("u3", "ana@Example.com")];
    for (const users of [twins, [...twins].reverse()]) {
      const organizations: RowsAccount["organizations"] = {
        o: ["u1", "u2"].map((userId) => ({ userId, email: undefined, role: "member", userType: "human" })),
      };
      const lists = { "/v2/users": users, "/v2/organizations": [{ id: "o", name: "Platform" }] };
      const seen = await observeRows({ lists, organizations }, { organizations: { Platform: { members: {} } } });
      expect(seen.world.get("user:ana@example.com")?.origin).toEqual({ from: "platform", remote: { id: "u1" } });
      expect(seen.coverage.get("user@")).toBe("partial");
      expect(seen.coverage.get("organization")).toBe("complete");
      expect(seen.notes).toMatchObject([
        { code: "AX304", detail: expect.stringContaining("more than one person called user:ana@example.com") },
        { code: "AX304" },
      ]);
      // Only the one that is kept is known by its id.
      expect([...seen.world.keys()].filter((address) => address.startsWith("org-member:"))).toEqual([
        "org-member:Platform/%00u2",
        "org-member:Platform/ana@example.com",
      ]);
    }
  });

  it("is told of organizations that cannot be looked into", async () => {
    const lists: RowsAccount["lists"] = {
      "/v2/organizations": [
        { id: "o1", name: "Labs" },
        { id: "o2", name: "Platform" },
      ],
      "/v2/spaces": ({ query }) =>
        query["org_id"] === "o1" ? fail("not-found")() : [{ id: "s", name: "alpha", is_private: false }],
    };
    const seen = await observeRows({ lists }, { organizations: { Labs: { spaces: {} }, Platform: { spaces: {} } } });
    expect(Object.fromEntries(seen.coverage)).toMatchObject({
      "space@organization:Labs": "unreadable",
      "space@organization:Platform": "complete",
    });
    expect(seen.notes).toMatchObject([{ code: "AX305", detail: expect.stringContaining("organization:Labs") }]);
  });
});
