import type { DraftChange } from "../model/kind.ts";

/** True when the change gives the field the value. */
export function setsField(change: DraftChange, field: string, value: unknown): boolean {
  return change.fields.some((changed) => changed.field === field && changed.to === value);
}
