import type { Problems } from "./collect-problems.ts";
import { quoteName } from "./quote-name.ts";
import { normalizePattern } from "./read-address.ts";
import { normalizeEmail, normalizeWho } from "./read-email.ts";
import type { ListNode, MapEntry, MapNode } from "./tree.ts";

/** How several texts of one part become one. */
type Shape =
  /** May be written once. */
  | { readonly kind: "leaf" }
  /** Must be the same everywhere, which the schema ensures. */
  | { readonly kind: "same" }
  | { readonly kind: "concatenate" }
  | { readonly kind: "fields"; readonly fields: Readonly<Record<string, Shape>> }
  | { readonly kind: "named"; readonly each: Shape; readonly identity: (key: string) => string };

/**
 * Merges the trees of all files into one, in the order given. Organizations, spaces and projects may be opened again and
 * again; whatever holds a value may be written once. Keys that name a person are brought into lower case.
 */
export function mergeTrees(trees: readonly MapNode[], problems: Problems): MapNode {
  return mergeMaps(MANIFEST, trees, problems);
}

const LEAF: Shape = { kind: "leaf" };
const SAME: Shape = { kind: "same" };
const CONCATENATE: Shape = { kind: "concatenate" };

const BY_PERSON: Shape = { kind: "named", each: LEAF, identity: normalizeWho };
const MANAGE: Shape = named(LEAF);
const PROJECT: Shape = fields({ manage: MANAGE, bindings: BY_PERSON });
const SPACE: Shape = fields({
  manage: MANAGE,
  members: BY_PERSON,
  projects: named(PROJECT),
  service_keys: named(LEAF),
});
const ORGANIZATION: Shape = fields({ manage: MANAGE, members: BY_PERSON, spaces: named(SPACE) });
const MANIFEST: Shape = fields({
  version: SAME,
  manage: MANAGE,
  people: { kind: "named", each: LEAF, identity: normalizeEmail },
  groups: named(LEAF),
  roles: named(LEAF),
  organizations: named(ORGANIZATION),
  saml: { kind: "named", each: LEAF, identity: (domain) => domain.toLowerCase() },
  offboard: CONCATENATE,
  absent: CONCATENATE,
  ignore: CONCATENATE,
  protect: CONCATENATE,
  owners: { kind: "named", each: LEAF, identity: normalizePattern },
  policy: named(LEAF),
  assertions: CONCATENATE,
});

function fields(shapes: Readonly<Record<string, Shape>>): Shape {
  return { kind: "fields", fields: shapes };
}

function named(each: Shape): Shape {
  return { kind: "named", each, identity: (key) => key };
}

/** What several mappings have under one key, as the first of them spells it. */
interface Part {
  readonly key: string;
  readonly entries: MapEntry[];
}

function mergeMaps(shape: Shape, maps: readonly MapNode[], problems: Problems): MapNode {
  const [only, second] = maps;
  const isDone = only !== undefined && second === undefined && staysAsItIs(shape, only);
  return isDone ? only : mergeParts(shape, maps, problems);
}

function mergeParts(shape: Shape, maps: readonly MapNode[], problems: Problems): MapNode {
  const parts = new Map<string, Part>();
  for (const map of maps) {
    for (const [key, entry] of map.entries) {
      const identity = shape.kind === "named" ? shape.identity(key) : key;
      const part = parts.get(identity);
      if (part === undefined) parts.set(identity, { key, entries: [entry] });
      else part.entries.push(entry);
    }
  }
  const entries = new Map<string, MapEntry>();
  for (const [identity, part] of parts) {
    const merged = mergeEntries(shapeBelow(shape, part.key), part, problems);
    if (merged !== undefined) entries.set(identity, merged);
  }
  return { kind: "map", entries, at: maps[0]?.at ?? NOWHERE };
}

/** Whether a mapping that is written in one file alone is its own merger: whole values, and each key its own identity. */
function staysAsItIs(shape: Shape, { entries }: MapNode): boolean {
  if (shape.kind !== "named" || shape.each !== LEAF) return false;
  for (const key of entries.keys()) if (shape.identity(key) !== key) return false;
  return true;
}

const NOWHERE = { file: "", line: 1, column: 1, length: 1 };

function shapeBelow(shape: Shape, key: string): Shape {
  if (shape.kind === "named") return shape.each;
  if (shape.kind === "fields" && Object.hasOwn(shape.fields, key)) return shape.fields[key] ?? LEAF;
  return LEAF;
}

function mergeEntries(shape: Shape, { key, entries }: Part, problems: Problems): MapEntry | undefined {
  const [first, ...others] = entries;
  if (first === undefined) return undefined;
  switch (shape.kind) {
    case "same":
      return first;
    case "leaf":
      for (const other of others) {
        problems.report("AX201", {
          at: other.keyAt,
          detail: `${quoteName(key)} is already written elsewhere; only one of them could count.`,
          fix: "Remove one of them.",
          related: [{ at: first.keyAt, message: "It is first written here." }],
        });
      }
      return first;
    case "concatenate":
      return { keyAt: first.keyAt, value: joinLists(entries) };
    case "fields":
    case "named": {
      const maps = entries.map((entry) => entry.value).filter((value) => value.kind === "map");
      return { keyAt: first.keyAt, value: mergeMaps(shape, maps, problems) };
    }
  }
}

function joinLists(entries: readonly MapEntry[]): ListNode {
  const items = entries.flatMap((entry) => (entry.value.kind === "list" ? entry.value.items : []));
  return { kind: "list", items, at: entries[0]?.value.at ?? NOWHERE };
}
