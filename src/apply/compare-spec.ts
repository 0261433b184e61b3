import { isSameJson } from "../model/json.ts";
import type { Resource, Spec } from "../model/resource.ts";

/** The fields of `spec` that are otherwise on a live resource, as far as they can be read there. */
export function findDifferences(spec: Spec, found: Resource): readonly string[] {
  return Object.keys(spec).filter((field) => !isHidden(field, found) && !isSameJson(spec[field], found.spec[field]));
}

/** True when a live resource surely has every field of `spec`: none differs and none is hidden. */
export function surelyHas(spec: Spec, found: Resource): boolean {
  return findDifferences(spec, found).length === 0 && !Object.keys(spec).some((field) => isHidden(field, found));
}

function isHidden(field: string, found: Resource): boolean {
  return found.unknown?.includes(field) ?? false;
}
