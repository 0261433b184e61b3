import { isWritable, isWritablePermission, isWritableRole } from "../manifest/writable.ts";
import type { WrittenEntry } from "../manifest/write-manifest.ts";
import { type Address, pathPart } from "../model/address.ts";
import type { JsonObject } from "../model/json.ts";
import type { Resource } from "../model/resource.ts";
import { type Omission, quote } from "./omission.ts";
import type { View } from "./view.ts";

/** The custom roles of an account as a manifest declares them. */
export interface DescribedRoles {
  /** By address. */
  readonly entries: ReadonlyMap<Address, WrittenEntry>;
  /** The word of each, by address. */
  readonly words: ReadonlyMap<string, string>;
  readonly omissions: readonly Omission[];
}

/** Describes every custom role; those of the platform are not anybody's to declare. */
export function describeRoles(view: View): DescribedRoles {
  const entries = new Map<Address, WrittenEntry>();
  const omissions: Omission[] = [];
  for (const role of view.listIn("role", undefined)) {
    const { address, builtin } = role;
    const name = pathPart(address, 0);
    if (builtin === true) continue;
    if (isWritableRole(name)) entries.set(address, describeRole(name, role));
    else
      omissions.push({
        address,
        sentence: `No manifest can declare a custom role called ${quote(name)}.`,
        isLoss: true,
      });
  }
  return { entries, words: new Map([...entries].map(([address, { key }]) => [address, key])), omissions };
}

function describeRole(name: string, { spec }: Resource): WrittenEntry {
  const description = describeText(String(spec["description"] ?? ""));
  const permissions = Object.keys((spec["permissions"] ?? {}) as JsonObject).sort();
  const comments = [...description.comments];
  const unknown = permissions.filter((permission) => !isWritablePermission(permission));
  const value = [...description.entries];
  if (permissions.length === 0)
    comments.push("It has no permission, which a manifest cannot say: what it holds is not managed.");
  else if (unknown.length > 0)
    comments.push(`What it holds is not managed, since this version does not know ${unknown.map(quote).join(", ")}.`);
  else value.push({ key: "permissions", value: permissions, comments: [] });
  return { key: name, value, comments };
}

/** A description as an entry; none where there is no text, or one that a manifest cannot hold. */
export function describeText(text: string): {
  readonly entries: readonly WrittenEntry[];
  readonly comments: readonly string[];
} {
  if (text === "") return { entries: [], comments: [] };
  if (isWritable("description", text)) {
    return { entries: [{ key: "description", value: text, comments: [] }], comments: [] };
  }
  return { entries: [], comments: ["Its description cannot be written here, and is not managed."] };
}
