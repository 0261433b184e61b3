import type { Address } from "../model/address.ts";
import { pathPart } from "../model/address.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { mappingAddress } from "../model/mapping-address.ts";
import type { IdentityProviderRow, RoleMappingRow } from "../model/platform.ts";
import type { Resource, Spec } from "../model/resource.ts";
import { isPredefinedRole, unlistedId, unlistedRole, unlistedSpace } from "./role-ref.ts";
import { addressOfProvider } from "./saml-provider.ts";

/** The addresses behind the platform's ids, as far as they are known. */
export type NameOf = (kind: "organization" | "space" | "role", id: string) => Address | undefined;

/** A mapping of the platform as a resource. What nobody lists stands under its id. */
export function decodeMapping(row: RoleMappingRow, provider: IdentityProviderRow, nameOf: NameOf): Resource {
  const { organization } = row;
  const spaceOf = (id: string): Address => nameOf("space", id) ?? unlistedSpace(id);
  return {
    kind: "saml-mapping",
    address: mappingAddress(pathPart(addressOfProvider(provider), 0), row.attributes),
    spec: {
      account_admin: row.isAccountAdmin,
      organization: organization === undefined ? null : (nameOf("organization", organization.id) ?? organization.id),
      organization_role: organization?.role ?? null,
      spaces: Object.fromEntries([
        ...row.spaceRoles.map(([space, role]) => [spaceOf(space), role] as const),
        ...row.spaceCustomRoles.map(
          ([space, role]) => [spaceOf(space), nameOf("role", role) ?? unlistedRole(role)] as const,
        ),
      ]),
    },
    // What the address says in one word, as the pairs that were read; and where it stands, which decides between custom roles.
    facts: { when: row.attributes.map((pair) => [...pair]), position: provider.mappings.indexOf(row) },
    origin: { from: "platform", remote: { id: row.id ?? "", provider: provider.id } },
  };
}

/** The roles of a mapping as the platform takes them. */
export function encodeMapping(
  spec: Spec,
  idOf: (address: Address) => string,
): Pick<RoleMappingRow, "isAccountAdmin" | "organization" | "spaceRoles" | "spaceCustomRoles"> {
  const organization = spec["organization"];
  const spaces = Object.entries((spec["spaces"] ?? {}) as JsonObject).map(
    ([space, role]) => [space, String(role)] as const,
  );
  const find = (address: string): string => unlistedId(address as Address) ?? idOf(address as Address);
  return {
    isAccountAdmin: spec["account_admin"] === true,
    organization:
      typeof organization === "string"
        ? { id: findOrganization(organization, idOf), role: String(spec["organization_role"]) }
        : undefined,
    spaceRoles: spaces.flatMap(([space, role]) => (isPredefinedRole(role) ? [[find(space), role] as const] : [])),
    spaceCustomRoles: spaces.flatMap(([space, role]) =>
      isPredefinedRole(role) ? [] : [[find(space), find(role)] as const],
    ),
  };
}

/** An organization nobody lists stands as its bare id. */
function findOrganization(organization: string, idOf: (address: Address) => string): string {
  return organization.includes(":") ? idOf(organization as Address) : organization;
}

/** What a mapping gives, in an order of its own, so that two that give the same are the same. */
export function describeRoles(
  row: Pick<RoleMappingRow, "isAccountAdmin" | "organization" | "spaceRoles" | "spaceCustomRoles">,
): Json {
  return {
    isAccountAdmin: row.isAccountAdmin,
    organization: row.organization ?? null,
    spaces: Object.fromEntries([...row.spaceRoles, ...row.spaceCustomRoles]),
  };
}
