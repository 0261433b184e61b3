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
  return splitUnescaped(pathPart(address, 1), "&").map((part) => {
    const [name = "", value = ""] = splitUnescaped(part, "=");
    return [plainWord(name), plainWord(value)];
  });
}

function splitUnescaped(text: string, separator: "&" | "="): readonly string[] {
  const parts = [""];
  for (const [piece] of text.matchAll(/\\.|[^\\]/gsu)) {
    if (piece === separator) parts.push("");
    else parts.push(`${parts.pop() ?? ""}${piece}`);
  }
  return parts;
}

function plainWord(word: string): string {
  return word.replace(/\\(.)/gsu, "$1");
}

function escapeWord(word: string): string {
  return word.replace(/[\\=&]/gu, "\\$&");
}
