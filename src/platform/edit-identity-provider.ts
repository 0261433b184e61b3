import { PlatformError } from "../model/errors.ts";
import { isSameJson, type JsonObject } from "../model/json.ts";
import type {
  EditedIdentityProvider,
  IdentityProviderEdit,
  IdentityProviderRow,
  RoleMappingRow,
} from "../model/platform.ts";
import { tidyReason } from "./failure.ts";
import type { Graphql, GraphqlAnswer } from "./graphql.ts";
import { fetchProviders, PROVIDER_FIELDS, readProvider } from "./identity-providers.ts";
import { dig, isList, isObject, textOf } from "./json-shape.ts";
import { spellForGraphql } from "./normalise.ts";

const CALL = "POST /graphql updateSAMLIdP";
const MUTATION = `mutation EditIdentityProvider($input: UpdateSAMLIdPInput!) { updateSAMLIdP(input: $input) { idp { ${PROVIDER_FIELDS} } error } }`;

/**
 * Changes an identity provider: reads it, hands it to the edit, and writes all of it back, since an update replaces everything
 * and what is left out is gone. What came back is compared with what was sent.
 */
export async function editIdentityProvider(
  graphql: Graphql,
  edit: IdentityProviderEdit,
): Promise<EditedIdentityProvider> {
  const node = (await fetchProviders(graphql)).find(({ id }) => id === edit.id);
  if (node === undefined) throw new PlatformError("not-found", CALL, "The identity provider is gone.");
  const before = readProvider(node);
  if (before.isManagedByFile) {
    throw new PlatformError("forbidden", CALL, "The identity provider is managed by a file, and no call changes it.");
  }
  const wanted = edit.change(before);
  const written = readPayload(await graphql.change(MUTATION, { input: encode(node, wanted) }, edit.beforeSending));
  const provider = readProvider(written);
  if (!isSameJson(describe(provider), describe(wanted))) {
    throw new PlatformError("protocol", CALL, "The identity provider came back otherwise than it was sent.", {
      ambiguous: true,
    });
  }
  return { provider, notes: describeStrays(node, written) };
}

/** What the platform says it wrote. The documented way to refuse is a text in the payload beside no error at all. */
function readPayload({ data, faults }: GraphqlAnswer): JsonObject {
  const payload = dig(data, "updateSAMLIdP");
  const refusal = textOf(dig(payload, "error"));
  if (refusal !== undefined) {
    throw new PlatformError("invalid", CALL, `The identity provider was not changed: ${tidyReason(refusal)}`);
  }
  const idp = dig(payload, "idp");
  if (isObject(idp)) return idp;
  const because = faults[0]?.message ?? "the answer is empty";
  const ambiguous = data !== undefined;
  throw new PlatformError(ambiguous ? "protocol" : "invalid", CALL, `${CALL} failed: ${because}`, { ambiguous });
}

function encode(node: JsonObject, { id, syncsRoles, mappings }: IdentityProviderRow): JsonObject {
  const domains = node["emailDomainsList"];
  return {
    id,
    ...pick(node, ["metadataUrl", "metadataXml", "enforceSaml", "signAuthn", "allowLoginWithDefaults"]),
    emailDomainsList: isList(domains) ? domains.map((entry) => ({ domain: dig(entry, "domain") ?? "" })) : [],
    syncUserRoles: syncsRoles,
    roleMappings: { mappingsList: mappings.map(encodeMapping) },
  };
}

/** What is not set is not sent: a server that has only one of two fields need not hear of the other. */
function pick(node: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.flatMap((name) => (node[name] == null ? [] : [[name, node[name]]])));
}

function encodeMapping(mapping: RoleMappingRow): JsonObject {
  const { id, organization } = mapping;
  return {
    ...(id === undefined ? {} : { id }),
    attributesMap: mapping.attributes,
    isAccountAdmin: mapping.isAccountAdmin,
    ...(organization === undefined
      ? {}
      : { orgRole: { orgId: organization.id, roleId: spellForGraphql(organization.role) } }),
    spaceRolesMap: mapping.spaceRoles.map(([space, role]) => [space, spellForGraphql(role)]),
    spaceRbacRolesMap: mapping.spaceCustomRoles,
  };
}

/** What must come back as it was sent; ids of new mappings are only known then, and a server may sort what is in a mapping. */
function describe({ syncsRoles, domains, mappings }: IdentityProviderRow): unknown {
  const sorted = (pairs: readonly (readonly [string, string])[]): readonly string[] =>
    pairs.map((pair) => JSON.stringify(pair)).sort();
  return {
    syncsRoles,
    domains,
    mappings: mappings.map(({ attributes, isAccountAdmin, organization, spaceRoles, spaceCustomRoles }) => ({
      attributes: sorted(attributes),
      isAccountAdmin,
      organization,
      spaceRoles: sorted(spaceRoles),
      spaceCustomRoles: sorted(spaceCustomRoles),
    })),
  };
}

/** Fields that no update says, or that it said as they were, and that are different afterwards all the same. */
const KEPT = [
  ...["metadataUrl", "metadataXml", "enforceSaml", "signAuthn", "allowLoginWithDefaults"],
  ...["defaultOrgId", "defaultOrgRoleId", "defaultSpaceId", "defaultSpaceRoleId"],
] as const;

function describeStrays(before: JsonObject, after: JsonObject): readonly string[] {
  const strays = KEPT.filter((name) => !isSameJson(before[name] ?? null, after[name] ?? null));
  return strays.map((name) => `The identity provider's ${name} changed with it; look at it in the web interface.`);
}
