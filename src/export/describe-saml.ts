import { isWritable, isWritableAddress, isWritableDomain, isWritableWord, wordOfRole } from "../manifest/writable.ts";
import type { WrittenEntry, WrittenItem } from "../manifest/write-manifest.ts";
import { type Address, pathPart, pathText } from "../model/address.ts";
import type { JsonObject } from "../model/json.ts";
import type { RoleRef } from "../model/manifest.ts";
import type { Resource } from "../model/resource.ts";
import type { DescribedRoles } from "./describe-roles.ts";
import { type Omission, quote } from "./omission.ts";
import type { View } from "./view.ts";

/** The identity providers of an account with their role mappings, as a manifest writes them. */
export interface DescribedSaml {
  readonly entries: readonly WrittenEntry[];
  readonly omissions: readonly Omission[];
}

/** Describes every identity provider that goes by a domain, with whether it syncs roles and the mappings that can be written. */
export function describeSaml(view: View, { words }: Pick<DescribedRoles, "words">): DescribedSaml {
  const entries: WrittenEntry[] = [];
  const omissions: Omission[] = [];
  for (const provider of view.listIn("saml-provider", undefined)) {
    const domain = pathPart(provider.address, 0);
    if (isWritableDomain(domain)) {
      const mappings = [...view.listIn("saml-mapping", provider.address)].sort((a, b) => positionOf(a) - positionOf(b));
      const described = describeMappings(mappings, words);
      entries.push(writeProvider(domain, provider, described));
      omissions.push(...described.omissions);
    } else {
      omissions.push({
        address: provider.address,
        sentence: "An identity provider without an e-mail domain; no manifest can name it.",
        isLoss: true,
      });
    }
  }
  return { entries, omissions };
}

/** In the order of the account: of custom roles the first mapping that fits counts. */
function positionOf({ facts }: Resource): number {
  return Number(facts?.["position"]);
}

interface DescribedMappings {
  readonly items: readonly WrittenItem[];
  readonly omissions: readonly Omission[];
}

function writeProvider(domain: string, { spec, frozen }: Resource, described: DescribedMappings): WrittenEntry {
  const { items, omissions } = described;
  const isSynced = spec["sync"] === true;
  const comments = [
    ...(frozen === undefined ? [] : [frozen]),
    ...(isSynced ? ["Its mappings are applied at every login, and overwrite the memberships of its people."] : []),
    ...omissions.map(({ sentence }) => sentence),
  ];
  const mappings: WrittenEntry = { key: "mappings", value: { items }, comments: [] };
  return {
    key: domain,
    value: [{ key: "sync", value: isSynced, comments: [] }, ...(items.length === 0 ? [] : [mappings])],
    comments,
  };
}

function describeMappings(mappings: readonly Resource[], words: ReadonlyMap<string, string>): DescribedMappings {
  const items: WrittenItem[] = [];
  const omissions: Omission[] = [];
  /** Whether the role that is written for a space is a custom one. */
  const kinds = new Map<string, boolean>();
  for (const mapping of mappings) {
    const written = whyRefused(mapping, kinds) ?? writeMapping(mapping, words);
    if (typeof written === "object") {
      items.push(written);
      for (const [space, role] of listSpaces(mapping)) kinds.set(space, isCustom(role));
    } else {
      const sentence = `The role mapping for ${quote(pathPart(mapping.address, 1))} cannot be written: ${written}.`;
      omissions.push({ address: mapping.address, sentence, isLoss: true });
    }
  }
  return { items, omissions };
}

/** What the platform is documented to refuse, and a manifest with it; a clause. */
function whyRefused(mapping: Resource, known: ReadonlyMap<string, boolean>): string | undefined {
  const spaces = listSpaces(mapping);
  if (mapping.spec["organization_role"] === "admin" && spaces.length > 0) {
    return "it gives an organization admin roles in spaces";
  }
  const isMixed = spaces.some(([space, role]) => known.get(space) === !isCustom(role));
  return isMixed ? "it gives custom roles where others give predefined ones, or the other way round" : undefined;
}

function listSpaces({ spec }: Resource): readonly (readonly [string, string])[] {
  return Object.entries((spec["spaces"] ?? {}) as JsonObject).map(([space, role]) => [space, String(role)]);
}

function isCustom(role: string): boolean {
  return role.startsWith("role:");
}

/** A mapping as an item of a list, or a clause that says why it cannot be one. */
function writeMapping(mapping: Resource, words: ReadonlyMap<string, string>): WrittenItem | string {
  const { spec, facts } = mapping;
  const pairs = (facts?.["when"] ?? []) as readonly (readonly [string, string])[];
  if (pairs.length === 0) return "it fits everybody";
  if (new Set(pairs.map(([name]) => name)).size < pairs.length) return "it asks for one attribute twice";
  if (!pairs.flat().every(isWritableWord)) return "its condition has a text that is empty or cannot be stored";
  const place = writeOrganization(spec);
  const spaces = writeSpaces(mapping, words);
  if (place === undefined || spaces === undefined) return "it names a place or a role that cannot be written";
  const write = (list: readonly (readonly [string, string])[]): readonly WrittenEntry[] =>
    list.map(([key, value]) => ({ key, value, comments: [] }));
  const section = (key: string, list: readonly (readonly [string, string])[]): readonly WrittenEntry[] =>
    list.length === 0 ? [] : [{ key, value: write(list), comments: [], inline: true }];
  return [
    ...section("when", pairs),
    ...(spec["account_admin"] === true ? [{ key: "account_admin", value: true, comments: [] }] : []),
    ...section("organization", place),
    ...section("spaces", spaces),
  ];
}

type Pairs = readonly (readonly [string, string])[];

function writeOrganization(spec: Resource["spec"]): Pairs | undefined {
  const { organization, organization_role: role } = spec;
  if (organization === null) return [];
  if (typeof organization !== "string" || !organization.startsWith("organization:")) return undefined;
  const name = pathPart(organization as Address, 0);
  const word = wordOfRole("organization", role as RoleRef, new Map());
  return isWritable("name", name) && word !== undefined
    ? [
        ["name", name],
        ["role", word],
      ]
    : undefined;
}

function writeSpaces(mapping: Resource, words: ReadonlyMap<string, string>): Pairs | undefined {
  const pairs = listSpaces(mapping).map(([space, role]) => {
    const word = wordOfRole("space", role as RoleRef, words);
    return isWritableAddress(space as Address) && word !== undefined
      ? ([pathText(space as Address), word] as const)
      : undefined;
  });
  const written = pairs.filter((pair) => pair !== undefined);
  return written.length === pairs.length ? written : undefined;
}
