import { holdsOnSpace, isSpaceAdmin } from "./access.ts";
import type { Account, Actor } from "./account.ts";
import { stampNow } from "./account.ts";
import { dropProjectBindings, dropSpaceAccess } from "./cascades.ts";
import { makeBareId } from "./ids.ts";
import { findRole } from "./lookups.ts";
import { forbidden, invalid, notFound, unprocessable } from "./problems.ts";
import type { MemberRole, ResourceType, RoleBindingRow, RoleRow, SpaceRow, UserRow } from "./rows.ts";
import { pairKey } from "./store.ts";

/** A role as the contract writes it in requests. */
export type WantedRole =
  | { readonly type: "PREDEFINED"; readonly name: MemberRole }
  | { readonly type: "CUSTOM"; readonly id: string };

/** A role as the contract writes it in answers. */
type ShownRole =
  | { readonly type: "PREDEFINED"; readonly name: MemberRole }
  | { readonly type: "CUSTOM"; readonly id: string; readonly name: string };

/** The result of giving somebody a role in a space. */
export interface SpaceMembership {
  readonly id: string;
  readonly user_id: string;
  readonly space_id: string;
  readonly role: ShownRole;
}

/** Keeps the membership ids made from bindings apart from those of membership rows. */
const CUSTOM_OFFSET = 1_000_000;

/** Adds a user to a space or changes the role there, as an actor with the right to (POST /v2/spaces/{id}/users). */
export function assignSpaceRole(
  actor: Actor,
  space: SpaceRow,
  wanted: { user: UserRow; role: WantedRole },
): SpaceMembership {
  const { account } = actor;
  const { user, role } = wanted;
  if (role.type === "PREDEFINED") {
    if (!isSpaceAdmin(actor, space)) throw forbidden();
    requireOrgMembership(account, space, user);
    requireAnnotatorMatch(user, role.name);
    return putPredefined(account, { space, user, role: role.name });
  }
  if (!holdsOnSpace(actor, space, "ROLE_BINDING_CREATE")) throw forbidden();
  const custom = findRole(account, role.id);
  requireBindable(account, custom, "SPACE");
  requireOrgMembership(account, space, user);
  requireAnnotatorMatch(user, undefined);
  return putCustom(account, { space, user, role: custom });
}

/** Removes a member from a space with both stores of access; 404 when not a member (documented). */
export function removeSpaceMember(actor: Actor, space: SpaceRow, user: UserRow): void {
  if (!holdsOnSpace(actor, space, "ROLE_BINDING_DELETE")) throw forbidden();
  if (!dropSpaceAccess(actor.account, space, user.id)) throw notFound("Space membership");
  if (actor.account.switches().spaceRemovalDropsProjectBindings) dropProjectBindings(actor.account, space, user.id);
}

/** Stores a predefined space role without asking who wants it; the other store is left or cleared by switch. */
export function putPredefined(
  account: Account,
  grant: { readonly space: SpaceRow; readonly user: UserRow; readonly role: MemberRole },
): SpaceMembership {
  const { store } = account;
  const key = pairKey(grant.space.id, grant.user.id);
  const member = store.put("space_members", {
    ...(store.tables.space_members.one("pair", key) ?? store.next("SpaceMember")),
    space_id: grant.space.id,
    user_id: grant.user.id,
    role: grant.role,
  });
  const binding = store.tables.role_bindings.one("pair", key);
  if (binding !== undefined && !account.switches().predefinedSwitchLeavesBinding)
    store.drop("role_bindings", binding.id);
  return {
    id: member.id,
    user_id: grant.user.id,
    space_id: grant.space.id,
    role: { type: "PREDEFINED", name: grant.role },
  };
}

/** Stores a custom space role without asking who wants it; the other store is left or cleared by switch. */
export function putCustom(
  account: Account,
  grant: { readonly space: SpaceRow; readonly user: UserRow; readonly role: RoleRow },
): SpaceMembership {
  const { store } = account;
  const { space, user, role } = grant;
  const key = pairKey(space.id, user.id);
  const binding = putBinding(account, { role, user, resource_type: "SPACE", resource_id: space.id });
  const row = store.tables.space_members.one("pair", key);
  if (row !== undefined && !account.switches().customSwitchLeavesRow) store.drop("space_members", row.id);
  const id = account.switches().customMembershipIdIsBindingId
    ? binding.id
    : makeBareId("SpaceMember", CUSTOM_OFFSET + binding.n);
  return { id, user_id: user.id, space_id: space.id, role: { type: "CUSTOM", id: role.id, name: role.name } };
}

/** Stores the one binding a user can have on a resource, new or changed. */
export function putBinding(
  account: Account,
  wanted: {
    readonly role: RoleRow;
    readonly user: UserRow;
    readonly resource_type: ResourceType;
    readonly resource_id: string;
  },
): RoleBindingRow {
  const { store } = account;
  const stamp = stampNow(account);
  const before = store.tables.role_bindings.one("pair", pairKey(wanted.resource_id, wanted.user.id));
  return store.put("role_bindings", {
    ...(before ?? { ...store.next("RoleBinding"), created_at: stamp }),
    role_id: wanted.role.id,
    user_id: wanted.user.id,
    resource_type: wanted.resource_type,
    resource_id: wanted.resource_id,
    updated_at: stamp,
  });
}

/** Refuses an annotator with another role, and another account role as annotator (documented: 400 both ways). */
export function requireAnnotatorMatch(user: UserRow, role: MemberRole | undefined): void {
  if ((user.role === "ANNOTATOR") === (role === "ANNOTATOR")) return;
  throw invalid(
    user.role === "ANNOTATOR"
      ? "A user with the account role ANNOTATOR can only be ANNOTATOR."
      : "Only a user with the account role ANNOTATOR can be ANNOTATOR.",
  );
}

/** Refuses a space role for somebody outside the organization (documented: 400, no automatic enrolment). */
export function requireOrgMembership(account: Account, space: SpaceRow, user: UserRow): void {
  const key = pairKey(space.organization_id, user.id);
  if (account.store.tables.org_members.one("pair", key) !== undefined) return;
  throw invalid("The user must belong to the organization of the space first.");
}

/** Refuses a predefined role where it cannot be bound (assumed: 422). */
export function requireBindable(account: Account, role: RoleRow, on: ResourceType): void {
  if (role.level === "custom") return;
  if (on === "PROJECT" && role.level === "project") return;
  if (on === "SPACE" && role.level === "space" && account.switches().predefinedRoleOnSpaceBinding) return;
  throw unprocessable(`The predefined role "${role.name}" cannot be bound to a ${on.toLowerCase()}.`);
}
