import { describe, expect, it } from "vitest";
import { KINDS } from "../../src/kinds/registry.ts";
import type { Address } from "../../src/model/address.ts";
import { PlatformError, type PlatformFailure } from "../../src/model/errors.ts";
import type { LookContext } from "../../src/model/kind.ts";
import type { PlatformReader, Row } from "../../src/model/platform.ts";
import { makeRowsReader } from "../support/rows-reader.ts";

const EMAIL = "ana@example.com";
const ADDRESSES: Readonly<Record<string, Address>> = {
  role: "role:reviewer",
  organization: "organization:Platform",
  space: "space:Platform/alpha",
  user: `user:${EMAIL}`,
  project: "project:Platform/alpha/chatbot",
  "org-member": `org-member:Platform/${EMAIL}`,
  "space-member": `space-member:Platform/alpha/${EMAIL}`,
  binding: `binding:Platform/alpha/chatbot/${EMAIL}`,
  restriction: "restriction:Platform/alpha/chatbot",
  "service-key": "service-key:Platform/alpha/ci",
  "saml-provider": "saml-provider:example.com",
  "saml-mapping": "saml-mapping:example.com/team=ml",
};
const bind = (id: string, resource_id: string): Row => ({ id, role_id: "r", user_id: "u", resource_id });

/** An account of one of each, in which ids are first letters. */
const READER = makeRowsReader({
  lists: {
    "/v2/roles": [{ id: "r", name: "reviewer" }],
    "/v2/organizations": [{ id: "o", name: "Platform" }],
    "/v2/spaces": [{ id: "s", name: "alpha" }],
    "/v2/users": [{ id: "u", email: EMAIL, role: { name: "MEMBER" } }],
    "/v2/projects": [{ id: "p", name: "chatbot", space_id: "s" }],
    "/v2/role-bindings": ({ query }) => [query["resource_type"] === "SPACE" ? bind("bs", "s") : bind("bp", "p")],
    "/v2/api-keys": [{ id: "k", name: "ci" }],
    "/v2/resource-restrictions": [{ resource_type: "PROJECT", resource_id: "p" }],
  },
  organizations: { o: [{ userId: "u", email: EMAIL, role: "member", userType: "human" }] },
  spaces: { s: [] },
  identityProviders: {
    state: "complete",
    rows: [
      {
        ...{ id: "i", domains: ["example.com"], syncsRoles: false, allowsDefaults: false, isManagedByFile: false },
        mappings: [
          {
            ...{ id: "m", attributes: [["team", "ml"]], isAccountAdmin: false },
            ...{
              organization: { id: "o", role: "member" },
              spaceRoles: [["s", "member"]],
              spaceCustomRoles: [["t", "r"]],
            },
          },
        ],
      },
    ],
  },
});

function look(name: string, reader: PlatformReader, more: Partial<LookContext> = {}) {
  const kind = KINDS.find((each) => each.name === name);
  const address = ADDRESSES[name];
  if (kind === undefined || address === undefined) throw new Error(`no kind ${name}`);
  const idOf = (of: Address): string => of.slice(0, 1);
  return kind.look({
    reader,
    address,
    believed: undefined,
    mayBeBlind: false,
    idOf,
    addressOf: () => undefined,
    ...more,
  });
}

const failing = (failure: PlatformFailure): PlatformReader => ({
  ...READER,
  list: () => Promise.reject(new PlatformError(failure, "GET /v2/roles", "It broke.")),
});

const NAMES: readonly string[] = KINDS.map(({ name }) => name);

describe("a look", () => {
  it.each(NAMES)(
    "at a %s finds it under the address it was looked for, though nobody knows its container",
    async (name) => {
      expect((await look(name, READER))?.address).toBe(ADDRESSES[name]);
    },
  );

  // The members of an organization are in no list.
  it.each(NAMES.filter((name) => name !== "org-member" && !name.startsWith("saml-")))(
    "at a %s fails where the list does",
    async (name) => {
      await expect(look(name, failing("server"))).rejects.toMatchObject({ failure: "server" });
    },
  );
});

describe("a look at an identity provider or a mapping", () => {
  const blind = makeRowsReader({ identityProviders: { state: "unreadable", because: "It broke." } });
  it.each(["saml-provider", "saml-mapping"])(
    "fails where they cannot be read, but for what was planned so: %s",
    async (name) => {
      await expect(look(name, blind)).rejects.toMatchObject({ failure: "protocol", message: "It broke." });
      expect(await look(name, blind, { mayBeBlind: true })).toBeUndefined();
      expect(await look(name, READER, { believed: { id: "other" } })).toBeUndefined();
    },
  );
});

describe("a list of content", () => {
  it.each(["space", "project"])("that is forbidden hides the %ss of one container", async (name) => {
    const kind = KINDS.find((each) => each.name === name);
    const parent = kind?.parentOf(ADDRESSES[name] ?? "role:none");
    if (kind === undefined || parent === undefined) throw new Error(name);
    const container = { from: "platform", remote: { id: "x" } } as const;
    const world = new Map([[parent, { kind: "space", address: parent, spec: {}, origin: container } as const]]);
    const reading = await kind.read({ reader: failing("forbidden"), world, parents: [parent], byId: () => undefined });
    expect([...reading.coverage]).toEqual([[`${name}@${parent}`, "unreadable"]]);
    expect(reading.notes.map(({ code }) => code)).toEqual(["AX305"]);
    const broken = kind.read({ reader: failing("server"), world, parents: [parent], byId: () => undefined });
    await expect(broken).rejects.toMatchObject({ failure: "server" });
  });
});
