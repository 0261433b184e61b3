import { expect, test } from "vitest";
import { KINDS } from "../../src/kinds/registry.ts";
import { type Address, classKey } from "../../src/model/address.ts";
import type { Memory, Observation, ReadSelection } from "../../src/model/plan.ts";
import type { ListRequest, PlatformReader } from "../../src/model/platform.ts";
import { askRemembered } from "../../src/state/ask-remembered.ts";

const ACME = "organization:Acme" as Address;
const ALPHA = "space:Acme/alpha" as Address;
const BETA = "space:Acme/beta" as Address;
const BINDING = "binding:Acme/alpha/chatbot/ana@acme.io" as Address;
const CHATBOT = "project:Acme/alpha/chatbot" as Address;

const MEMORY: Pick<Memory, "owned"> = {
  owned: new Map([
    [ACME, { id: "o" }],
    [ALPHA, { id: "a", organization: "o" }],
    [BETA, { id: "b", organization: "o" }],
    [CHATBOT, { id: "c" }],
    [BINDING, { id: "x" }],
  ]),
};

const CLASSES = [
  classKey("org-member", ACME),
  classKey("space-member", ALPHA),
  classKey("space-member", BETA),
  classKey("binding", CHATBOT),
];

interface Asked {
  readonly selection?: Partial<ReadSelection>;
  readonly base?: Pick<Observation, "coverage">;
  readonly memory?: Pick<Memory, "owned"> | undefined;
}

/** What is asked for, by a reader that refuses everything. */
function ask({ selection, base, ...given }: Asked): readonly string[] {
  const asked: string[] = [];
  const refuse = (question: string): Promise<never> => {
    asked.push(question);
    const refusal = Promise.reject(new Error("refused"));
    // As of a reader that keeps what was asked early.
    refusal.catch(() => {});
    return refusal;
  };
  const reader = {
    list: ({ path, query }: ListRequest) => refuse(`${path} ${query["resource_type"]}`),
    readSpaceMembers: (ids: readonly string[]) => refuse(`spaces ${ids.join()}`),
    readOrganizationMembers: (ids: readonly string[]) => refuse(`organizations ${ids.join()}`),
  } as unknown as PlatformReader;
  const memory = "memory" in given ? given.memory : MEMORY;
  askRemembered({
    ...{ reader, kinds: KINDS, selection: { classes: new Set(CLASSES), under: [], ...selection } },
    ...(memory !== undefined && { memory }),
    ...(base !== undefined && { base: base as Observation }),
  });
  return asked.sort();
}

test("what the ledger remembers, and is to be read, is asked for at once", () => {
  expect(ask({})).toEqual([
    ...["/v2/role-bindings PROJECT", "/v2/role-bindings SPACE"],
    ...["organizations o", "spaces a,b"],
  ]);
});

test("a list is asked for where a place is remembered, or something in it, and in as many places as it takes", () => {
  const remember = (...addresses: readonly Address[]): Pick<Memory, "owned"> => ({
    owned: new Map(addresses.map((address) => [address, { id: address }])),
  });
  const spaces = ["a", "b", "c", "d"].map((name) => `space:Acme/${name}` as Address);
  const classes = new Set(spaces.map((space) => classKey("project", space)));
  const asked = (...addresses: readonly Address[]): readonly string[] =>
    ask({ selection: { classes }, memory: remember(...addresses) });
  expect(asked(...spaces)).toEqual(["/v2/projects undefined"]);
  // Of three each is listed by itself.
  expect(asked(...spaces.slice(1))).toEqual([]);
  expect(asked(...spaces.slice(1), "project:Acme/a/x")).toEqual(["/v2/projects undefined"]);
  expect(asked(...spaces.slice(1), "project:Acme/b/x", "project:Acme/b/y", "project:Acme/e/x")).toEqual([]);
});

test("how long member lists may be is told by whom the ledger knows in them, before they are asked for", () => {
  const told: (ReadonlyMap<string, number> | string)[] = [];
  const reader = {
    list: async () => [],
    expectLengths: (lengths: ReadonlyMap<string, number>) => told.push(lengths),
    readSpaceMembers: async () => told.push("spaces"),
    readOrganizationMembers: async () => told.push("organizations"),
  } as unknown as PlatformReader;
  const owned = new Map<Address, Readonly<Record<string, string>>>([
    ...MEMORY.owned,
    ["org-member:Acme/ana@acme.io", { organization: "o", user: "1" }],
    ["org-member:Acme/ben@acme.io", { organization: "o", user: "2" }],
    ["space-member:Acme/alpha/ana@acme.io", { space: "a", user: "1" }],
    // Of a ledger that somebody else wrote.
    ["space-member:Acme/alpha/ben@acme.io", { user: "2" }],
  ]);
  askRemembered({ reader, kinds: KINDS, selection: { classes: new Set(CLASSES), under: [] }, memory: { owned } });
  const lengths = new Map([
    ["o", 2],
    ["a", 1],
  ]);
  expect(told).toEqual([lengths, "organizations", "spaces"]);
});

test("nothing is asked for without a ledger, for a few, in what is not to be read, or is known already", () => {
  expect(ask({ memory: undefined })).toEqual([]);
  expect(ask({ selection: { focus: {} as NonNullable<ReadSelection["focus"]> } })).toEqual([]);
  expect(ask({ selection: { classes: new Set([classKey("space", ACME)]) } })).toEqual([]);
  expect(ask({ base: { coverage: new Map(CLASSES.map((key) => [key, "complete"])) } })).toEqual([]);
});

test("of what is known in part the rest is asked for, and of a shard what is within", () => {
  const base = { coverage: new Map([[classKey("space-member", ALPHA), "complete"]] as const) };
  const bindings = ["/v2/role-bindings PROJECT", "/v2/role-bindings SPACE"];
  expect(ask({ base })).toEqual([...bindings, "organizations o", "spaces b"]);
  const within = (address: Address): boolean => address === BETA;
  expect(ask({ selection: { within } })).toEqual(["/v2/role-bindings SPACE", "spaces b"]);
});
