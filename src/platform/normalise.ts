import type { Json, JsonObject } from "../model/json.ts";
import type { Row } from "../model/platform.ts";
import { isList, isObject } from "./json-shape.ts";

const ROLES = new Set(["ADMIN", "MEMBER", "READ_ONLY", "ANNOTATOR"]);

/** Fields whose values are enumerations, with the values known. Any other value is kept as it came. */
const ENUMERATIONS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["status", new Set(["ACTIVE", "INVITED", "EXPIRED", "INACTIVE", "REVOKED"])],
  ["key_type", new Set(["USER", "SERVICE"])],
  ["resource_type", new Set(["SPACE", "PROJECT", "DASHBOARD"])],
  ["invite_mode", new Set(["NONE", "EMAIL_LINK", "TEMPORARY_PASSWORD"])],
]);

const ROLE_FIELDS: ReadonlySet<string> = new Set(["role", "account_role"]);
/** Objects and lists inside a row that carry roles themselves: the bot user of a service key, its organizations and spaces. */
const NESTED_FIELDS: ReadonlySet<string> = new Set(["bot_user", "organizations", "spaces"]);

/**
 * A REST row with the enumerations of older servers (`admin`, `read-only`, `deleted`) in today's spelling. Only fields known to be
 * enumerations are touched: names, descriptions, permissions and fields nobody has heard of stay as they came.
 */
export function normaliseRow(row: JsonObject): Row {
  let changed: Record<string, Json> | undefined;
  for (const field of Object.keys(row)) {
    const value = row[field] as Json;
    const normal = normaliseField(field, value);
    if (normal === value) continue;
    // Most rows have today's spelling: those are kept as they came, and not copied.
    changed ??= { ...row };
    changed[field] = normal;
  }
  return changed ?? row;
}

function normaliseField(field: string, value: Json): Json {
  if (ROLE_FIELDS.has(field)) return normaliseRole(value);
  if (NESTED_FIELDS.has(field)) return normaliseNested(value);
  const known = ENUMERATIONS.get(field);
  return known === undefined ? value : normaliseValue(value, known);
}

function normaliseNested(value: Json): Json {
  if (isList(value)) return value.map(normaliseNested);
  return isObject(value) ? normaliseRow(value) : value;
}

/** Roles are `{type, name}` or `{type, id, name}`; the bare spelling of a predefined one becomes the object it stands for. */
function normaliseRole(role: Json): Json {
  if (typeof role === "string") {
    const name = normaliseValue(role, ROLES);
    return ROLES.has(String(name)) ? { type: "PREDEFINED", name } : role;
  }
  if (!isObject(role)) return role;
  const type = normaliseValue(role["type"] ?? null, new Set(["PREDEFINED", "CUSTOM"]));
  // The name of a custom role is people's own text.
  if (type !== "PREDEFINED") return type === null || type === role["type"] ? role : { ...role, type };
  const name = normaliseValue(role["name"] ?? null, ROLES);
  return type === role["type"] && name === role["name"] ? role : { ...role, type, name };
}

function normaliseValue(value: Json, known: ReadonlySet<string>): Json {
  if (typeof value !== "string") return value;
  const spelled = value.replace(/-/g, "_").toUpperCase();
  const today = spelled === "DELETED" ? "REVOKED" : spelled;
  return known.has(today) ? today : value;
}

/** A role as manifests spell it (`read-only`) as GraphQL does (`readOnly`). */
export function spellForGraphql(role: string): string {
  return role === "read-only" ? "readOnly" : role;
}

/** A predefined role from GraphQL (`readOnly`) as manifests spell it (`read-only`); one that is not known stays as it came. */
export function spellRole(role: string): string {
  // Nearly all are spelt so.
  if (role === "member" || role === "admin") return role;
  const letters = role.replace(/[-_ ]/g, "").toLowerCase();
  if (letters === "readonly") return "read-only";
  return letters === "admin" || letters === "member" || letters === "annotator" ? letters : role;
}
