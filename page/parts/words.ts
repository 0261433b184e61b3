import type { PageStep } from "../../src/page/page-model.ts";

/** The mark of each verb: read aloud as the word. */
export const MARKS: Readonly<Record<PageStep["op"], string>> = { create: "+", update: "~", delete: "−" };

/** `1 change`, `2 changes`. */
export function count(number: number, one: string, several: string = `${one}s`): string {
  return `${number.toLocaleString("en")} ${number === 1 ? one : several}`;
}

/** The kind of an address, and the names behind it as people read them. */
export function splitAddress(address: string): { readonly kind: string; readonly names: string } {
  const colon = address.indexOf(":");
  const names = address
    .slice(colon + 1)
    .split("/")
    .map((name) => name.replaceAll("%2F", "/").replaceAll("%25", "%"));
  return { kind: address.slice(0, colon), names: names.join(" / ") };
}

/** A value of a field: a set by its members, anything else as JSON. */
export function valueText(value: unknown): string {
  if (typeof value === "string") return value === "" ? '""' : value;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return JSON.stringify(value);
  const entries = Object.entries(value);
  const isSet = entries.length > 0 && entries.every(([, member]) => member === true);
  return isSet ? entries.map(([key]) => key).join(", ") : JSON.stringify(value);
}
