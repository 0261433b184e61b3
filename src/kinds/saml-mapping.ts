// Role mappings of SAML identity providers: who logs in with these attributes gets these roles. GraphQL `samlIdPs` and
// `updateSAMLIdP`, baseline of August 2026. A mapping has no name: its condition is its address. An update replaces the whole
// list, so mappings of one provider are changed one after the other. Of custom roles the first mapping that fits counts, so the
// order of the list is kept; new mappings come last.
import { type Address, classKey, compareAddresses, pathPart } from "../model/address.ts";
import { PlatformError } from "../model/errors.ts";
import { isSameJson } from "../model/json.ts";
import type { DraftChange, Kind, Worlds, WriteContext } from "../model/kind.ts";
import type { RoleMapping } from "../model/manifest.ts";
import { conditionOf, mappingAddress, providerAddress } from "../model/mapping-address.ts";
import type { RoleMappingRow } from "../model/platform.ts";
import { type Spec, writtenAt } from "../model/resource.ts";
import { organizationAddress, organizationOf } from "./organization.ts";
import { remotePart } from "./remote-part.ts";
import { judgeMapping } from "./saml-mapping-hazards.ts";
import { decodeMapping, describeRoles, encodeMapping } from "./saml-mapping-rows.ts";
import {
  addressOfProvider,
  fetchProviders,
  listDeclaredMappings,
  listMappings,
  providerOf,
  syncsRoles,
} from "./saml-provider.ts";

const CALL = "updateSAMLIdP";

export const samlMapping: Kind = {
  name: "saml-mapping",
  title: "role mapping",
  parentKind: "saml-provider",
  parentOf: providerOf,
  attachedTo: (address) => [providerOf(address)],
  isHeldAnywhere: false,
  refersTo: ["organization", "spaces"],
  fixed: [],
  losses: {
    part: "Made again, it stands behind all others of its identity provider, and has another id of the platform.",
  },
  declare: (manifest) =>
    listDeclaredMappings(manifest).map(([address, mapping], position) => ({
      resource: {
        kind: "saml-mapping",
        address,
        spec: declaredSpec(mapping),
        facts: { position },
        origin: writtenAt(mapping.at),
      },
      present: true,
      expires: undefined,
    })),
  managedClasses: (manifest) => {
    const declared = listDeclaredMappings(manifest).map(([, mapping]) => declaredSpec(mapping));
    const organizations = new Set(declared.flatMap(listOrganizations));
    return [
      ...[...(manifest.saml?.values() ?? [])].flatMap(({ domain, mappings }) =>
        mappings === undefined ? [] : [{ key: classKey("saml-mapping", providerAddress(domain)), mode: mappings.mode }],
      ),
      // What mappings speak of is told by name only where it is read.
      ...(declared.length === 0 ? [] : ["role@" as const, "organization@" as const]).map((key) => ({
        key,
        mode: "additive" as const,
      })),
      ...[...organizations].map((organization) => ({
        key: classKey("space", organization),
        mode: "additive" as const,
      })),
    ];
  },
  needs: ({ address }) => [providerOf(address)],
  follows,
  prefers: () => [],
  isUtmost: () => false,
  whyNotCreatable: () => undefined,
  hazardsOf: judgeMapping,
  cascadeOf: () => ({ certain: [], possible: [] }),
  notesOn: () => [],

  readAfter: ["saml-provider", "organization", "space", "role"],
  read: async ({ reader, parents, byId }) => {
    const wanted = new Set(parents);
    const rows = await fetchProviders({ reader, mayBeBlind: false });
    const resources = rows
      .filter((provider) => wanted.has(addressOfProvider(provider)))
      .flatMap((provider) => provider.mappings.map((row) => decodeMapping(row, provider, byId)));
    const coverage = new Map(parents.map((parent) => [classKey("saml-mapping", parent), "complete" as const]));
    return { resources, coverage, notes: [] };
  },
  look: async (context) => {
    const id = context.believed?.["id"];
    for (const provider of await fetchProviders(context)) {
      for (const row of provider.mappings) {
        const found = decodeMapping(row, provider, context.addressOf);
        if (id === undefined ? found.address === context.address : row.id === id) return found;
      }
    }
    return undefined;
  },

  create: async ({ writer, address, to, idOf }) => {
    const provider = idOf(providerOf(address));
    const attributes = conditionOf(address);
    if (attributes.some(([name]) => name === "")) {
      throw new PlatformError("invalid", CALL, "A mapping without a condition would fit everybody, and is not made.");
    }
    const made = { id: undefined, attributes, ...encodeMapping(to ?? {}, idOf) };
    const edited = await writer.editIdentityProvider({
      id: provider,
      change: (current) => {
        if (current.mappings.some((row) => isAt(address, row))) throw refuseMoved();
        return { ...current, mappings: [...current.mappings, made] };
      },
    });
    const id = edited.provider.mappings.find((row) => isAt(address, row))?.id;
    return { remote: { id: id ?? "", provider }, notes: edited.notes };
  },
  update: async (context) => {
    const id = remotePart(context.remote, "id");
    const provider = remotePart(context.remote, "provider");
    const roles = encodeMapping({ ...context.from, ...context.to }, context.idOf);
    const { notes } = await context.writer.editIdentityProvider({
      id: provider,
      change: (current) => {
        requireUnmoved(current.mappings, id, context);
        return { ...current, mappings: current.mappings.map((row) => (row.id === id ? { ...row, ...roles } : row)) };
      },
    });
    return { remote: { id, provider }, notes };
  },
  remove: async (context) => {
    const id = remotePart(context.remote, "id");
    const provider = remotePart(context.remote, "provider");
    try {
      await context.writer.editIdentityProvider({
        id: provider,
        change: (current) => {
          if (!current.mappings.some((row) => row.id === id)) {
            throw new PlatformError("not-found", CALL, "It is gone already.");
          }
          if (context.from !== undefined) requireUnmoved(current.mappings, id, context);
          return { ...current, mappings: current.mappings.filter((row) => row.id !== id) };
        },
      });
      return "deleted";
    } catch (error) {
      if (error instanceof PlatformError && error.failure === "not-found") return "absent";
      throw error;
    }
  },
};

function declaredSpec({ accountAdmin, organization, spaces }: RoleMapping): Spec {
  return {
    account_admin: accountAdmin,
    organization: organization === undefined ? null : organizationAddress(organization.name),
    organization_role: organization?.role ?? null,
    spaces: Object.fromEntries(spaces),
  };
}

function listOrganizations(spec: Spec): readonly Address[] {
  return Object.keys(spec["spaces"] ?? {}).map((space) => organizationOf(space as Address));
}

/**
 * Mappings of one provider are changed one after the other, since each write says the whole list again: what is there and stays,
 * then what is new, then what goes. Where the provider begins to sync roles, only what goes waits for that.
 */
function follows({ op, address }: DraftChange, worlds: Worlds): readonly Address[] {
  const { live, planned } = worlds;
  const provider = providerOf(address);
  const staying = listMappings(provider, planned);
  if (op === "delete") {
    const going = listMappings(provider, live).filter((other) => !planned.has(other));
    return [provider, ...staying, ...going.filter((other) => compareAddresses(other, address) < 0)];
  }
  const beginsToSync = syncsRoles(provider, planned) && !syncsRoles(provider, live);
  const isBefore = (other: Address): boolean => comparePlaces(other, address, worlds) < 0;
  return [...(beginsToSync ? [] : [provider]), ...staying.filter(isBefore)];
}

/** As they are to stand in the list: new ones last, in the order of the manifest. An undo knows no order of what it makes. */
function comparePlaces(one: Address, other: Address, { live, planned }: Worlds): number {
  const placeOf = (address: Address): number => Number(planned.get(address)?.facts?.["position"] ?? 0);
  const isNew = (address: Address): number => (live.has(address) ? 0 : 1);
  return isNew(one) - isNew(other) || placeOf(one) - placeOf(other) || compareAddresses(one, other);
}

function isAt(address: Address, { attributes }: RoleMappingRow): boolean {
  return mappingAddress(pathPart(address, 0), attributes) === address;
}

/** The list is written as a whole: only what was planned on may be overwritten. */
function requireUnmoved(mappings: readonly RoleMappingRow[], id: string, { from, idOf }: WriteContext): void {
  const row = mappings.find((each) => each.id === id);
  const planned = describeRoles(encodeMapping(from ?? {}, idOf));
  if (row === undefined || !isSameJson(describeRoles(row), planned)) throw refuseMoved();
}

function refuseMoved(): PlatformError {
  return new PlatformError("conflict", CALL, "It was changed by somebody else just now.");
}
