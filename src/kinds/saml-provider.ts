// SAML identity providers. GraphQL `samlIdPs` and `updateSAMLIdP`, baseline of August 2026. One goes by the first of its e-mail
// domains. Only whether it syncs roles at login is changed here: metadata and domains are set up in the web interface, and an
// update replaces everything, so all else is written back as it came. A configuration that a file manages is read-only.
import { type Address, pathPart } from "../model/address.ts";
import { Impossible, PlatformError } from "../model/errors.ts";
import type { Kind, LookContext } from "../model/kind.ts";
import type { Manifest, RoleMapping } from "../model/manifest.ts";
import { mappingAddress, providerAddress } from "../model/mapping-address.ts";
import type { IdentityProviderRow } from "../model/platform.ts";
import { type Resource, type World, writtenAt } from "../model/resource.ts";
import { remotePart } from "./remote-part.ts";
import { setsField } from "./sets-field.ts";

/** The identity provider that a mapping belongs to. */
export function providerOf(address: Address): Address<"saml-provider"> {
  return providerAddress(pathPart(address, 0));
}

/** The address of an identity provider of the platform: the first of its e-mail domains names it. */
export function addressOfProvider({ id, domains }: IdentityProviderRow): Address<"saml-provider"> {
  // A control character keeps an id from ever being taken for a domain.
  return providerAddress(domains[0] ?? `\u0000${id}`);
}

/** Every identity provider right now. Throws PlatformError where they cannot be read: that proves nothing. */
export async function fetchProviders({
  reader,
  mayBeBlind,
}: Pick<LookContext, "reader" | "mayBeBlind">): Promise<readonly IdentityProviderRow[]> {
  const reading = await reader.readIdentityProviders();
  if (reading.state === "complete") return reading.rows;
  if (mayBeBlind) return [];
  throw new PlatformError("protocol", "POST /graphql", reading.because);
}

/** True when the identity provider applies its mappings at every login. */
export function syncsRoles(provider: Address, world: World): boolean {
  return world.get(provider)?.spec["sync"] === true;
}

export const samlProvider: Kind = {
  name: "saml-provider",
  title: "identity provider",
  parentKind: undefined,
  parentOf: () => undefined,
  attachedTo: () => [],
  isHeldAnywhere: false,
  refersTo: [],
  fixed: [],
  declare: (manifest) =>
    [...(manifest.saml?.values() ?? [])].map(({ domain, at, sync, managesMemberships }) => ({
      resource: {
        kind: "saml-provider",
        address: providerAddress(domain),
        spec: sync === undefined ? {} : { sync },
        ...(managesMemberships ? { creation: { memberships: "managed" } } : {}),
        origin: writtenAt(at),
      },
      present: true,
      expires: undefined,
    })),
  managedClasses: ({ saml }) => (saml === undefined ? [] : [{ key: "saml-provider@", mode: "additive" }]),
  needs: () => [],
  // Roles are synced once the mappings say what is wanted, and no longer before they stop to.
  follows: (change, { planned }) =>
    setsField(change, "sync", true) ? [...listMappings(providerOf(change.address), planned)] : [],
  prefers: () => [],
  isUtmost: () => false,
  whyNotCreatable: () =>
    "An identity provider is set up in the web interface, and goes by the first of its e-mail domains.",
  hazardsOf: (change) =>
    setsField(change, "sync", true)
      ? [
          { code: "removes-access", detail: "At their next login people lose what no mapping gives them." },
          { code: "widens-access", detail: "At their next login people get what the mappings give them." },
        ]
      : [],
  cascadeOf: () => ({ certain: [], possible: [] }),
  governs: ({ address, spec, creation, facts }) =>
    spec["sync"] === true
      ? {
          fits: (other) => isMembershipIn(other, Object.keys(facts?.["domains"] ?? {})),
          isLeftAlone: creation?.["memberships"] !== "managed",
          because: `${address} applies its mappings at every login, and overwrites the memberships of its people then.`,
        }
      : undefined,
  notesOn: () => [],

  readAfter: [],
  read: async ({ reader }) => {
    const reading = await reader.readIdentityProviders();
    if (reading.state === "unreadable") throw new PlatformError("protocol", "POST /graphql", reading.because);
    return { resources: reading.rows.map(decode), coverage: new Map([["saml-provider", "complete"]]), notes: [] };
  },
  look: async (context) => {
    const rows = await fetchProviders(context);
    const id = context.believed?.["id"];
    const row = rows.find((each) => (id === undefined ? addressOfProvider(each) === context.address : each.id === id));
    return row && decode(row);
  },

  create: () => {
    throw new Impossible("an identity provider is never made here");
  },
  update: async ({ writer, remote, from, to }) => {
    const id = remotePart(remote, "id");
    const { notes } = await writer.editIdentityProvider({
      id,
      change: (current) => {
        if (current.syncsRoles !== from?.["sync"]) {
          throw new PlatformError("conflict", "updateSAMLIdP", "It was changed by somebody else just now.");
        }
        return { ...current, syncsRoles: to?.["sync"] === true };
      },
    });
    return { remote: { id }, notes };
  },
  remove: () => {
    throw new Impossible("an identity provider is never removed here");
  },
};

/** The mappings of one identity provider in a world. */
export function listMappings(provider: Address, world: World): readonly Address[] {
  const beginning = `saml-mapping:${provider.slice(provider.indexOf(":") + 1)}/`;
  return [...world.keys()].filter((address) => address.startsWith(beginning));
}

/** The mappings that the manifest writes, in its order, by address. */
export function listDeclaredMappings({ saml }: Manifest): readonly (readonly [Address, RoleMapping])[] {
  return [...(saml?.values() ?? [])].flatMap(({ domain, mappings }) =>
    (mappings?.list ?? []).map((mapping) => [mappingAddress(domain, Object.entries(mapping.when)), mapping] as const),
  );
}

function isMembershipIn(address: Address, domains: readonly string[]): boolean {
  const isMembership = address.startsWith("org-member:") || address.startsWith("space-member:");
  return isMembership && domains.some((domain) => pathPart(address, -1).endsWith(`@${domain}`));
}

function decode(row: IdentityProviderRow): Resource {
  return {
    kind: "saml-provider",
    address: addressOfProvider(row),
    spec: { sync: row.syncsRoles },
    facts: { domains: Object.fromEntries(row.domains.map((domain) => [domain, true])) },
    // It is set up elsewhere: never removed, and never counted.
    builtin: true,
    ...(row.isManagedByFile ? { frozen: "The configuration is managed by a file, and is read-only." } : {}),
    origin: { from: "platform", remote: { id: row.id } },
  };
}
