import { isAccountAdmin, seesOrganization, seesSpace } from "../access.ts";
import type { Actor } from "../account.ts";
import { makeBareId, makeId, readId } from "../ids.ts";
import { Refusal } from "../problems.ts";
import type { MemberRole, OrganizationRow, OrgMemberRow, RoleRow, Row, SpaceRow, UserRow } from "../rows.ts";
import type { PageArguments } from "./connections.ts";
import { makeConnection } from "./connections.ts";
import { spellRole } from "./role-words.ts";
import { showIdp } from "./saml.ts";
import type { SpaceUser } from "./space-users.ts";
import { listSpaceUsers } from "./space-users.ts";

interface SearchArguments extends PageArguments {
  readonly search?: string | null;
}

interface MemberArguments extends SearchArguments {
  readonly userType?: "human" | "bot" | null;
}

/** Makes the root of a query for one caller; each field is computed only when it is asked for. */
export function makeQueryRoot(actor: Actor, cost: number): unknown {
  const { account } = actor;
  const { store, switches } = account;
  const rows = <T extends Row>(all: Iterable<T>, isShown: (row: T) => boolean): readonly T[] =>
    [...all].filter(isShown);
  return {
    rateLimit: { limit: switches().complexityLimit ?? 2_147_483_647, cost },
    viewer: () => ({
      id: actor.user.id,
      user: showUser(actor.user),
      spaces: (args: SearchArguments) =>
        pageSpaces(
          actor,
          args,
          rows(store.tables.spaces.all(), (row) => seesSpace(actor, row)),
        ),
    }),
    account: () => ({
      id: makeId("Account", 1, store.settings().seed),
      name: store.settings().account_name,
      createdAt: store.settings().created_at,
      organizations: (args: SearchArguments) =>
        makeConnection(account, args, {
          field: "organizations",
          items: rows(
            store.tables.organizations.all(),
            (row) => seesOrganization(actor, row) && isFound(args, row.name),
          ),
          numberOf: (row) => row.n,
          show: (row) => showOrganization(actor, row),
        }),
      users: (args: SearchArguments) => pageUsers(actor, args),
      samlIdPs: (args: PageArguments) => pageIdps(actor, args, "samlIdPs"),
      allSamlIdPs: (args: PageArguments) => pageIdps(actor, args, "allSamlIdPs"),
    }),
    node: (args: { readonly id: string }) => findNode(actor, args.id),
  };
}

/** Shows an organization to one caller. */
export function showOrganization(actor: Actor, row: OrganizationRow): unknown {
  const { tables } = actor.account.store;
  return {
    __typename: "AccountOrganization",
    id: row.id,
    name: row.name,
    createdAt: row.created_at,
    description: row.description,
    spaces: (args: SearchArguments) => {
      const spaces = tables.spaces.find("organization", row.id).filter((space) => seesSpace(actor, space));
      return pageSpaces(actor, args, spaces);
    },
    accountOrganizationUsers: (args: PageArguments) => pageRoster(actor, row, args),
  };
}

/** Shows a space to one caller. */
export function showSpace(actor: Actor, row: SpaceRow): unknown {
  return {
    __typename: "Space",
    id: row.id,
    name: row.name,
    createdAt: row.created_at,
    description: row.description,
    private: row.is_private,
    spaceUsers: (args: MemberArguments) => pageSpaceUsers(actor, row, args),
  };
}

/** Shows a user; invitations count as active, since only deactivation is told apart (inferred). */
export function showUser(row: UserRow): unknown {
  return {
    __typename: "User",
    id: row.id,
    name: row.name,
    email: row.email,
    status: row.status === "INACTIVE" ? "inactive" : "active",
    accountRole: spellRole(row.role),
    userType: row.kind,
    createdAt: row.created_at,
  };
}

/** Shows a custom role by id and name. */
export function showCustomRole(row: RoleRow | undefined): unknown {
  return row === undefined ? null : { id: row.id, name: row.name };
}

function pageSpaces(actor: Actor, args: SearchArguments, spaces: readonly SpaceRow[]): unknown {
  return makeConnection(actor.account, args, {
    field: "spaces",
    items: spaces.filter((row) => isFound(args, row.name)),
    numberOf: (row) => row.n,
    show: (row) => showSpace(actor, row),
  });
}

function pageUsers(actor: Actor, args: SearchArguments): unknown {
  if (actor.user.role === "ANNOTATOR") throw new Refusal(403, "You do not have permission to list users.");
  return makeConnection(actor.account, args, {
    field: "users",
    items: [...actor.account.store.tables.users.all()].filter((row) => isFound(args, row.name, row.email)),
    numberOf: (row) => row.n,
    show: showUser,
  });
}

/** Identity providers are shown to account admins alone (assumed). */
function pageIdps(actor: Actor, args: PageArguments, field: string): unknown {
  const { account } = actor;
  return makeConnection(account, args, {
    field,
    items: isAccountAdmin(actor) ? [...account.store.tables.saml_idps.all()] : [],
    numberOf: (idp) => idp.n,
    show: (idp) => showIdp(account, idp),
  });
}

interface RosterEntry {
  readonly id: string;
  readonly user: UserRow;
  readonly role: MemberRole | undefined;
}

function pageRoster(actor: Actor, organization: OrganizationRow, args: PageArguments): unknown {
  const { store, switches } = actor.account;
  const members = store.tables.org_members.find("organization", organization.id);
  const listed: readonly RosterEntry[] = members.flatMap((member) => toRosterEntry(actor, member));
  const known = new Set(listed.map((entry) => entry.user.id));
  const admins = switches().accountAdminsInOrgRoster
    ? store.tables.users.find("role", "ADMIN").filter((user) => !known.has(user.id))
    : [];
  const inherited = admins.map((user) => ({
    id: makeBareId("AccountOrganizationMember", 1_000_000_000 + user.n),
    user,
    role: undefined,
  }));
  return makeConnection(actor.account, args, {
    field: "accountOrganizationUsers",
    items: [...listed, ...inherited],
    numberOf: (entry) => entry.user.n,
    show: (entry) => ({
      id: entry.id,
      user: showUser(entry.user),
      role: entry.role === undefined ? null : spellRole(entry.role),
    }),
  });
}

function toRosterEntry(actor: Actor, member: OrgMemberRow): readonly RosterEntry[] {
  const user = actor.account.store.tables.users.get(member.user_id);
  return user === undefined ? [] : [{ id: member.id, user, role: member.role }];
}

function pageSpaceUsers(actor: Actor, space: SpaceRow, args: MemberArguments): unknown {
  const { account } = actor;
  const isWanted = ({ user }: SpaceUser): boolean => {
    if (args.userType != null) return user.kind === args.userType;
    return user.kind === "human" || account.switches().botsInSpaceUsers;
  };
  return makeConnection(account, args, {
    field: "spaceUsers",
    items: listSpaceUsers(account, space).filter(
      (each) => isWanted(each) && isFound(args, each.user.name, each.user.email),
    ),
    numberOf: (each) => each.user.n,
    show: (each) => ({
      role: each.role === undefined ? null : spellRole(each.role),
      membership: each.membership,
      customRole: showCustomRole(each.customRole),
      user: showUser(each.user),
    }),
  });
}

function findNode(actor: Actor, text: string): unknown {
  const { tables } = actor.account.store;
  const id = readId(text)?.canonical ?? "";
  const organization = tables.organizations.get(id);
  if (organization !== undefined && seesOrganization(actor, organization)) return showOrganization(actor, organization);
  const space = tables.spaces.get(id);
  if (space !== undefined && seesSpace(actor, space)) return showSpace(actor, space);
  const user = tables.users.get(id);
  if (user !== undefined && (actor.user.role !== "ANNOTATOR" || user.id === actor.user.id)) return showUser(user);
  if (actor.account.switches().unreadableNode === "error") throw new Error("not found");
  return null;
}

function isFound(args: SearchArguments, ...texts: readonly string[]): boolean {
  const search = args.search?.toLowerCase() ?? "";
  return texts.some((text) => text.toLowerCase().includes(search));
}
