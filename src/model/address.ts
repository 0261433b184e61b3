import { compileStars } from "./fit-stars.ts";
import { compareText } from "./json.ts";

/** The names of the kinds of resource. The planner treats them as opaque words. */
export type KindName =
  | "user"
  | "role"
  | "organization"
  | "space"
  | "project"
  | "org-member"
  | "space-member"
  | "binding"
  | "restriction"
  | "service-key"
  | "saml-provider"
  | "saml-mapping";

/**
 * `kind:path`, the only way the project refers to a resource: names separated by `/`, percent-encoded only for `/`, `%`
 * and control characters. Never holds an id of the platform. E-mail addresses stand in lower case.
 */
export type Address<K extends string = string> = `${K}:${string}`;

/**
 * A class of resources that is read, and managed, as one: a kind within a parent, `space-member@space:Platform/alpha`,
 * or a kind in the whole account, `role@`.
 */
export type ClassKey = `${string}@${string}`;

/** Makes the address of a kind from plain names. */
export function formatAddress<K extends string>(kind: K, path: readonly string[]): Address<K> {
  let text = `${kind}:`;
  path.forEach((name, at) => {
    text += at === 0 ? encodeSegment(name) : `/${encodeSegment(name)}`;
  });
  return text as Address<K>;
}

/** The address of what has a plain name within a container, whose own names stay as they are written. */
export function addressIn<K extends string>(kind: K, container: Address, name: string): Address<K> {
  return `${kind}:${pathText(container)}/${encodeSegment(name)}`;
}

/** The address of a kind that has so many of an address's names from its beginning; names that it does not have are empty. */
export function addressAbove<K extends string>(kind: K, address: Address, names: number): Address<K> {
  const path = pathText(address);
  let end = -1;
  for (let found = 1; found <= names; found += 1) {
    end = path.indexOf("/", end + 1);
    if (end < 0) return `${kind}:${path}${"/".repeat(names - found)}`;
  }
  return `${kind}:${path.slice(0, end)}`;
}

/** Takes an address apart into its kind and its plain names; undefined when the text is not an address. */
export function parseAddress(text: string): { readonly kind: string; readonly path: readonly string[] } | undefined {
  const colon = text.indexOf(":");
  if (colon <= 0) return undefined;
  const segments = text.slice(colon + 1).split("/");
  if (segments.some((segment) => segment === "" || !isWellEncoded(segment))) return undefined;
  return { kind: text.slice(0, colon), path: segments.map(decodeSegment) };
}

/** The plain names of an address that is known to be well formed. */
export function pathOf(address: Address): readonly string[] {
  const names = pathText(address).split("/");
  return address.includes("%") ? names.map(decodeSegment) : names;
}

/** One plain name of an address, counted from 0, or from -1 backwards; empty where the address is not that long. */
export function pathPart(address: Address, at: number): string {
  // Addresses are asked for their last name more often than for all others together.
  return at === -1 ? decodeSegment(lastSegment(address)) : (pathOf(address).at(at) ?? "");
}

/** What stands behind the kind of an address, names still encoded: two addresses in one container share its beginning. */
export function pathText(address: Address): string {
  return address.slice(address.indexOf(":") + 1);
}

/** The kind of an address. */
export function kindOf(address: Address): string {
  return address.slice(0, address.indexOf(":"));
}

/** The class of a resource: its kind, within its parent if it has one. */
export function classKey(kind: string, parent: Address | undefined): ClassKey {
  return `${kind}@${parent ?? ""}`;
}

/** Takes the key of a class apart; no parent for what stands in the account itself. */
export function parseClassKey(key: ClassKey): { readonly kind: string; readonly parent: Address | undefined } {
  const at = key.indexOf("@");
  const parent = key.slice(at + 1);
  return { kind: key.slice(0, at), parent: parent === "" ? undefined : (parent as Address) };
}

/** Orders addresses by their text, code unit by code unit. */
export function compareAddresses(a: Address, b: Address): number {
  return compareText(a, b);
}

/**
 * Makes a test for an address pattern: `*` is any one segment (or part of one), `**` any number of segments.
 * A pattern without a kind, or with the kind `*`, fits every kind. Case matters.
 */
export function compileAddressPattern(pattern: string): (address: Address) => boolean {
  const colon = pattern.indexOf(":");
  const kind = colon < 0 ? "*" : pattern.slice(0, colon);
  const segments = pattern.slice(colon + 1).split("/");
  // Several in a row mean what one does.
  const parts = segments.filter((segment, index) => segment !== "**" || segments[index - 1] !== "**");
  const tests = parts.map((segment) => (segment === "**" ? undefined : compileStars(segment)));
  return (address) => {
    if (kind !== "*" && kindOf(address) !== kind) return false;
    return fitsPath(tests, pathText(address).split("/"));
  };
}

/** Undefined stands for any number of names, each of which must be one: two slashes in a row are no name. */
function fitsPath(tests: readonly (((name: string) => boolean) | undefined)[], names: readonly string[]): boolean {
  // Which beginnings of the names the tests so far fit.
  let fitting = [true, ...names.map(() => false)];
  for (const test of tests) {
    const before = fitting;
    fitting = before.map((fits) => test === undefined && fits);
    names.forEach((name, index) => {
      const goesOn = test === undefined ? fitting[index] === true && name !== "" : before[index] === true && test(name);
      if (goesOn) fitting[index + 1] = true;
    });
  }
  return fitting[names.length] === true;
}

/** What stands behind the last slash; without one, behind the kind. */
function lastSegment(address: Address): string {
  const slash = address.lastIndexOf("/");
  return address.slice((slash < 0 ? address.indexOf(":") : slash) + 1);
}

function encodeSegment(name: string): string {
  return name.search(ENCODED) < 0 ? name : name.replace(ENCODED, encodeCharacter);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what has to be encoded
const ENCODED = /[/%\u0000-\u001f\u007f-\u009f]/gu;

function encodeCharacter(character: string): string {
  const bytes = new TextEncoder().encode(character);
  return Array.from(bytes, (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
}

function decodeSegment(segment: string): string {
  return segment.includes("%") ? decodeURIComponent(segment) : segment;
}

function isWellEncoded(segment: string): boolean {
  if (!segment.includes("%")) return true;
  try {
    return encodeSegment(decodeURIComponent(segment)) === segment;
  } catch {
    return false;
  }
}
