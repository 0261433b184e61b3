import { PlatformError } from "../model/errors.ts";
import type { Json, JsonObject } from "../model/json.ts";
import type { IdentityProviderRow, MemberReading, RoleMappingRow } from "../model/platform.ts";
import { ENDLESS, type Holding } from "./allowance.ts";
import type { Graphql } from "./graphql.ts";
import { dig, isList, isObject, textOf } from "./json-shape.ts";
import { spellRole } from "./normalise.ts";

/** Everything of an identity provider that is read, and that an update must say again or is checked after it. */
export const PROVIDER_FIELDS: string = [
  "id emailDomainsList { domain } metadataUrl metadataXml defaultOrgId defaultOrgRoleId defaultSpaceId defaultSpaceRoleId",
  "enforceSaml syncUserRoles signAuthn allowLoginWithDefaults isManagedByFile",
  "roleMappings { id attributesMap isAccountAdmin orgRole { orgId roleId } spaceRolesMap spaceRbacRolesMap }",
].join(" ");

/** Entries of a page: with about 25 points each, two such pages would be too dear. */
const PAGE = 25;
const MOST_PAGES = 20;
const QUERY = `query IdentityProviders($after: String) { account { samlIdPs(first: ${PAGE}, after: $after) { pageInfo { hasNextPage endCursor } edges { node { ${PROVIDER_FIELDS} } } } } }`;

/** The identity providers of the account, or why they could not be read whole. Only an interruption throws. */
export async function readIdentityProviders(graphql: Graphql): Promise<MemberReading<IdentityProviderRow>> {
  try {
    const nodes = await fetchProviders(graphql);
    return { state: "complete", rows: nodes.map(readProvider) };
  } catch (error) {
    if (!(error instanceof PlatformError) || error.failure === "interrupted") throw error;
    return { state: "unreadable", because: error.message };
  }
}

/** Every identity provider as it came. Throws PlatformError where the list could not be read whole. */
export async function fetchProviders(graphql: Graphql): Promise<readonly JsonObject[]> {
  const holding = graphql.allowance.open("identity providers");
  try {
    const nodes = await fetchPages(graphql, holding);
    holding.keep();
    return nodes;
  } finally {
    holding.release();
  }
}

async function fetchPages(graphql: Graphql, holding: Holding): Promise<readonly JsonObject[]> {
  const nodes: JsonObject[] = [];
  let after: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { data, faults, characters } = await graphql.ask(QUERY, { after });
    const [fault] = faults;
    if (fault !== undefined) throw refuse(fault.message);
    if (!holding.take(characters)) throw refuse(`the list ${ENDLESS}`);
    const list = dig(data, "account", "samlIdPs");
    for (const node of readNodes(dig(list, "edges"))) nodes.push(node);
    if (dig(list, "pageInfo", "hasNextPage") === false) return nodes;
    const cursor = textOf(dig(list, "pageInfo", "endCursor"));
    if (cursor === undefined || cursor === after) throw refuse("the list goes on without a new cursor");
    after = cursor;
  }
  throw refuse(`the list did not end after ${MOST_PAGES} pages`);
}

function readNodes(edges: Json | undefined): readonly JsonObject[] {
  if (!isList(edges)) throw refuse("the list came without entries");
  return edges.map((edge) => {
    const node = dig(edge, "node");
    if (!isObject(node)) throw refuse("an entry came without content");
    return node;
  });
}

/** Reads one identity provider. Throws PlatformError for a shape that could not be written back without loss. */
export function readProvider(node: JsonObject): IdentityProviderRow {
  const id = textOf(node["id"]);
  const domains = node["emailDomainsList"];
  const mappings = node["roleMappings"];
  if (id === undefined || !isList(domains) || !isList(mappings)) throw refuse("an entry came without its parts");
  return {
    id,
    domains: domains.flatMap((entry) => textOf(dig(entry, "domain"))?.toLowerCase() ?? []).sort(),
    syncsRoles: node["syncUserRoles"] === true,
    allowsDefaults: node["allowLoginWithDefaults"] === true,
    isManagedByFile: node["isManagedByFile"] === true,
    mappings: mappings.map(readMapping),
  };
}

function readMapping(mapping: Json): RoleMappingRow {
  const id = textOf(dig(mapping, "id"));
  if (id === undefined) throw refuse("a mapping came without its id");
  const organization = textOf(dig(mapping, "orgRole", "orgId"));
  const organizationRole = textOf(dig(mapping, "orgRole", "roleId"));
  // A role in an organization without either could not be written back.
  if (isObject(dig(mapping, "orgRole")) && (organization === undefined || organizationRole === undefined)) {
    throw refuse("a mapping has a shape that is not known");
  }
  return {
    id,
    attributes: readPairs(dig(mapping, "attributesMap")),
    isAccountAdmin: dig(mapping, "isAccountAdmin") === true,
    organization:
      organization === undefined || organizationRole === undefined
        ? undefined
        : { id: organization, role: spellRole(organizationRole) },
    spaceRoles: readPairs(dig(mapping, "spaceRolesMap")).map(([space, role]) => [space, spellRole(role)] as const),
    spaceCustomRoles: readPairs(dig(mapping, "spaceRbacRolesMap")),
  };
}

/** A list of pairs of texts. Null and nothing both mean none; anything else could not be written back as it was. */
function readPairs(value: Json | undefined): readonly (readonly [string, string])[] {
  if (value === null || value === undefined) return [];
  if (!isList(value)) throw refuse("a mapping has a shape that is not known");
  return value.map((pair) => {
    const [first, second, ...more] = isList(pair) ? pair : [];
    if (typeof first !== "string" || typeof second !== "string" || more.length > 0) {
      throw refuse("a mapping has a shape that is not known");
    }
    return [first, second] as const;
  });
}

function refuse(because: string): PlatformError {
  return new PlatformError("protocol", "POST /graphql", `The identity providers could not be read: ${because}`);
}
