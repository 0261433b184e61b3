import type { JsonObject } from "../model/json.ts";
import type { OrganizationMemberRow, SpaceMemberRow } from "../model/platform.ts";
import { dig, isObject, textOf } from "./json-shape.ts";
import { spellRole } from "./normalise.ts";
import { makeRowPool, type PersonRow } from "./share-values.ts";

/** Parts of a member query that not every server knows; what is refused is left out from then on. */
export type OptionalPart = "first" | "after" | "totalCount" | "pageInfo" | "role" | "email" | "userType";

/** One kind of member list: where it hangs, what is asked of its entries, how they are read. */
export interface Roster<R> {
  /** `space`: for sentences. */
  readonly title: string;
  readonly typeName: string;
  readonly connection: string;
  readonly optional: ReadonlySet<OptionalPart>;
  /** Fields of an entry besides `user`. */
  entryFields(has: (part: OptionalPart) => boolean): readonly string[];
  /** undefined where the entry does not say who it is. */
  readEntry(entry: JsonObject): R | undefined;
  /** True for two entries that say the same of the same person. */
  isSame(one: R, other: R): boolean;
}

const EVERYWHERE: readonly OptionalPart[] = ["first", "after", "totalCount", "pageInfo", "email", "userType"];

const REASONS = ["ACCOUNT_ADMIN", "ORGANIZATION_ADMIN", "EXPLICIT_MEMBERSHIP", "PUBLIC_MEMBERSHIP"] as const;

/** `Space.spaceUsers`: everybody with access to a space, with the reason why. */
export const spaceRoster: Roster<SpaceMemberRow> = {
  title: "space",
  typeName: "Space",
  connection: "spaceUsers",
  optional: new Set(EVERYWHERE),
  entryFields: () => ["role", "membership", "customRole { id }"],
  readEntry: (entry) => {
    const person = readPerson(entry);
    if (person === undefined) return undefined;
    const { userId, email, userType } = person;
    return {
      userId,
      email,
      membership: REASONS.find((reason) => reason === entry["membership"]) ?? "UNKNOWN",
      role: readRole(entry),
      customRoleId: textOf(dig(entry, "customRole", "id")),
      userType,
    };
  },
  isSame: (one, other) =>
    isSamePerson(one, other) && one.membership === other.membership && one.customRoleId === other.customRoleId,
};

/** `AccountOrganization.accountOrganizationUsers`: the members of an organization; the role is not shown by every server. */
export const organizationRoster: Roster<OrganizationMemberRow> = {
  title: "organization",
  typeName: "AccountOrganization",
  connection: "accountOrganizationUsers",
  optional: new Set([...EVERYWHERE, "role"]),
  entryFields: (has) => (has("role") ? ["role"] : []),
  readEntry: (entry) => {
    const person = readPerson(entry);
    if (person === undefined) return undefined;
    const { userId, email, userType } = person;
    return { userId, email, role: readRole(entry), userType };
  },
  isSame: isSamePerson,
};

/** The same list, asked without some of what it can tell. */
export function leaveOut<R>(roster: Roster<R>, ...parts: readonly OptionalPart[]): Roster<R> {
  return { ...roster, optional: new Set([...roster.optional].filter((part) => !parts.includes(part))) };
}

function isSamePerson(one: OrganizationMemberRow, other: OrganizationMemberRow): boolean {
  return (
    one.userId === other.userId &&
    one.role === other.role &&
    one.userType === other.userType &&
    one.email === other.email
  );
}

/** The same lists; equal entries of all that are read are held once: in most of their places people have one of few roles. */
export function shareEntries<R extends PersonRow>(roster: Roster<R>): Roster<R> {
  const shareRow = makeRowPool<R>(roster.isSame);
  const readEntry = (entry: JsonObject): R | undefined => {
    const row = roster.readEntry(entry);
    return row && shareRow(row);
  };
  return { ...roster, readEntry };
}

function readRole(entry: JsonObject): string | undefined {
  const role = textOf(entry["role"]);
  return role === undefined ? undefined : spellRole(role);
}

function readPerson(entry: JsonObject): PersonRow | undefined {
  const user = entry["user"];
  const userId = isObject(user) ? textOf(user["id"]) : undefined;
  if (!isObject(user) || userId === undefined) return undefined;
  return { userId, email: textOf(user["email"]), userType: textOf(user["userType"])?.toLowerCase() };
}
