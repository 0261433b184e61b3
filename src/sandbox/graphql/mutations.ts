import type { Actor } from "../account.ts";
import { findSpace, findUser } from "../lookups.ts";
import type { WantedRole } from "../memberships.ts";
import { assignSpaceRole, removeSpaceMember } from "../memberships.ts";
import { invalid } from "../problems.ts";
import { createOrganization } from "../routes/organizations.ts";
import { createSpace, deleteSpace, updateSpace } from "../routes/spaces.ts";
import { showCustomRole, showOrganization, showSpace, showUser } from "./objects.ts";
import { readRole, spellRole } from "./role-words.ts";
import { type IdpInput, runIdpMutation } from "./saml.ts";

interface Input<T> {
  readonly input: T & { readonly clientMutationId?: string | null };
}

interface MembershipWish {
  readonly userId: string;
  readonly spaceId: string;
  readonly role?: string | null;
  readonly customRoleId?: string | null;
}

/** Makes the root of a mutation for one caller; each field is one transaction under the same rules as REST. */
export function makeMutationRoot(actor: Actor): unknown {
  const { store } = actor.account;
  const within =
    <T>(work: (input: T) => object) =>
    ({ input }: Input<T>): object => ({
      ...store.transact(() => work(input)),
      clientMutationId: input.clientMutationId ?? null,
    });
  return {
    assignSpaceMembership: within((input: { readonly spaceMemberships: readonly MembershipWish[] }) => ({
      spaceMemberships: input.spaceMemberships.map((wish) => assign(actor, wish)),
    })),
    removeSpaceMember: within((input: { readonly spaceId: string; readonly userId: string }) => {
      const space = findSpace(actor, input.spaceId);
      removeSpaceMember(actor, space, findUser(actor.account, input.userId));
      return { space: showSpace(actor, space) };
    }),
    createOrganization: within((input: { readonly name: string; readonly description?: string | null }) => {
      requireName(input.name);
      const organization = createOrganization(actor, { name: input.name, description: input.description ?? "" });
      return { organization: showOrganization(actor, organization) };
    }),
    createSpace: within(
      (input: { readonly accountOrganizationId: string; readonly name: string; readonly private: boolean }) => {
        requireName(input.name);
        const wanted = { name: input.name, organization_id: input.accountOrganizationId, is_private: input.private };
        return { space: showSpace(actor, createSpace(actor, wanted)) };
      },
    ),
    updateSpace: within((input: SpaceUpdate) => ({ space: showSpace(actor, runUpdate(actor, input)) })),
    deleteSpace: within((input: { readonly spaceId: string }) => {
      const space = findSpace(actor, input.spaceId);
      deleteSpace(actor, space);
      return { spaceId: space.id };
    }),
    createSAMLIdP: within((input: IdpInput) => runIdpMutation(actor, input)),
    updateSAMLIdP: within((input: IdpInput & { readonly id: string }) => runIdpMutation(actor, input)),
  };
}

interface SpaceUpdate {
  readonly spaceId: string;
  readonly name?: string | null;
  readonly private?: boolean | null;
  readonly description?: string | null;
}

function runUpdate(actor: Actor, input: SpaceUpdate) {
  if (input.name != null) requireName(input.name);
  // Explicit nulls are what clients send for "not given".
  return updateSpace(actor, findSpace(actor, input.spaceId), {
    name: input.name ?? undefined,
    description: input.description ?? undefined,
    is_private: input.private ?? undefined,
  });
}

function assign(actor: Actor, wish: MembershipWish): unknown {
  const space = findSpace(actor, wish.spaceId);
  const user = findUser(actor.account, wish.userId);
  const membership = assignSpaceRole(actor, space, { user, role: readWanted(wish) });
  const { role } = membership;
  return {
    id: membership.id,
    role: role.type === "PREDEFINED" ? spellRole(role.name) : null,
    customRole: role.type === "CUSTOM" ? showCustomRole(actor.account.store.tables.roles.get(role.id)) : null,
    user: showUser(user),
  };
}

function readWanted(wish: MembershipWish): WantedRole {
  const name = wish.role == null ? undefined : readRole(wish.role);
  if (name !== undefined && wish.customRoleId == null) return { type: "PREDEFINED", name };
  if (name === undefined && wish.customRoleId != null) return { type: "CUSTOM", id: wish.customRoleId };
  throw invalid('Exactly one of "role" and "customRoleId" must be given.');
}

function requireName(name: string): void {
  if (name === "" || name.length > 255) throw invalid('"name" must have 1 to 255 characters.');
}
