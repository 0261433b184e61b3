import type { LastRecord } from "../../engine/find-records.ts";
import { type Drift, type DriftItem, sourceOfDrift } from "../../plan/find-drift.ts";
import { summarizeDrift } from "../render/drift-text.ts";
import type { EventSink } from "./event.ts";

/** Tells each thing that is otherwise than axcess left it, and how many of each sort there are. */
export function emitDrift(
  events: EventSink | undefined,
  { items, ahead }: Drift,
  records: ReadonlyMap<DriftItem, LastRecord>,
): void {
  for (const item of items) {
    const { address, sort, fields, movedTo } = item;
    const source = sourceOfDrift(item);
    const record = records.get(item);
    events?.emit("resource_drift", "warn", `${sort}: ${address}`, {
      drift: {
        address,
        sort,
        fields: fields.map(({ field }) => field),
        ...(source !== undefined && { source }),
        ...(movedTo !== undefined && { moved_to: movedTo }),
        ...(record !== undefined && { last_recorded: record }),
      },
    });
  }
  const count = (sort: DriftItem["sort"]): number => items.filter((item) => item.sort === sort).length;
  events?.emit("change_summary", "info", summarizeDrift(items), {
    changes: {
      operation: "drift",
      changed: count("changed"),
      missing: count("missing"),
      extra: count("extra"),
      expired: count("expired"),
      ahead: ahead.length,
    },
  });
}
