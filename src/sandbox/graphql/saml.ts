import { isAccountAdmin } from "../access.ts";
import type { Account, Actor } from "../account.ts";
import { makeId } from "../ids.ts";
import { findOrganization, findRole, findSpace } from "../lookups.ts";
import { forbidden, invalid, notFound, Refusal } from "../problems.ts";
import { canonicalId } from "../query-parameters.ts";
import type { MemberRole, SamlIdpRow, SamlMapping } from "../rows.ts";
import { readRole, spellRole } from "./role-words.ts";

/** What both mutations take (documented); what an update leaves out is off, or gone. */
export interface IdpInput {
  readonly id?: string;
  readonly metadataUrl?: string | null;
  readonly metadataXml?: string | null;
  readonly emailDomainsList?: readonly { readonly domain: string }[] | null;
  readonly enforceSaml?: boolean | null;
  readonly syncUserRoles?: boolean | null;
  readonly signAuthn?: boolean | null;
  readonly allowLoginWithDefaults?: boolean | null;
  readonly roleMappings?: { readonly mappingsList: readonly MappingInput[] } | null;
}

interface MappingInput {
  readonly id?: string | null;
  readonly attributesMap: readonly (readonly string[])[];
  readonly isAccountAdmin?: boolean | null;
  readonly orgRole?: { readonly orgId: string; readonly roleId: string } | null;
  readonly spaceRolesMap?: readonly (readonly string[])[] | null;
  readonly spaceRbacRolesMap?: readonly (readonly string[])[] | null;
}

/** Makes or replaces an identity provider; what is refused is told in the payload, as documented, and nothing changes. */
export function runIdpMutation(actor: Actor, input: IdpInput): object {
  try {
    return { idp: showIdp(actor.account, putIdp(actor, input)), error: null };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { idp: null, error: error.message };
  }
}

/** Shows an identity provider as the platform does. */
export function showIdp(account: Account, idp: SamlIdpRow): object {
  return {
    id: idp.id,
    accountId: makeId("Account", 1, account.store.settings().seed),
    emailDomainsList: idp.domains,
    metadataUrl: idp.metadata_url ?? null,
    metadataXml: idp.metadata_xml ?? null,
    enforceSaml: idp.enforce_saml,
    syncUserRoles: idp.sync_user_roles,
    signAuthn: idp.sign_authn,
    allowLoginWithDefaults: idp.allow_login_with_defaults,
    isManagedByFile: account.switches().samlManagedByFile,
    roleMappings: idp.mappings.map(showMapping),
  };
}

function showMapping(mapping: SamlMapping): object {
  const { org_role: granted } = mapping;
  return {
    id: mapping.id,
    attributesMap: mapping.attributes,
    isAccountAdmin: mapping.is_account_admin,
    orgRole: granted === undefined ? null : { orgId: granted.organization_id, roleId: spellRole(granted.role) },
    spaceRolesMap: mapping.space_roles.map(([space, role]) => [space, spellRole(role)]),
    spaceRbacRolesMap: mapping.space_rbac_roles,
  };
}

function putIdp(actor: Actor, input: IdpInput): SamlIdpRow {
  const { store, switches } = actor.account;
  if (!isAccountAdmin(actor)) throw forbidden();
  if (switches().samlManagedByFile) throw invalid("The configuration is managed by a file and is read-only.");
  const before = input.id === undefined ? undefined : store.tables.saml_idps.get(canonicalId(input.id, "SAMLIdP"));
  if (input.id !== undefined && before === undefined) throw notFound("Identity provider");
  const domains = readDomains(actor.account, input, before);
  const mappings = (input.roleMappings?.mappingsList ?? []).map((mapping) => readMapping(actor, mapping, before));
  requireWhole(input, mappings);
  requireOneKindOfRole(mappings);
  return store.put("saml_idps", {
    ...(before ?? store.next("SAMLIdP")),
    domains,
    metadata_url: input.metadataUrl ?? undefined,
    metadata_xml: input.metadataXml ?? undefined,
    enforce_saml: input.enforceSaml ?? false,
    sync_user_roles: input.syncUserRoles ?? false,
    sign_authn: input.signAuthn ?? false,
    allow_login_with_defaults: input.allowLoginWithDefaults ?? false,
    mappings,
  });
}

function requireWhole(input: IdpInput, mappings: readonly SamlMapping[]): void {
  if (input.metadataUrl == null && input.metadataXml == null) throw invalid("Metadata is required.");
  if (input.allowLoginWithDefaults !== true && mappings.length === 0) {
    throw invalid("At least one mapping is required unless logging in with defaults is allowed.");
  }
}

function readDomains(account: Account, input: IdpInput, before: SamlIdpRow | undefined): SamlIdpRow["domains"] {
  const names = (input.emailDomainsList ?? []).map(({ domain }) => domain.trim().toLowerCase());
  if (names.length === 0) throw invalid("At least one e-mail domain is required.");
  const taken = new Set<string>();
  for (const idp of account.store.tables.saml_idps.all()) {
    if (idp.id !== before?.id) for (const { domain } of idp.domains) taken.add(domain);
  }
  return names.map((domain) => {
    if (taken.has(domain)) throw invalid(`The domain "${domain}" belongs to another identity provider.`);
    const known = before?.domains.find((each) => each.domain === domain);
    return known ?? { id: account.store.next("SAMLEmailDomain").id, domain, validated: true };
  });
}

/** A mapping under an id that the provider does not have is refused; one without an id is new. */
function readMapping(actor: Actor, input: MappingInput, before: SamlIdpRow | undefined): SamlMapping {
  const { account } = actor;
  if (input.id != null && !before?.mappings.some(({ id }) => id === input.id)) throw notFound("Mapping");
  const spaceRoles = (input.spaceRolesMap ?? []).map(([space = "", role = ""]): readonly [string, MemberRole] => [
    findSpace(actor, space).id,
    requireRole(role),
  ]);
  const custom = (input.spaceRbacRolesMap ?? []).map(([space = "", role = ""]): readonly [string, string] => {
    const found = findRole(account, role);
    if (found.level !== "custom") throw invalid("Only custom roles can stand among the custom roles of spaces.");
    return [findSpace(actor, space).id, found.id];
  });
  const organization = input.orgRole ?? undefined;
  if (organization?.roleId === "admin" && spaceRoles.length + custom.length > 0) {
    throw invalid("A mapping to an organization admin cannot have roles in spaces.");
  }
  return {
    id: input.id ?? account.store.next("SAMLRoleMapping").id,
    attributes: input.attributesMap.map(([name = "", value = ""]) => [name, value] as const),
    is_account_admin: input.isAccountAdmin ?? false,
    org_role: organization && {
      organization_id: findOrganization(actor, organization.orgId).id,
      role: requireRole(organization.roleId),
    },
    space_roles: spaceRoles,
    space_rbac_roles: custom,
  };
}

function requireRole(word: string): MemberRole {
  const role = readRole(word);
  if (role === undefined) throw invalid(`There is no role "${word}".`);
  return role;
}

/** A space uses built-in roles or custom ones across all mappings, not both (documented). */
function requireOneKindOfRole(mappings: readonly SamlMapping[]): void {
  const builtIn = new Set(mappings.flatMap((mapping) => mapping.space_roles.map(([space]) => space)));
  const custom = mappings.flatMap((mapping) => mapping.space_rbac_roles.map(([space]) => space));
  if (custom.some((space) => builtIn.has(space))) {
    throw invalid("A space can use built-in or custom roles in mappings, not both.");
  }
}
