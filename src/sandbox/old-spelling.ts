const ENUM_NAMES: ReadonlySet<string> = new Set([
  "status",
  "invite_mode",
  "key_type",
  "resource_type",
  "operation_type",
]);

/** Rewrites an answer into the enum spelling from before July 2026: lower case, hyphens in role names, "deleted" keys. */
export function spellOld(value: unknown): unknown {
  return mapEnums(value, (text, isRoleName) => {
    if (text === "REVOKED") return "deleted";
    const lower = text.toLowerCase();
    return isRoleName ? lower.replaceAll("_", "-") : lower;
  });
}

/** Rewrites a request in the old or the new spelling into the new one. */
export function spellNew(value: unknown): unknown {
  return mapEnums(value, (text) => (text === "deleted" ? "REVOKED" : text.toUpperCase().replaceAll("-", "_")));
}

function mapEnums(value: unknown, spell: (text: string, isRoleName: boolean) => string): unknown {
  if (Array.isArray(value)) return value.map((each) => mapEnums(each, spell));
  if (typeof value !== "object" || value === null) return value;
  const type: unknown = "type" in value ? value.type : undefined;
  const isAssignment = typeof type === "string" && /^(predefined|custom)$/i.test(type);
  const entries = Object.entries(value).map(([name, inner]: [string, unknown]) => {
    const isRoleName = isAssignment && name === "name" && String(type).toUpperCase() === "PREDEFINED";
    const isEnum = ENUM_NAMES.has(name) || isRoleName || (isAssignment && name === "type");
    if (isEnum && typeof inner === "string") return [name, spell(inner, isRoleName)];
    return [name, mapEnums(inner, spell)];
  });
  return Object.fromEntries(entries);
}
