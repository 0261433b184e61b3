import { BASELINE_PERMISSIONS, LATER_PERMISSIONS } from "./permissions.ts";
import type { SandboxSwitches } from "./switches.ts";

/** A JSON schema. */
type Schema = Readonly<Record<string, unknown>>;

const MEMBER_ROLES = ["ADMIN", "MEMBER", "READ_ONLY", "ANNOTATOR"];
const ROLE_NAME_PATTERN = "^[a-zA-Z0-9 \\-_.,()[\\]'\"/:\\\\&@#$%!?+=]+$";

const id: Schema = { type: "string", minLength: 1 };
const name: Schema = { type: "string", minLength: 1, maxLength: 255 };
const keyName: Schema = { type: "string", minLength: 1, maxLength: 256 };
const description: Schema = { type: "string", maxLength: 1000 };
const clearable: Schema = { type: "string", maxLength: 1000, nullable: true };
const flag: Schema = { type: "boolean" };
const instant: Schema = { type: "string", format: "date-time" };

const accountRole = assignment(["ADMIN", "MEMBER", "ANNOTATOR"]);
const memberRole = assignment(MEMBER_ROLES);

/** The names of the request bodies, after their schemas in the 1.28.0 contract. */
export type BodyName =
  | "AddOrganizationUserRequest"
  | "AddSpaceUserRequest"
  | "CreateApiKeyRequest"
  | "CreateOrganizationRequest"
  | "CreateProjectRequest"
  | "CreateResourceRestrictionRequest"
  | "CreateRoleBindingRequest"
  | "CreateRoleRequest"
  | "CreateSpaceRequest"
  | "CreateUserRequest"
  | "RefreshApiKeyRequest"
  | "UpdateOrganizationRequest"
  | "UpdateProjectRequest"
  | "UpdateRoleBindingRequest"
  | "UpdateRoleRequest"
  | "UpdateSpaceRequest"
  | "UpdateUserRequest";

/** Gives the closed JSON schema of every access-related request body (documented; limits as in the contract). */
export function describeBodies(switches: SandboxSwitches): Readonly<Record<BodyName, Schema>> {
  const known = switches.laterPermissions ? [...BASELINE_PERMISSIONS, ...LATER_PERMISSIONS] : BASELINE_PERMISSIONS;
  const permissions: Schema = { type: "array", minItems: 1, items: { type: "string", enum: known } };
  const roleName: Schema = switches.roleNamePattern ? { ...name, pattern: ROLE_NAME_PATTERN } : name;
  const privacy = switches.spacePrivacyField ? { is_private: flag } : {};
  const developer = switches.developerFlagInUserCreate ? { is_developer: flag } : {};
  return {
    CreateUserRequest: closed(["name", "email", "role", "invite_mode"], {
      name,
      email: { type: "string", format: "email", maxLength: 255 },
      role: accountRole,
      invite_mode: { enum: ["NONE", "EMAIL_LINK", "TEMPORARY_PASSWORD"] },
      ...developer,
    }),
    UpdateUserRequest: partial({ name: { type: "string", maxLength: 257 }, is_developer: flag }),
    CreateOrganizationRequest: closed(["name"], { name, description }),
    UpdateOrganizationRequest: partial({ name, description: clearable }),
    AddOrganizationUserRequest: closed(["user_id", "role"], { user_id: id, role: memberRole }),
    CreateSpaceRequest: closed(["name", "organization_id"], {
      name,
      organization_id: id,
      description,
      ...privacy,
    }),
    UpdateSpaceRequest: partial({ name, description: clearable, ...privacy }),
    AddSpaceUserRequest: closed(["user_id", "role"], { user_id: id, role: memberRole }),
    CreateProjectRequest: closed(["name", "space_id"], { name, space_id: id }),
    UpdateProjectRequest: closed(["name"], { name }),
    CreateRoleRequest: closed(["name", "permissions"], { name: roleName, description, permissions }),
    UpdateRoleRequest: partial({ name: roleName, description: clearable, permissions }),
    CreateRoleBindingRequest: closed(["role_id", "user_id", "resource_type", "resource_id"], {
      role_id: id,
      user_id: id,
      resource_type: { enum: ["SPACE", "PROJECT"] },
      resource_id: id,
    }),
    UpdateRoleBindingRequest: closed(["role_id"], { role_id: id }),
    CreateResourceRestrictionRequest: closed(["resource_id"], { resource_id: id }),
    CreateApiKeyRequest: {
      type: "object",
      required: ["key_type"],
      discriminator: { propertyName: "key_type" },
      oneOf: [userKey(), serviceKey()],
    },
    RefreshApiKeyRequest: closed([], {
      expires_at: instant,
      grace_period_seconds: { type: "integer", minimum: 0, maximum: 86_400 },
    }),
  };
}

function userKey(): Schema {
  return closed(["key_type", "name"], { key_type: { const: "USER" }, name: keyName, description, expires_at: instant });
}

function serviceKey(): Schema {
  const space = closed(["space_id"], { space_id: id, role: memberRole });
  const organization = closed(["org_id", "spaces"], { org_id: id, role: memberRole, spaces: upToHundred(space) });
  return closed(["key_type", "name", "organizations"], {
    key_type: { const: "SERVICE" },
    name: keyName,
    description,
    expires_at: instant,
    account_role: accountRole,
    organizations: upToHundred(organization),
  });
}

function assignment(names: readonly string[]): Schema {
  return {
    type: "object",
    required: ["type"],
    discriminator: { propertyName: "type" },
    oneOf: [
      closed(["type", "name"], { type: { const: "PREDEFINED" }, name: { enum: names } }),
      closed(["type", "id"], { type: { const: "CUSTOM" }, id }),
    ],
  };
}

function closed(required: readonly string[], properties: Readonly<Record<string, Schema>>): Schema {
  return { type: "object", required, properties, additionalProperties: false };
}

function partial(properties: Readonly<Record<string, Schema>>): Schema {
  return { ...closed([], properties), minProperties: 1 };
}

function upToHundred(items: Schema): Schema {
  return { type: "array", minItems: 1, maxItems: 100, items };
}
