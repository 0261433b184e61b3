import type { KindName } from "../model/address.ts";
import type { ChangeOp } from "../model/change.ts";

/** What a key must hold so that one call is let through, as far as the vendor tells. An admin of the place, or above it, always may. */
export interface WriteNeed {
  /** Where it must be held. */
  readonly scope: "account" | "organization" | "space";
  /** The permission that lets it through as well; undefined: only an admin may. */
  readonly permission?: string;
  /** Roles of the organization with which it may be done, beside its admins. */
  readonly organizationRoles?: readonly string[];
  /** True where a role on a project may let it through as well, or the key may have made the thing itself. */
  readonly byOtherMeans?: true;
  /** True where developer access is needed beside it. */
  readonly developer?: true;
}

type Needs = Readonly<Record<ChangeOp, WriteNeed>>;

/** What each kind takes to be made, changed and removed. */
export const WRITE_NEEDS: Readonly<Record<KindName, Needs>> = {
  role: needAll("account", ["ROLE_CREATE", "ROLE_UPDATE", "ROLE_DELETE"]),
  organization: {
    ...needAll("account", ["ORGANIZATION_CREATE", "ORGANIZATION_UPDATE", "ORGANIZATION_DELETE"]),
    update: { scope: "organization", permission: "ORGANIZATION_UPDATE" },
  },
  space: {
    ...needAll("space", ["SPACE_CREATE", "SPACE_UPDATE", "SPACE_DELETE"]),
    create: { scope: "organization", permission: "SPACE_CREATE", organizationRoles: ["member"] },
  },
  user: needAll("account", ["USER_CREATE", "USER_UPDATE", "USER_DELETE"]),
  project: needAll("space", ["PROJECT_CREATE", "PROJECT_UPDATE", "PROJECT_DELETE"], { byOtherMeans: true }),
  "org-member": needAll("organization", []),
  "space-member": needAll("space", ["ROLE_BINDING_CREATE", "ROLE_BINDING_CREATE", "ROLE_BINDING_DELETE"]),
  binding: needAll("space", ["ROLE_BINDING_CREATE", "ROLE_BINDING_CREATE", "ROLE_BINDING_DELETE"], {
    byOtherMeans: true,
  }),
  restriction: needAll("space", ["PROJECT_RESTRICT", "PROJECT_RESTRICT", "PROJECT_RESTRICT"], { byOtherMeans: true }),
  "service-key": {
    create: { scope: "space", permission: "SERVICE_KEY_CREATE", developer: true },
    update: { scope: "space", byOtherMeans: true, developer: true },
    delete: { scope: "space", byOtherMeans: true },
  },
  "saml-provider": needAll("account", []),
  "saml-mapping": needAll("account", []),
};

function needAll(
  scope: WriteNeed["scope"],
  [create, update, remove]: readonly string[],
  more: Pick<WriteNeed, "byOtherMeans"> = {},
): Needs {
  const need = (permission: string | undefined): WriteNeed => ({ scope, ...(permission && { permission }), ...more });
  return { create: need(create), update: need(update), delete: need(remove) };
}
