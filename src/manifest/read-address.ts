import { type Address, formatAddress, type KindName, parseAddress } from "../model/address.ts";
import { normalizeEmail } from "./read-email.ts";

/** The kinds a manifest can name in an address, with the number of names in it and whether the last is an e-mail. */
export const ADDRESS_KINDS: Readonly<Record<KindName, { readonly names: number; readonly endsInPerson: boolean }>> = {
  user: { names: 1, endsInPerson: true },
  role: { names: 1, endsInPerson: false },
  organization: { names: 1, endsInPerson: false },
  space: { names: 2, endsInPerson: false },
  project: { names: 3, endsInPerson: false },
  "org-member": { names: 2, endsInPerson: true },
  "space-member": { names: 3, endsInPerson: true },
  binding: { names: 4, endsInPerson: true },
  restriction: { names: 3, endsInPerson: false },
  "service-key": { names: 3, endsInPerson: false },
  "saml-provider": { names: 1, endsInPerson: false },
  "saml-mapping": { names: 2, endsInPerson: false },
};

/** True when a word is a kind of address. */
export function isKindName(word: string): word is KindName {
  return Object.hasOwn(ADDRESS_KINDS, word);
}

/** Reads an address of a kind that a manifest can name; e-mails are brought into lower case. Undefined when it is none, or a pattern. */
export function readAddress(text: string): Address | undefined {
  const parsed = parseAddress(text);
  if (parsed === undefined || !isKindName(parsed.kind)) return undefined;
  const { names, endsInPerson } = ADDRESS_KINDS[parsed.kind];
  if (parsed.path.length !== names || parsed.path.some((name) => name === "*" || name === "**")) return undefined;
  const path = endsInPerson ? [...parsed.path.slice(0, -1), normalizeEmail(parsed.path.at(-1) ?? "")] : parsed.path;
  return formatAddress(parsed.kind, path);
}

/** Brings the e-mail at the end of a pattern into lower case, as addresses have it. */
export function normalizePattern(pattern: string): string {
  const slash = Math.max(pattern.lastIndexOf("/"), pattern.indexOf(":"));
  const kind = pattern.slice(0, Math.max(0, pattern.indexOf(":")));
  const last = pattern.slice(slash + 1);
  const isPerson = isKindName(kind) ? ADDRESS_KINDS[kind].endsInPerson : last.includes("@");
  return isPerson ? pattern.slice(0, slash + 1) + last.toLowerCase() : pattern;
}
