import type { Route } from "../routing.ts";
import { apiKeyRoutes } from "./api-keys.ts";
import { auditLogRoutes } from "./audit-logs.ts";
import { organizationUserRoutes } from "./organization-users.ts";
import { organizationRoutes } from "./organizations.ts";
import { projectRoutes } from "./projects.ts";
import { restrictionRoutes } from "./restrictions.ts";
import { roleBindingRoutes } from "./role-bindings.ts";
import { roleRoutes } from "./roles.ts";
import { spaceUserRoutes } from "./space-users.ts";
import { spaceRoutes } from "./spaces.ts";
import { userRoutes } from "./users.ts";

/** Every access-related REST operation of the 1.28.0 contract. */
export const allRoutes: readonly Route[] = [
  ...userRoutes,
  ...organizationRoutes,
  ...organizationUserRoutes,
  ...spaceRoutes,
  ...spaceUserRoutes,
  ...projectRoutes,
  ...roleRoutes,
  ...roleBindingRoutes,
  ...restrictionRoutes,
  ...apiKeyRoutes,
  ...auditLogRoutes,
];
