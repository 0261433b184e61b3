import type { Address } from "../model/address.ts";
import type { Hazard } from "../model/change.ts";
import type { DraftChange, Worlds } from "../model/kind.ts";
import type { World } from "../model/resource.ts";
import { isPredefinedRole, nameRole } from "./role-ref.ts";

/** Predefined roles from least to most; annotator is on no line with the others. */
const RANKS: Readonly<Record<string, number>> = { "read-only": 1, member: 2, admin: 3 };

/** The hazards of giving, changing or taking one person's role in one place, as far as the roles alone tell. */
export function judgeGrant(change: DraftChange, worlds: Worlds): readonly Hazard[] {
  const before = roleIn(change.before?.spec["role"]);
  const after = roleIn(change.after?.spec["role"]);
  switch (change.op) {
    case "create":
      return [{ code: "widens-access", detail: `${after === undefined ? "A role" : `The role ${after}`} is given.` }];
    case "delete":
      return [{ code: "removes-access", detail: `The role ${before === undefined ? "" : `${before} `}is taken away.` }];
    case "update":
      return judgeRoleChange(change, worlds);
  }
}

function judgeRoleChange(change: DraftChange, worlds: Worlds): readonly Hazard[] {
  const before = change.before?.spec["role"];
  const after = change.after?.spec["role"];
  if (change.before?.unknown?.includes("role") === true && before === undefined) {
    return [{ code: "blind", detail: "The role before cannot be read: setting it may lower it." }];
  }
  if (typeof before !== "string" || typeof after !== "string" || before === after) return [];
  const text = `${nameRole(before)} becomes ${nameRole(after)}.`;
  switch (compareRoles({ before, after }, worlds)) {
    case "more":
      return [{ code: "widens-access", detail: text }];
    case "less":
      return [{ code: "removes-access", detail: text }];
    case "incomparable":
      return [
        { code: "removes-access", detail: `${text} The new role may lack rights of the old one.` },
        { code: "widens-access", detail: text },
      ];
  }
}

/** Which of two roles holds more, as far as that is known. */
export function compareRoles(
  roles: { readonly before: string; readonly after: string },
  worlds: Worlds,
): "more" | "less" | "incomparable" {
  const { before, after } = roles;
  if (isPredefinedRole(before) && isPredefinedRole(after)) {
    const [from, to] = [RANKS[before], RANKS[after]];
    if (from === undefined || to === undefined) return "incomparable";
    return to > from ? "more" : "less";
  }
  // Admin by a predefined role is above every restriction, which no custom role is.
  if (after === "admin") return "more";
  if (before === "admin") return "less";
  return comparePermissions(permissionsOf(before, worlds.live), permissionsOf(after, worlds.planned));
}

function comparePermissions(
  before: ReadonlySet<string> | undefined,
  after: ReadonlySet<string> | undefined,
): "more" | "less" | "incomparable" {
  if (before === undefined || after === undefined) return "incomparable";
  const keepsAll = [...before].every((permission) => after.has(permission));
  if (keepsAll) return "more";
  return [...after].every((permission) => before.has(permission)) ? "less" : "incomparable";
}

/** What a role holds: undefined where its contents are not known, as for the predefined roles of spaces. */
function permissionsOf(role: string, world: World): ReadonlySet<string> | undefined {
  const held = world.get(role as Address)?.spec["permissions"];
  return held !== null && typeof held === "object" ? new Set(Object.keys(held)) : undefined;
}

function roleIn(value: unknown): string | undefined {
  return typeof value === "string" ? nameRole(value) : undefined;
}
