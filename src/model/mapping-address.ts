import { type Address, formatAddress, pathPart } from "./address.ts";
import { compareText } from "./json.ts";

/** The address of the identity provider of an e-mail domain. */
export function providerAddress(domain: string): Address<"saml-provider"> {
  return formatAddress("saml-provider", [domain.toLowerCase()]);
}

/**
 * The address of a role mapping: the domain of its identity provider and its condition, `saml-mapping:acme.io/team=ml&level=lead`
 * sorted. The platform keeps no name of a mapping; whom it is for is what tells it from the others.
 */
export function mappingAddress(
  domain: string,
  attributes: Iterable<readonly [name: string, value: string]>,
): Address<"saml-mapping"> {
  const parts = Array.from(attributes, ([name, value]) => `${escapeWord(name)}=${escapeWord(value)}`);
  return formatAddress("saml-mapping", [domain.toLowerCase(), parts.sort(compareText).join("&")]);
}

/** The attributes and values that the address of a role mapping says. */
export function conditionOf(address: Address): readonly (readonly [name: string, value: string])[] {
  return pathPart(address, 1)
    .split(BETWEEN_PARTS)
    .map((part) => {
      const words = part.split(BEFORE_VALUE);
      const wordAt = (index: number): string => plainWord(words[index] ?? "");
      return [wordAt(0), wordAt(1)];
    });
}

// Behind an even number of backslashes: these stand for themselves.
const BETWEEN_PARTS = /(?<=(?:^|[^\\])(?:\\\\)*)&/su;
const BEFORE_VALUE = /(?<=(?:^|[^\\])(?:\\\\)*)=/su;

function plainWord(word: string): string {
  return word.replace(/\\(.)/gsu, "$1");
}

function escapeWord(word: string): string {
  return word.replace(/[\\=&]/gu, "\\$&");
}
