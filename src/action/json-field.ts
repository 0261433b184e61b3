/** A value within a JSON value, by the names on the way to it; undefined where one of them is missing. */
export function fieldOf(value: unknown, ...names: readonly string[]): unknown {
  return names.reduce<unknown>(
    (current, name) =>
      typeof current === "object" && current !== null
        ? (current as Readonly<Record<string, unknown>>)[name]
        : undefined,
    value,
  );
}

/** A text there; "" where there is none. */
export function textOf(value: unknown, ...names: readonly string[]): string {
  const found = fieldOf(value, ...names);
  return typeof found === "string" ? found : "";
}

/** A number there; 0 where there is none. */
export function numberOf(value: unknown, ...names: readonly string[]): number {
  const found = fieldOf(value, ...names);
  return typeof found === "number" ? found : 0;
}

/** A list there; empty where there is none. */
export function listOf(value: unknown, ...names: readonly string[]): readonly unknown[] {
  const found = fieldOf(value, ...names);
  return Array.isArray(found) ? found : [];
}

/** The JSON of a text; undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
