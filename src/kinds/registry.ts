import type { Kind } from "../model/kind.ts";
import { customRole } from "./custom-role.ts";
import { serviceKey } from "./key.ts";
import { orgMembership } from "./org-membership.ts";
import { organization } from "./organization.ts";
import { project } from "./project.ts";
import { projectRestriction } from "./project-restriction.ts";
import { roleBinding } from "./role-binding.ts";
import { samlMapping } from "./saml-mapping.ts";
import { samlProvider } from "./saml-provider.ts";
import { space } from "./space.ts";
import { spaceMembership } from "./space-membership.ts";
import { user } from "./user.ts";

/** Every kind, in the order in which things are made; they are removed in the opposite one. */
export const KINDS: readonly Kind[] = [
  customRole,
  organization,
  space,
  user,
  project,
  orgMembership,
  spaceMembership,
  roleBinding,
  projectRestriction,
  serviceKey,
  samlProvider,
  samlMapping,
];
