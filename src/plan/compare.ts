import deepDiff from "deep-diff";
import type { FieldChange } from "../model/change.ts";
import { compareText, isSameJson, type Json } from "../model/json.ts";
import type { Resource, Spec } from "../model/resource.ts";

/** How a live resource differs from a declared one, in the fields the manifest writes. */
export interface Comparison {
  /** Fields a call can set, sorted by name. */
  readonly fields: readonly FieldChange[];
  /** Fields that differ and that no call can set. */
  readonly fixed: readonly FieldChange[];
  /** Fields that cannot be read, and of which nothing is remembered either. */
  readonly unseen: readonly string[];
}

/**
 * Compares a declared spec with a live one. Fields the manifest does not write are not compared. A field that cannot be read is
 * compared with what axcess wrote there last; without such a memory it is `unseen`, and to be set.
 */
export function compareResources(
  options: { readonly declared: Resource; readonly live: Resource; readonly remembered: Spec | undefined },
  fixedFields: readonly string[],
): Comparison {
  const { declared, live, remembered } = options;
  const fields: FieldChange[] = [];
  const fixed: FieldChange[] = [];
  const unseen: string[] = [];
  for (const field of Object.keys(declared.spec).sort(compareText)) {
    const to = declared.spec[field] ?? null;
    const isHidden = live.unknown?.includes(field) === true;
    const from = isHidden ? remembered?.[field] : live.spec[field];
    if (from === undefined && isHidden) unseen.push(field);
    else if (isSameJson(from ?? null, to)) continue;
    (fixedFields.includes(field) ? fixed : fields).push(describeField(field, from, to));
  }
  return { fields, fixed, unseen };
}

/** One field before and after; of a set also what comes and what goes. */
function describeField(field: string, from: Json | undefined, to: Json): FieldChange {
  return {
    field,
    ...(from === undefined ? {} : { from }),
    to,
    ...(isSet(from) && isSet(to) ? describeSet(from, to) : {}),
  };
}

function describeSet(from: Json, to: Json): { readonly added: readonly string[]; readonly removed: readonly string[] } {
  const differences: deepDiff.Diff<Json, Json>[] = [];
  deepDiff.observableDiff(from, to, (difference) => differences.push(difference));
  // A set has one level, so that the path is the member.
  const named = (kind: "N" | "D"): readonly string[] =>
    differences
      .filter((difference) => difference.kind === kind)
      .map(({ path }) => String(path))
      .sort(compareText);
  return { added: named("N"), removed: named("D") };
}

function isSet(value: Json | undefined): value is Json {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
