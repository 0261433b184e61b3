import { afterEach, describe, expect, it } from "vitest";
import { KINDS } from "../../src/kinds/registry.ts";
import { samlMapping } from "../../src/kinds/saml-mapping.ts";
import { decodeMapping, describeRoles, encodeMapping } from "../../src/kinds/saml-mapping-rows.ts";
import { addressOfProvider, samlProvider } from "../../src/kinds/saml-provider.ts";
import { type Address, formatAddress } from "../../src/model/address.ts";
import type { IdentityProvider, RoleMapping } from "../../src/model/manifest.ts";
import type { Plan } from "../../src/model/plan.ts";
import type { RoleMappingRow } from "../../src/model/platform.ts";
import { NO_LIMITS } from "../../src/model/policy.ts";
import type { Spec } from "../../src/model/resource.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import { makeDesired, selectReads } from "../../src/state/desired.ts";
import { observeAccount } from "../../src/state/observe.ts";
import { type OpenAccount, openAccount, writeContext } from "../support/open-account.ts";
import { START } from "../support/sandbox-account.ts";
import { buildDeclared, buildLive, buildManifest, buildWorld, type ManifestText } from "../support/world-builder.ts";

const DOMAIN = "example.com";
const PROVIDER: Address = "saml-provider:example.com";
const at = (team: string): Address => `saml-mapping:example.com/team=${team}`;

const mapping = (team: string, more: Partial<RoleMapping> = {}): RoleMapping => ({
  at: { file: "access.yaml", line: 1, column: 1, length: 1 },
  when: { team },
  accountAdmin: false,
  organization: undefined,
  spaces: new Map(),
  ...more,
});

let open: OpenAccount | undefined;
afterEach(() => open?.close());

/** An account with one identity provider, a space and a person of its domain. */
async function openCompany(mappings: readonly object[], more: object = {}) {
  open = await openAccount();
  const { account } = open;
  const organization = await account.organization("Platform");
  const space = await account.space(organization, "alpha");
  const role = await account.role("reviewer", ["SPACE_READ"]);
  const ana = await account.person("ana");
  const idp = await account.identityProvider(DOMAIN, mappings, more);
  return { ...open, organization, space, role, ana, idp };
}

async function plan(reader: OpenAccount["reader"], text: ManifestText): Promise<Plan> {
  const desired = makeDesired({ manifest: buildManifest(text), kinds: KINDS, now: new Date(START) });
  const observation = await observeAccount({ reader, kinds: KINDS, selection: selectReads(desired, KINDS) });
  const memory = { owned: new Map(), lastWritten: new Map(), managed: new Set<never>() };
  return makePlan({ desired, observation, memory, kinds: KINDS, account: { url: "x" }, limits: NO_LIMITS });
}

const saml = (more: Partial<IdentityProvider>): ManifestText => ({ saml: [{ domain: DOMAIN, ...more }] });
const stepsOf = ({ steps }: Plan) =>
  steps.map(({ op, address, gate, dependsOn }) => ({ op, address, gate: gate.state, dependsOn }));
const attributesMap = (team: string) => [["team", team]];

describe("role mappings", () => {
  it("are changed one after the other, new ones in the order of the manifest, what goes last, and what is not written stays unless it is managed", async () => {
    const { reader } = await openCompany([
      { attributesMap: attributesMap("b") },
      { attributesMap: attributesMap("z") },
    ]);
    const list = [mapping("c"), mapping("a"), mapping("b", { accountAdmin: true })];
    const whole = await plan(reader, saml({ mappings: { mode: "authoritative", list } }));
    expect(stepsOf(whole)).toEqual([
      { op: "update", address: at("b"), gate: "open", dependsOn: [] },
      { op: "create", address: at("c"), gate: "open", dependsOn: [at("b")] },
      { op: "create", address: at("a"), gate: "open", dependsOn: [at("b"), at("c")] },
      { op: "delete", address: at("z"), gate: "held", dependsOn: [at("a"), at("b"), at("c")] },
    ]);
    const added = await plan(reader, saml({ mappings: { mode: "additive", list } }));
    expect(stepsOf(added).map(({ op }) => op)).toEqual(["update", "create", "create"]);
    expect(added.unmanaged).toMatchObject({ "saml-mapping": 1 });
  });

  it("come before roles are synced, and what goes comes after", async () => {
    const { reader } = await openCompany([{ attributesMap: attributesMap("z") }]);
    const begin = await plan(reader, saml({ sync: true, mappings: { mode: "authoritative", list: [mapping("a")] } }));
    expect(stepsOf(begin).map(({ address, gate }) => [address, gate])).toEqual([
      [at("a"), "open"],
      [PROVIDER, "held"],
      [at("z"), "held"],
    ]);
  });

  it("wait for what they need, and block the deletion of a role they use", async () => {
    const { reader, role, space } = await openCompany([{ attributesMap: attributesMap("a"), spaceRbacRolesMap: [] }]);
    expect(space).not.toBe(role);
    const uses = new Map([["space:Platform/alpha", "role:reviewer"]] as const);
    const list = [mapping("a", { spaces: uses })];
    const used = await plan(reader, { ...saml({ mappings: { mode: "additive", list } }), absent: ["role:reviewer"] });
    const deletion = used.steps.find(({ op }) => op === "delete");
    expect(deletion).toMatchObject({ address: "role:reviewer", gate: { state: "blocked", by: ["in-use"] } });
    const missing = new Map([["space:Platform/none", "role:nobody"]] as const);
    const lacking = await plan(
      reader,
      saml({ mappings: { mode: "additive", list: [mapping("b", { spaces: missing })] } }),
    );
    expect(lacking.steps[0]?.hazards.map(({ code }) => code)).toContain("must-exist");
    expect(lacking.steps[0]?.gate.state).toBe("blocked");
  });

  it("are not changed by a rename of what they name", async () => {
    const { account, reader, space, role } = await openCompany([], { allowLoginWithDefaults: true });
    const first = { attributesMap: attributesMap("a"), spaceRbacRolesMap: [[space, role]] };
    await account.identityProvider("acme.io", [first]);
    const spaces = new Map([["space:Platform/beta", "role:inspector"]] as const);
    const mappings = { mode: "additive", list: [mapping("a", { spaces })] } as const;
    const renamed = await plan(reader, {
      roles: { inspector: { previously: ["reviewer"] } },
      organizations: { Platform: { spaces: { beta: { previously: ["alpha"] } } } },
      saml: [{ domain: "acme.io", mappings }],
    });
    expect(renamed.steps.map(({ address }) => address)).toEqual(["role:inspector", "space:Platform/beta"]);
  });

  it("need an identity provider, which is set up elsewhere", async () => {
    const { reader } = await openCompany([{ attributesMap: attributesMap("a") }]);
    const { steps } = await plan(reader, {
      saml: [{ domain: "other.io", mappings: { mode: "additive", list: [mapping("a")] } }],
    });
    expect(steps.map(({ gate }) => gate.state)).toEqual(["blocked", "open"]);
    expect(steps[1]?.dependsOn).toEqual(["saml-provider:other.io"]);
  });

  it.each<[string, Spec, Spec, readonly string[]]>([
    ["more in a space", { "space:A/b": "member" }, { "space:A/b": "admin" }, ["widens-access"]],
    ["less in a space", { "space:A/b": "admin" }, { "space:A/b": "member" }, ["removes-access"]],
    ["no longer", { "space:A/b": "admin" }, {}, ["removes-access"]],
    ["another role", { "space:A/b": "role:x" }, { "space:A/b": "role:y" }, ["removes-access", "widens-access"]],
    ["the same", { "space:A/b": "role:x" }, { "space:A/b": "role:x" }, []],
  ])("are judged by what they give: %s", (_, before, after, codes) => {
    const spec = (spaces: Spec): Spec => ({
      account_admin: false,
      organization: null,
      organization_role: null,
      spaces,
    });
    const [old, now] = [buildLive(at("a"), spec(before)), buildDeclared(at("a"), spec(after))];
    const change = { op: "update", address: at("a"), before: old, after: now, fields: [] } as const;
    const worlds = { live: buildWorld(old), planned: buildWorld(now, buildLive(PROVIDER, { sync: true })) };
    const hazards = samlMapping.hazardsOf(change, worlds);
    expect(hazards.map(({ code }) => code)).toEqual(codes);
    for (const { detail } of hazards) expect(detail).toContain("next login");
  });

  it("make admins, of the account or an organization, and say when", () => {
    const admin: Spec = { account_admin: true, organization: "organization:A", organization_role: "admin", spaces: {} };
    const after = buildDeclared(at("a"), admin);
    const change = { op: "create", address: at("a"), before: undefined, after, fields: [] } as const;
    expect(samlMapping.hazardsOf(change, { live: new Map(), planned: buildWorld(after) })).toEqual([
      { code: "widens-access", detail: "Whom it fits gets more at the first login: account, organization:A." },
      { code: "gains-admin", detail: "Whom it fits becomes an admin at the first login: account, organization:A." },
    ]);
  });
});

describe("writing a mapping", () => {
  it("refuses where somebody else changed, made or removed it meanwhile", async () => {
    const { writer, reader, idp } = await openCompany([{ attributesMap: attributesMap("a"), isAccountAdmin: true }]);
    const world = buildWorld(buildLive(PROVIDER, {}, { remote: { id: idp } }));
    const from: Spec = { account_admin: false, organization: null, organization_role: null, spaces: {} };
    const reading = await reader.readIdentityProviders();
    const id = reading.state === "complete" ? String(reading.rows[0]?.mappings[0]?.id) : "";
    const known = { world, address: at("a"), remote: { id, provider: idp }, from, to: from };
    const moved = { failure: "conflict", ambiguous: false };
    const context = writeContext({ writer, reader }, known);
    await expect(samlMapping.update(context)).rejects.toMatchObject(moved);
    await expect(samlMapping.remove(context)).rejects.toMatchObject(moved);
    await expect(samlMapping.create({ ...context, creation: { team: "a" } })).rejects.toMatchObject(moved);
    const gone = { ...context, remote: { id: "gone", provider: idp } };
    await expect(samlMapping.update(gone)).rejects.toMatchObject(moved);
    expect(await samlMapping.remove(gone)).toBe("absent");
    const last = { ...context, from: { ...from, account_admin: true } };
    await expect(samlMapping.remove(last)).rejects.toMatchObject({ failure: "invalid" });
    const provider = writeContext(
      { writer, reader },
      { world, address: PROVIDER, remote: { id: idp }, from: { sync: true }, to: { sync: false } },
    );
    await expect(samlProvider.update(provider)).rejects.toMatchObject(moved);
  });

  it("never makes one that fits everybody", async () => {
    const { writer, reader, idp } = await openCompany([{ attributesMap: attributesMap("a") }]);
    const world = buildWorld(buildLive(PROVIDER, {}, { remote: { id: idp } }));
    const address = formatAddress("saml-mapping", [DOMAIN, ""]);
    const to: Spec = { account_admin: true, organization: null, organization_role: null, spaces: {} };
    const making = samlMapping.create(writeContext({ writer, reader }, { world, address, to }));
    await expect(making).rejects.toMatchObject({ failure: "invalid", ambiguous: false });
  });

  it("leaves every other mapping as it is, in its place, also what nobody can name", async () => {
    const { writer, reader, idp, organization, space, role } = await openCompany([], { allowLoginWithDefaults: true });
    const orgRole = { orgId: organization, roleId: "readOnly" };
    const first = { attributesMap: attributesMap("x"), orgRole, spaceRbacRolesMap: [[space, role]] };
    const input = {
      id: idp,
      metadataXml: "<x/>",
      emailDomainsList: [{ domain: DOMAIN }],
      allowLoginWithDefaults: true,
    };
    const update = "mutation ($input: UpdateSAMLIdPInput!) { updateSAMLIdP(input: $input) { error } }";
    const mappingsList = [first, { attributesMap: attributesMap("y") }];
    await open?.account.graphql(update, { input: { ...input, roleMappings: { mappingsList } } });
    const before = await reader.readIdentityProviders();
    const world = buildWorld(buildLive(PROVIDER, {}, { remote: { id: idp } }));
    const to: Spec = { account_admin: true, organization: null, organization_role: null, spaces: {} };
    await samlMapping.create(
      writeContext({ writer, reader }, { world, address: at("n"), to, creation: { team: "n" } }),
    );
    const after = await reader.readIdentityProviders();
    const listOf = (reading: typeof before) => (reading.state === "complete" ? (reading.rows[0]?.mappings ?? []) : []);
    expect(listOf(after).slice(0, 2)).toEqual(listOf(before));
    expect(listOf(after)).toHaveLength(3);
  });
});

describe("an identity provider", () => {
  it("is never made or removed, and stands under its id where it has no domain", () => {
    const { writer, reader } = {} as OpenAccount;
    const context = writeContext({ writer, reader }, { world: new Map(), address: PROVIDER });
    expect(() => samlProvider.create(context)).toThrow("never made");
    expect(() => samlProvider.remove(context)).toThrow("never removed");
    const odd = {
      ...{ id: "p", domains: [], syncsRoles: false, allowsDefaults: false },
      isManagedByFile: false,
      mappings: [],
    };
    expect(addressOfProvider(odd)).toBe("saml-provider:%00p");
  });
});

describe("a mapping that names what nobody lists", () => {
  const row: RoleMappingRow = {
    ...{ id: "m", attributes: [["team", "a"]], isAccountAdmin: false, organization: { id: "o", role: "member" } },
    ...{ spaceRoles: [["s", "member"]], spaceCustomRoles: [["t", "r"]] },
  };
  const provider = {
    ...{ id: "p", domains: [DOMAIN], syncsRoles: false, allowsDefaults: false, isManagedByFile: false },
    mappings: [row],
  };

  it("is shown by ids that can be taken for no name, and written back as it came", () => {
    const { spec } = decodeMapping(row, provider, () => undefined);
    expect(spec["spaces"]).toEqual({ "space:%00s": "member", "space:%00t": "role:%00r" });
    const { id: _, attributes: __, ...roles } = row;
    const never = (): string => {
      throw new Error("asked for an id");
    };
    expect(encodeMapping(spec, never)).toEqual(roles);
    expect(encodeMapping({}, never)).toMatchObject({ isAccountAdmin: false, spaceRoles: [], spaceCustomRoles: [] });
    expect(describeRoles({ ...roles, organization: undefined })).toMatchObject({ organization: null });
  });
});

describe("what an identity provider does by itself", () => {
  const members = (role: "member"): ManifestText => ({
    organizations: {
      Platform: {
        members: { "ana@example.com": "member" },
        spaces: { alpha: { members: { "ana@example.com": role } } },
      },
    },
  });

  it("leaves memberships of its people alone while it syncs roles, and says so", async () => {
    const { reader } = await openCompany([{ attributesMap: attributesMap("a") }], { syncUserRoles: true });
    const { steps, notes } = await plan(reader, { ...saml({}), ...members("member") });
    expect(steps).toEqual([]);
    expect(notes).toMatchObject([{ code: "AX316", severity: "warning" }]);
    expect(notes[0]?.detail).toContain("create space-member:Platform/alpha/ana@example.com");
  });

  it("is overruled by the manifest, with a note", async () => {
    const { reader } = await openCompany([{ attributesMap: attributesMap("a") }], { syncUserRoles: true });
    const { steps, notes } = await plan(reader, { ...saml({ managesMemberships: true }), ...members("member") });
    expect(steps.map(({ op }) => op)).toEqual(["create", "create"]);
    expect(notes).toMatchObject([{ code: "AX316", severity: "note" }]);
  });

  it("leaves alone nobody of another domain, and nobody while roles are not synced", async () => {
    const { reader } = await openCompany([{ attributesMap: attributesMap("a") }]);
    const { steps, notes } = await plan(reader, { ...saml({}), ...members("member") });
    expect([steps.length, notes]).toEqual([2, []]);
    const governs = samlProvider.governs?.(
      buildLive(PROVIDER, { sync: true }, { facts: { domains: { "acme.io": true } } }),
    );
    expect(governs?.fits("org-member:A/x@acme.io")).toBe(true);
    expect(governs?.fits("org-member:A/x@other-acme.io")).toBe(false);
    expect(governs?.fits("binding:A/b/c/x@acme.io")).toBe(false);
  });

  it("is read-only where a file manages it: differences are told", async () => {
    const { reader } = await openCompany([{ attributesMap: attributesMap("a") }]);
    open?.account.sandbox.setSwitches({ samlManagedByFile: true });
    const list = [mapping("b")];
    const { steps, notes } = await plan(reader, saml({ sync: true, mappings: { mode: "authoritative", list } }));
    expect(steps).toEqual([]);
    expect(notes.map(({ code, detail }) => [code, detail.split(" is not")[0]])).toEqual(
      [
        ["AX315", `create ${at("b")}`],
        ["AX315", `delete ${at("a")}`],
        ["AX315", `update ${PROVIDER}`],
      ].slice(0, 3),
    );
  });
});
