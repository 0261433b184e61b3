import { expect, test } from "vitest";
import { KINDS } from "../../src/kinds/registry.ts";
import type { Address, ClassKey } from "../../src/model/address.ts";
import type { Focus, Observation, ReadSelection } from "../../src/model/plan.ts";
import type { ListRequest, PlatformReader, Row } from "../../src/model/platform.ts";
import { observeAccount } from "../../src/state/observe.ts";
import { makeRowsReader, type RowsAccount } from "../support/rows-reader.ts";

const ANA: Address = "user:ana@x.io";
const SPACE: Address = "space:A/s";
const MEMBER: Address = "org-member:A/ana@x.io";
const LOOSE: ClassKey = "space@organization:A";
const ROSTER: ClassKey = "org-member@organization:A";

const explicit = (userId: string, email: string): object => ({
  ...{ userId, email, membership: "EXPLICIT_MEMBERSHIP", role: "member", customRoleId: undefined, userType: "human" },
});

const binding = (resource: string): Row => ({
  ...{ id: `b-${resource}`, resource_type: "SPACE", resource_id: resource, user_id: "u1", role_id: "r1" },
});

const ACCOUNT: RowsAccount = {
  lists: {
    // The filters find parts of names, and are left to the reader.
    "/v2/users": [person("u1", "ana@x.io"), person("u2", "susana@x.io")],
    "/v2/roles": [{ id: "r1", name: "Ops", permissions: [], is_predefined: false }],
    "/v2/organizations": [place("o1", "A"), place("o2", "A2")],
    "/v2/spaces": [place("s1", "s"), place("s2", "s2")],
    "/v2/role-bindings": [binding("s1"), { ...binding("s1"), user_id: "u2" }],
  },
  spaces: { s1: [explicit("u1", "ana@x.io"), explicit("u2", "susana@x.io")] as never },
  organizations: { o1: [{ userId: "u1", email: "ana@x.io", role: "admin", userType: "human" }] },
};

const FOCUS: Focus = {
  people: [ANA],
  named: new Set([ANA, "organization:A", SPACE, MEMBER]),
  trusted: new Map([[MEMBER, { organization: "o1", user: "u1" }]]),
};

function person(id: string, email: string): Row {
  return { id, email, name: "N", role: { type: "PREDEFINED", name: "MEMBER" }, is_developer: true, status: "ACTIVE" };
}

function place(id: string, name: string): Row {
  return { id, name, description: "", is_private: true };
}

interface Observing {
  readonly account?: RowsAccount;
  readonly base?: Observation;
  readonly focus?: Focus;
  readonly wrap?: (reader: PlatformReader) => PlatformReader;
}

function observe(
  { account = ACCOUNT, base, focus = FOCUS, wrap = (reader) => reader }: Observing,
  classes: readonly ClassKey[] = ["user@", "role@", "organization@", LOOSE, ROSTER, `space-member@${SPACE}`],
): Promise<Observation> {
  const selection: ReadSelection = { classes: new Set(classes), under: [], focus };
  const reader = wrap(makeRowsReader(account));
  return observeAccount({ reader, kinds: KINDS, selection, ...(base !== undefined && { base }) });
}

test("some people are read with what is named, and nothing else; what the ledger tells of them is not looked at", async () => {
  const { world, glimpse } = await observe({});
  expect([...world.keys()]).toEqual([MEMBER, "organization:A", "role:Ops", `space-member:A/s/ana@x.io`, SPACE, ANA]);
  expect(world.get(MEMBER)).toMatchObject({ spec: {}, unknown: ["role"] });
  expect([...(glimpse?.loose ?? [])].sort()).toEqual([ROSTER, LOOSE]);
  expect([...(glimpse?.assumed ?? [])]).toEqual([MEMBER]);
  expect(glimpse?.strays.size).toBe(0);
});

test("what was only glimpsed is read anew and whole where it is asked for, and everything else stays", async () => {
  const base = await observe({});
  const { world, glimpse } = await observe({ base, focus: { people: [ANA] } }, [ROSTER, LOOSE]);
  expect(world.get(MEMBER)?.spec).toEqual({ role: "admin" });
  expect(world.has("space:A/s2")).toBe(true);
  expect(world.get(SPACE)).toEqual(base.world.get(SPACE));
  expect(glimpse).toEqual({ loose: new Set(), assumed: new Set(), strays: new Set() });
});

test("another one under the name than the ledger knows is looked at", async () => {
  for (const remote of [{ organization: "o9", user: "u1" }, { organization: "o1", user: "u9" }, undefined]) {
    const trusted = new Map(remote === undefined ? [] : [[MEMBER, remote] as const]);
    const { world, glimpse } = await observe({ focus: { ...FOCUS, trusted } });
    expect(world.get(MEMBER)?.spec).toEqual({ role: "admin" });
    expect(glimpse?.assumed.size).toBe(0);
  }
});

test("what people hold in places that were not read is told, until these are read", async () => {
  const account = { ...ACCOUNT, lists: { ...ACCOUNT.lists, "/v2/role-bindings": [binding("s2")] } };
  const base = await observe({ account });
  expect([...(base.glimpse?.strays ?? [])]).toEqual(["space-member"]);
  const spaces = await observe({ account, base, focus: { people: [ANA] } }, [LOOSE]);
  const { glimpse } = await observe({ account, base: spaces, focus: { people: [ANA] } }, ["space-member@space:A/s2"]);
  expect(glimpse?.strays.size).toBe(0);
});

test("whoever is not there holds nothing, and a list of several organizations is read whole", async () => {
  const lists = { ...ACCOUNT.lists, "/v2/users": [] };
  const named = new Set<Address>(["organization:A", "organization:A2", SPACE]);
  const { world } = await observe({
    account: { ...ACCOUNT, lists, spaces: {}, organizations: {} },
    focus: { people: [ANA], named },
  });
  expect([...world.keys()]).toContain("organization:A2");
  expect([...world.keys()].filter((address) => address.includes("ana"))).toEqual([]);
});

test("what people hold is asked for once it is known who they are, before their places are known", async () => {
  const askedWith = async (focus: Focus): Promise<readonly string[]> => {
    const asked: string[] = [];
    const wrap = (reader: PlatformReader): PlatformReader => ({
      ...reader,
      list: async (request: ListRequest) => {
        const { resource_type: type, user_id: person } = request.query;
        asked.push([request.path.slice(4), type, person].filter((word) => word !== undefined).join(" "));
        // As where organizations are told a little later than people.
        if (request.path === "/v2/organizations") await new Promise((resolve) => setImmediate(resolve));
        return reader.list(request);
      },
      readSpaceMembers: (ids, how) => {
        asked.push("members");
        return reader.readSpaceMembers(ids, how);
      },
    });
    await observe({ focus, wrap });
    return asked.filter((each) => /^(role-bindings|members)/u.test(each));
  };
  const member: Address = "space-member:A/s/ana@x.io";
  const held: Address = "binding:A/s/bot/ana@x.io";
  const named = (...more: readonly Address[]): Focus => ({
    ...FOCUS,
    named: new Set([...(FOCUS.named ?? []), ...more]),
  });
  expect(await askedWith(named(member, held))).toEqual([
    ...["role-bindings SPACE u1", "role-bindings PROJECT u1"],
    "members",
  ]);
  // Each of them only where something of the kind is looked for; and each once.
  expect(await askedWith(named(member))).toEqual(["role-bindings SPACE u1", "members"]);
  expect(await askedWith(named())).toEqual(["members", "role-bindings SPACE u1"]);
});
