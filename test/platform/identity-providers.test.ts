import { describe, expect, it } from "vitest";
import { PlatformError } from "../../src/model/errors.ts";
import type { Json, JsonObject } from "../../src/model/json.ts";
import type { IdentityProviderRow, RoleMappingRow } from "../../src/model/platform.ts";
import type { ScriptedReply } from "../support/scripted-net.ts";
import { connectScripted, type ScriptedPlatform } from "../support/scripted-platform.ts";

const MAPPING: JsonObject = {
  id: "m1",
  attributesMap: [["team", "a"]],
  isAccountAdmin: false,
  orgRole: { orgId: "o", roleId: "readOnly" },
  spaceRolesMap: [["s", "readOnly"]],
  spaceRbacRolesMap: [["t", "r"]],
};
const NODE: JsonObject = {
  id: "p",
  emailDomainsList: [{ domain: "Beta.example" }, { domain: "acme.example" }],
  metadataUrl: null,
  metadataXml: "<x/>",
  defaultOrgId: "o",
  enforceSaml: true,
  syncUserRoles: true,
  signAuthn: false,
  allowLoginWithDefaults: false,
  isManagedByFile: false,
  roleMappings: [MAPPING, { ...MAPPING, id: "m2", orgRole: null, spaceRolesMap: null }],
};
const ROW: IdentityProviderRow = {
  id: "p",
  domains: ["acme.example", "beta.example"],
  syncsRoles: true,
  allowsDefaults: false,
  isManagedByFile: false,
  mappings: [
    {
      ...{ id: "m1", attributes: [["team", "a"]], isAccountAdmin: false },
      ...{
        organization: { id: "o", role: "read-only" },
        spaceRoles: [["s", "read-only"]],
        spaceCustomRoles: [["t", "r"]],
      },
    },
    {
      ...{ id: "m2", attributes: [["team", "a"]], isAccountAdmin: false },
      ...{ organization: undefined, spaceRoles: [], spaceCustomRoles: [["t", "r"]] },
    },
  ],
};

type Answer = (variables: JsonObject) => ScriptedReply;

const page = (nodes: readonly Json[], info: JsonObject = { hasNextPage: false, endCursor: null }): ScriptedReply => ({
  status: 200,
  body: { data: { account: { samlIdPs: { pageInfo: info, edges: nodes.map((node) => ({ node })) } } } },
});

/** An account with one identity provider; `inputs` are those of the updates it was sent. */
function connect(
  read: Answer = () => page([NODE]),
  update: Answer = ({ input }) => echo(input as JsonObject),
): ScriptedPlatform & { readonly inputs: readonly JsonObject[] } {
  const inputs: JsonObject[] = [];
  const platform = connectScripted((request) => {
    const { query, variables } = JSON.parse(request.body ?? "{}") as { query: string; variables: JsonObject };
    if (query.startsWith("query Viewer")) return { status: 200, body: { data: { viewer: { user: { id: "me" } } } } };
    if (query.startsWith("query")) return read(variables);
    inputs.push(variables["input"] as JsonObject);
    return update(variables);
  });
  return { ...platform, inputs };
}

/** What a server says that writes what it was sent. */
function echo(input: JsonObject, more: JsonObject = {}): ScriptedReply {
  const { mappingsList } = input["roleMappings"] as { readonly mappingsList: readonly JsonObject[] };
  const roleMappings = mappingsList.map((mapping, at) => ({ id: `new${at}`, orgRole: null, ...mapping }));
  const idp = { ...NODE, ...input, roleMappings, ...more };
  return { status: 200, body: { data: { updateSAMLIdP: { idp, error: null } } } };
}

async function failureOf(work: Promise<unknown>): Promise<PlatformError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof PlatformError) return error;
  throw new Error(`not refused: ${String(error)}`);
}

describe("reading identity providers", () => {
  it("gives domains, flags and mappings in their order, roles as manifests spell them", async () => {
    expect(await connect().reader.readIdentityProviders()).toEqual({ state: "complete", rows: [ROW] });
  });

  it("goes on page after page", async () => {
    const { reader } = connect(({ after }) =>
      after === null ? page([NODE], { hasNextPage: true, endCursor: "c" }) : page([{ ...NODE, id: "q" }]),
    );
    expect(await reader.readIdentityProviders()).toMatchObject({ rows: [{ id: "p" }, { id: "q" }] });
  });

  it.each<[string, Answer, string]>([
    ["a fault", () => ({ status: 200, body: { data: null, errors: [{ message: "no such field" }] } }), "no such field"],
    ["no list", () => ({ status: 200, body: { data: { account: null } } }), "without entries"],
    ["an empty entry", () => page([null]), "without content"],
    ["an entry without its parts", () => page([{ id: "p" }]), "without its parts"],
    ["a mapping without id", () => page([{ ...NODE, roleMappings: [{}] }]), "without its id"],
    ["an odd list", () => page([{ ...NODE, roleMappings: [{ id: "m", attributesMap: "a" }] }]), "shape"],
    ["an odd pair", () => page([{ ...NODE, roleMappings: [{ id: "m", attributesMap: [["a"]] }] }]), "shape"],
    ["a cursor twice", () => page([NODE], { hasNextPage: true, endCursor: "c" }), "new cursor"],
    ["no cursor", () => page([NODE], { hasNextPage: true, endCursor: null }), "new cursor"],
    ["no end", ({ after }) => page([], { hasNextPage: true, endCursor: `${String(after)}x` }), "did not end"],
    ["no right", () => ({ status: 403, body: {} }), "403"],
  ])("is all or nothing: %s", async (_, read, because) => {
    expect(await connect(read).reader.readIdentityProviders()).toEqual({
      state: "unreadable",
      because: expect.stringContaining(because),
    });
  });

  it("says why where GraphQL does not answer", async () => {
    const { reader } = connectScripted(() => ({ status: 404, body: {} }));
    expect(await reader.readIdentityProviders()).toMatchObject({ state: "unreadable" });
  });
});

describe("editing an identity provider", () => {
  const edit = (change: (current: IdentityProviderRow) => IdentityProviderRow) => ({ id: "p", change });
  const added: RoleMappingRow = {
    ...{ id: undefined, attributes: [["team", "b"]], isAccountAdmin: true },
    ...{ organization: { id: "o", role: "read-only" }, spaceRoles: [], spaceCustomRoles: [] },
  };

  it("writes everything back: what is not edited stays as it came, in its order, under its ids", async () => {
    const platform = connect();
    const { provider, notes } = await platform.writer.editIdentityProvider(
      edit((current) => ({ ...current, syncsRoles: false, mappings: [...current.mappings, added] })),
    );
    expect(notes).toEqual([]);
    expect(provider.mappings.map(({ id }) => id)).toEqual(["m1", "m2", "new2"]);
    expect(platform.inputs).toEqual([
      {
        id: "p",
        metadataXml: "<x/>",
        emailDomainsList: [{ domain: "Beta.example" }, { domain: "acme.example" }],
        enforceSaml: true,
        signAuthn: false,
        allowLoginWithDefaults: false,
        syncUserRoles: false,
        roleMappings: {
          mappingsList: [
            MAPPING,
            {
              ...{ id: "m2", attributesMap: [["team", "a"]], isAccountAdmin: false },
              ...{ spaceRolesMap: [], spaceRbacRolesMap: [["t", "r"]] },
            },
            {
              ...{ attributesMap: [["team", "b"]], isAccountAdmin: true },
              ...{ orgRole: { orgId: "o", roleId: "readOnly" }, spaceRolesMap: [], spaceRbacRolesMap: [] },
            },
          ],
        },
      },
    ]);
  });

  it("is made on what is there right before the write, and sends nothing where the edit refuses that", async () => {
    const platform = connect();
    const refusal = new PlatformError("conflict", "edit", "It moved.");
    const refuse = edit(() => {
      throw refusal;
    });
    expect(await failureOf(platform.writer.editIdentityProvider(refuse))).toBe(refusal);
    expect(platform.inputs).toEqual([]);
  });

  it("sends nothing where whoever is asked right before refuses that", async () => {
    const platform = connect();
    const lost = new Error("The lock was lost.");
    const beforeSending = () => Promise.reject(lost);
    const ended = platform.writer.editIdentityProvider({ ...edit((current) => current), beforeSending });
    await expect(ended).rejects.toBe(lost);
    expect(platform.inputs).toEqual([]);
  });

  it("never writes what a file manages, or what is gone", async () => {
    const managed = connect(() => page([{ ...NODE, isManagedByFile: true }]));
    const same = edit((current) => current);
    expect(await failureOf(managed.writer.editIdentityProvider(same))).toMatchObject({ failure: "forbidden" });
    const gone = connect(() => page([]));
    expect(await failureOf(gone.writer.editIdentityProvider(same))).toMatchObject({ failure: "not-found" });
    expect([managed.inputs, gone.inputs]).toEqual([[], []]);
  });

  it.each<[string, Answer, object]>([
    [
      "a text in the payload",
      () => ({ status: 200, body: { data: { updateSAMLIdP: { idp: null, error: "no\u0007pe" } } } }),
      { failure: "invalid", ambiguous: false, message: expect.stringContaining("no pe") },
    ],
    [
      "a query that does not fit",
      () => ({ status: 400, body: { errors: [{ message: "unknown field" }] } }),
      { failure: "invalid", ambiguous: false, message: expect.stringContaining("unknown field") },
    ],
    [
      "nothing",
      () => ({ status: 200, body: { data: { updateSAMLIdP: null } } }),
      { failure: "protocol", ambiguous: true },
    ],
    ["no GraphQL", () => ({ status: 200, body: "<html>" }), { failure: "protocol", ambiguous: true }],
    ["a failure of the server", () => ({ status: 502, body: {} }), { failure: "server", ambiguous: true }],
    ["a lost answer", () => ({ lost: "after" }), { failure: "network", ambiguous: true }],
    [
      "something else than was sent",
      ({ input }) => echo(input as JsonObject, { syncUserRoles: false }),
      { failure: "protocol", ambiguous: true },
    ],
  ])("fails, once and for all, on %s", async (_, update, wanted) => {
    const platform = connect(undefined, update);
    expect(await failureOf(platform.writer.editIdentityProvider(edit((current) => current)))).toMatchObject(wanted);
    expect(platform.inputs).toHaveLength(1);
  });

  it("tells of what changed with it", async () => {
    const platform = connect(undefined, ({ input }) => echo(input as JsonObject, { defaultOrgId: null }));
    const { notes } = await platform.writer.editIdentityProvider(edit((current) => current));
    expect(notes).toEqual([expect.stringContaining("defaultOrgId")]);
  });
});
