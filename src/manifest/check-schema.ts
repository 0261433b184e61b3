import type { Position } from "../model/diagnostic.ts";
import type { Problems } from "./collect-problems.ts";
import type { SchemaTest } from "./compile-schema.ts";
import { explainFault } from "./explain-fault.ts";
import type { SchemaFault } from "./schema-fault.ts";
import { suggestWord } from "./suggest-word.ts";
import { type MapNode, plainValueOf, type TreeNode } from "./tree.ts";

/** Reports every place where one file departs from the manifest's schema. */
export function checkSchema(test: SchemaTest, tree: MapNode, problems: Problems): void {
  const faults = test(plainValueOf(tree));
  const misspelt = new Set(faults.map(misspeltKey));
  const told = new Set<string>();
  for (const fault of faults) {
    if (misspelt.has(missingKey(fault)) || isRepeated(fault, told)) continue;
    const path = readPointer(fault.instancePath);
    const place = findPlace(tree, path, fault);
    const explained = explainFault(fault, path);
    problems.report(explained.code, { at: place, detail: explained.detail, fix: explained.fix });
  }
}

/** One fault of a value is enough; each unknown or missing key and each bad name counts for itself. */
function isRepeated(fault: SchemaFault, told: Set<string>): boolean {
  // What is wrong with the name comes as a fault of its own.
  if (fault.keyword === "propertyNames") return true;
  if (fault.keyword === "additionalProperties" || fault.keyword === "required") return false;
  const place = JSON.stringify([fault.instancePath, fault.propertyName ?? null]);
  const isTold = told.has(place);
  told.add(place);
  return isTold;
}

/** The key that an unknown key was meant to be, with its place: it is then not missing as well. */
function misspeltKey(fault: SchemaFault): string | undefined {
  const meant = suggestWord(String(fault.params["additionalProperty"] ?? ""), fault.parentSchema?.["required"] ?? []);
  return meant === undefined ? undefined : `${fault.instancePath}#${meant}`;
}

function missingKey(fault: SchemaFault): string {
  return `${fault.instancePath}#${String(fault.params["missingProperty"] ?? "")}`;
}

/** The key for an unknown key, a bad name or something missing, the value for everything else. */
function findPlace(tree: MapNode, path: readonly string[], fault: SchemaFault): Position {
  let place: Place = { keyAt: { ...tree.at, length: 1 }, node: tree };
  for (const step of path) place = stepInto(place, step);
  const key = fault.propertyName ?? fault.params["additionalProperty"];
  const entry = typeof key === "string" && place.node.kind === "map" ? place.node.entries.get(key) : undefined;
  if (entry !== undefined) return entry.keyAt;
  return fault.keyword === "required" ? place.keyAt : place.node.at;
}

interface Place {
  readonly keyAt: Position;
  readonly node: TreeNode;
}

function stepInto(place: Place, step: string): Place {
  const { node } = place;
  if (node.kind === "map") {
    const entry = node.entries.get(step);
    return entry === undefined ? place : { keyAt: entry.keyAt, node: entry.value };
  }
  const item = node.kind === "list" ? node.items[Number(step)] : undefined;
  return item === undefined ? place : { keyAt: item.at, node: item };
}

function readPointer(pointer: string): readonly string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}
