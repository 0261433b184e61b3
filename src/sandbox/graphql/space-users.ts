import type { Account } from "../account.ts";
import type { MemberRole, RoleRow, SpaceRow, UserRow } from "../rows.ts";
import { pairKey } from "../store.ts";

/** Why somebody has access to a space (documented enum). */
type Membership = "ACCOUNT_ADMIN" | "ORGANIZATION_ADMIN" | "EXPLICIT_MEMBERSHIP" | "PUBLIC_MEMBERSHIP";

/** One person or bot with access to a space. */
export interface SpaceUser {
  readonly user: UserRow;
  readonly membership: Membership;
  readonly role: MemberRole | undefined;
  readonly customRole: RoleRow | undefined;
}

/** Lists everybody with access to a space, each once, with the strongest reason (documented: admins never added included). */
export function listSpaceUsers(account: Account, space: SpaceRow): readonly SpaceUser[] {
  const { tables } = account.store;
  const ids = new Set<string>(tables.users.find("role", "ADMIN").map((user) => user.id));
  for (const member of tables.org_members.find("organization", space.organization_id)) {
    if (member.role === "ADMIN" || !space.is_private) ids.add(member.user_id);
  }
  for (const member of tables.space_members.find("space", space.id)) ids.add(member.user_id);
  for (const binding of tables.role_bindings.find("resource", space.id)) ids.add(binding.user_id);
  return [...ids].flatMap((id) => {
    const user = tables.users.get(id);
    return user === undefined || user.status === "INACTIVE" ? [] : [describeMember(account, space, user)];
  });
}

function describeMember(account: Account, space: SpaceRow, user: UserRow): SpaceUser {
  const { tables } = account.store;
  const { adminsHideExplicitMembership, bothStoresShown } = account.switches();
  const key = pairKey(space.id, user.id);
  const row = tables.space_members.one("pair", key);
  const binding = tables.role_bindings.one("pair", key);
  const isExplicit = row !== undefined || binding !== undefined;
  const inherited = findInheritedAdmin(account, space, user);
  const nothing = { user, role: undefined, customRole: undefined };
  if (inherited !== undefined && (!isExplicit || adminsHideExplicitMembership))
    return { ...nothing, membership: inherited };
  if (!isExplicit) return { ...nothing, membership: "PUBLIC_MEMBERSHIP" };
  const isInBoth = row !== undefined && binding !== undefined;
  return {
    user,
    membership: "EXPLICIT_MEMBERSHIP",
    role: isInBoth && bothStoresShown === "custom" ? undefined : row?.role,
    customRole:
      binding === undefined || (isInBoth && bothStoresShown === "predefined")
        ? undefined
        : tables.roles.get(binding.role_id),
  };
}

function findInheritedAdmin(account: Account, space: SpaceRow, user: UserRow): Membership | undefined {
  if (user.role === "ADMIN") return "ACCOUNT_ADMIN";
  const member = account.store.tables.org_members.one("pair", pairKey(space.organization_id, user.id));
  return member?.role === "ADMIN" ? "ORGANIZATION_ADMIN" : undefined;
}
