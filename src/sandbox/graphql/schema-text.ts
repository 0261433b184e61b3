const PAGE = "first: Int, after: String, last: Int, before: String";

/** Gives the schema as text; names that no public source proves are assumed and marked so. */
export function describeSchema(hasOrgUserRole: boolean): string {
  return [OBJECTS, describeOrgUser(hasOrgUserRole), SAML, ENUMS, MUTATIONS, connections()].join("\n");
}

const OBJECTS = `
scalar DateTime
type Query { viewer: Viewer! account: Account! node(id: ID!): Node rateLimit: RateLimit! }
"Field types assumed."
type RateLimit { limit: Int! cost: Int! }
interface Node { id: ID! }
type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
type Viewer { id: ID! user: User! spaces(${PAGE}, search: String, sort: SpaceSort): SpaceConnection }
"Fields assumed."
input SpaceSort { column: String dir: String }
type Account {
  id: ID!
  name: String!
  createdAt: DateTime!
  organizations(${PAGE}, search: String): AccountOrganizationConnection
  users(${PAGE}, search: String): AccountUserConnection
  samlIdPs(${PAGE}): SAMLIdPConnection
  allSamlIdPs(${PAGE}, includeDeleted: Boolean): SAMLIdPConnection
}
type AccountOrganization implements Node {
  id: ID!
  name: String!
  createdAt: DateTime!
  description: String
  spaces(${PAGE}, search: String): SpaceConnection
  accountOrganizationUsers(${PAGE}): AccountOrganizationUserConnection
}
type Space implements Node {
  id: ID!
  name: String!
  createdAt: DateTime!
  description: String
  private: Boolean!
  spaceUsers(${PAGE}, search: String, userType: UserType): SpaceUserConnection
}
type SpaceUser {
  role: SpaceMemberRole
  membership: SpaceMembership!
  customRole: CustomRole
  user: User!
}
type CustomRole { id: ID! name: String! }
type User implements Node {
  id: ID!
  name: String
  email: String!
  status: UserStatus
  accountRole: AccountRole
  userType: UserType
  createdAt: DateTime
}
`;

function describeOrgUser(hasRole: boolean): string {
  const role = hasRole ? "role: AccountOrganizationRole" : "";
  return `
type AccountOrganizationUser { id: ID! user: User! ${role} }
${hasRole ? "enum AccountOrganizationRole { admin member readOnly annotator }" : ""}
`;
}

const SAML = `
type SAMLEmailDomain { id: ID! domain: String! validated: Boolean! }
type SAMLOrgRole { orgId: ID! roleId: String! }
type SAMLRoleMapping {
  id: ID!
  attributesMap: [[String!]!]
  isAccountAdmin: Boolean!
  orgRole: SAMLOrgRole
  spaceRolesMap: [[String!]!]
  spaceRbacRolesMap: [[String!]!]
}
type SAMLIdP {
  id: ID!
  accountId: ID!
  emailDomainsList: [SAMLEmailDomain!]!
  metadataUrl: String
  metadataXml: String
  defaultOrgId: ID
  defaultOrgRoleId: String
  defaultSpaceId: ID
  defaultSpaceRoleId: String
  enforceSaml: Boolean!
  syncUserRoles: Boolean!
  signAuthn: Boolean!
  allowLoginWithDefaults: Boolean!
  isManagedByFile: Boolean!
  roleMappings: [SAMLRoleMapping!]!
}
`;

const ENUMS = `
enum SpaceMembership { ACCOUNT_ADMIN ORGANIZATION_ADMIN EXPLICIT_MEMBERSHIP PUBLIC_MEMBERSHIP }
enum SpaceMemberRole { admin member readOnly annotator }
enum UserStatus { active inactive }
enum AccountRole { admin member annotator }
enum UserType { human bot }
`;

const SAML_INPUT = `
  metadataUrl: String
  metadataXml: String
  emailDomainsList: [SAMLEmailDomainInput!]
  enforceSaml: Boolean
  syncUserRoles: Boolean
  signAuthn: Boolean
  allowLoginWithDefaults: Boolean
  roleMappings: SAMLRoleMappingsInput
  clientMutationId: String
`;

const MUTATIONS = `
type Mutation {
  assignSpaceMembership(input: AssignSpaceMembershipMutationInput!): AssignSpaceMembershipMutationPayload
  removeSpaceMember(input: RemoveSpaceMemberMutationInput!): RemoveSpaceMemberMutationPayload
  createOrganization(input: CreateOrganizationMutationInput!): CreateOrganizationMutationPayload
  createSpace(input: CreateSpaceMutationInput!): CreateSpaceMutationPayload
  updateSpace(input: UpdateSpaceMutationInput!): UpdateSpaceMutationPayload
  deleteSpace(input: DeleteSpaceMutationInput!): DeleteSpaceMutationPayload
  createSAMLIdP(input: CreateSAMLIdPInput!): SAMLIdPPayload
  updateSAMLIdP(input: UpdateSAMLIdPInput!): SAMLIdPPayload
}
input SAMLEmailDomainInput { domain: String! }
input SAMLOrgRoleInput { orgId: ID! roleId: String! }
input SAMLRoleMappingInput {
  id: ID
  attributesMap: [[String!]!]!
  isAccountAdmin: Boolean
  orgRole: SAMLOrgRoleInput
  spaceRolesMap: [[String!]!]
  spaceRbacRolesMap: [[String!]!]
}
input SAMLRoleMappingsInput { mappingsList: [SAMLRoleMappingInput!]! }
input CreateSAMLIdPInput { ${SAML_INPUT} }
input UpdateSAMLIdPInput { id: ID! ${SAML_INPUT} }
"One payload for both; its name is assumed."
type SAMLIdPPayload { idp: SAMLIdP error: String clientMutationId: String }
input SpaceMembershipInput { userId: ID! spaceId: ID! role: SpaceMemberRole customRoleId: ID }
input AssignSpaceMembershipMutationInput { spaceMemberships: [SpaceMembershipInput!]! clientMutationId: String }
input RemoveSpaceMemberMutationInput { spaceId: ID! userId: ID! clientMutationId: String }
input CreateOrganizationMutationInput { name: String! description: String clientMutationId: String }
input CreateSpaceMutationInput {
  accountOrganizationId: ID!
  name: String!
  private: Boolean!
  clientMutationId: String
}
input UpdateSpaceMutationInput {
  spaceId: ID!
  name: String
  private: Boolean
  description: String
  gradientStartColor: String
  gradientEndColor: String
  mlModelsEnabled: Boolean
  clientMutationId: String
}
input DeleteSpaceMutationInput { spaceId: ID! clientMutationId: String }
type AssignedSpaceMembership { id: ID! role: SpaceMemberRole customRole: CustomRole user: User! }
type AssignSpaceMembershipMutationPayload {
  spaceMemberships: [AssignedSpaceMembership!]!
  clientMutationId: String
}
type RemoveSpaceMemberMutationPayload { space: Space clientMutationId: String }
type CreateOrganizationMutationPayload { organization: AccountOrganization clientMutationId: String }
type CreateSpaceMutationPayload { space: Space clientMutationId: String }
type UpdateSpaceMutationPayload { space: Space clientMutationId: String }
"Payload assumed; the public material names only the mutation."
type DeleteSpaceMutationPayload { spaceId: ID clientMutationId: String }
`;

function connections(): string {
  const names = [
    ["Space", "Space", ""],
    ["SpaceUser", "SpaceUser", "totalCount: Int!"],
    ["AccountOrganization", "AccountOrganization", ""],
    ["AccountOrganizationUser", "AccountOrganizationUser", ""],
    ["AccountUser", "User", ""],
    ["SAMLIdP", "SAMLIdP", ""],
  ] as const;
  return names
    .map(
      ([name, node, more]) => `
type ${name}Edge { cursor: String! node: ${node}! }
type ${name}Connection { ${more} pageInfo: PageInfo! edges: [${name}Edge!]! }`,
    )
    .join("\n");
}
