import { type Address, pathPart } from "../model/address.ts";
import type { Json } from "../model/json.ts";
import type { Spec } from "../model/resource.ts";
import type { PlainValue } from "./edit-plain.ts";
import { matchPermissions } from "./resolve-permissions.ts";
import type { TreeNode } from "./tree.ts";

/** Thrown inside a plan of edits for what a manifest cannot say; the message is a clause for people. */
export class NotWritable extends Error {}

/** A text or truth value as a manifest writes it. */
export function plainOf(value: Json | undefined): PlainValue {
  if (typeof value === "string" || typeof value === "boolean") return value;
  throw new NotWritable("what is there cannot be written as one value");
}

/** The role of a live grant as a manifest writes it. */
export function grantValue(spec: Readonly<Record<string, Json | undefined>>): string {
  const { role, also } = spec;
  if (typeof role !== "string") throw new NotWritable("the account does not show the role");
  if (typeof also === "string") throw new NotWritable("a person has one role in one place, and there are two");
  return role.startsWith("role:") ? pathPart(role as Address, 0) : role;
}

/** What a manifest lists for something that is there: no more than the kind needs, so that what is in it stays unmanaged. */
export function sectionEntry(kind: string, spec: Spec): PlainValue {
  if (["org-member", "space-member", "binding"].includes(kind)) return grantValue(spec);
  if (kind === "service-key") throw new NotWritable("nobody here knows the secret of a key that was made elsewhere");
  const { description, private: isPrivate, permissions } = spec;
  return {
    ...(typeof description === "string" && description !== "" ? { description } : {}),
    ...(isPrivate === true ? { private: true } : {}),
    ...(permissions === undefined ? {} : { permissions: membersOf(permissions) }),
  };
}

/** How a list of permissions and patterns comes to stand for a set: entries that give more go, what no entry gives is added. */
export function listRights(
  list: TreeNode | undefined,
  live: Json | undefined,
): readonly ({ readonly remove: number } | { readonly append: string })[] {
  const wanted = membersOf(live);
  const items = list?.kind === "list" ? list.items : [];
  const given = items.map((item) => (item.kind === "scalar" ? matchPermissions(String(item.value)) : []));
  const isKept = given.map((rights) => rights.every((right) => wanted.includes(right)));
  const kept = new Set(given.flatMap((rights, index) => (isKept[index] ? rights : [])));
  return [
    ...items.flatMap((_, index) => (isKept[index] ? [] : [{ remove: index }])),
    ...wanted.filter((right) => !kept.has(right)).map((right) => ({ append: right })),
  ];
}

/** The members of a set, which a spec holds as an object of trues. */
function membersOf(value: Json | undefined): readonly string[] {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value).sort() : [];
}
