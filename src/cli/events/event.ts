import type { AccessShift } from "../../model/access.ts";
import type { Diagnostic } from "../../model/diagnostic.ts";

/** Version of the stream. A reader skips types and members that it does not know: new ones come without another number. */
export const EVENTS_FORMAT = 1;

export type EventLevel = "debug" | "info" | "warn" | "error";

/** A change as events name it: no values, only what it is about. */
export interface EventChange {
  readonly id: string;
  readonly action: "create" | "update" | "delete";
  readonly address: string;
}

/** A planned change: also why, by which fields, and what goes with it. */
interface PlannedChange extends EventChange {
  readonly kind: string;
  readonly reason: string;
  readonly gate: "open" | "held" | "blocked";
  readonly fields: readonly string[];
  readonly cascade: readonly string[];
  readonly hazards: readonly string[];
  readonly source?: string;
  readonly renamed_from?: string;
}

/** What stands between a change and its doing. */
interface EventGate {
  readonly change: EventChange;
  readonly state: "held" | "blocked";
  readonly by: readonly string[];
  /** For what is blocked: what lets it through. */
  readonly release?: string;
}

/** One person's difference in one place; sets of permissions are written out, since every line stands alone. */
interface EventAccess extends Pick<AccessShift, "person" | "place" | "within" | "through"> {
  readonly gained: readonly string[] | "all";
  readonly lost: readonly string[] | "all";
  readonly before: EventSide;
  readonly after: EventSide;
  readonly pending: boolean;
  readonly bot: boolean;
  readonly until?: string;
}

interface EventSide {
  readonly permissions: readonly string[] | "all";
  readonly roles: readonly string[];
  /** True where there may be more, since the contents of a role are not known. */
  readonly at_least: boolean;
}

/** What became of a change. */
interface EventHook extends EventChange {
  readonly state: string;
  readonly because?: string;
  readonly approved_by?: readonly string[];
  readonly notes?: readonly string[];
}

interface EventDrift {
  readonly address: string;
  readonly sort: "changed" | "missing" | "extra" | "expired";
  readonly fields: readonly string[];
  readonly source?: string;
  readonly moved_to?: string;
  readonly last_recorded?: { readonly by: string; readonly at: string; readonly operation: string };
}

/** Numbers, by what is counted: `add`, `change` and `remove`, gates, states, sorts of drift. */
export interface EventCounts {
  readonly operation: "plan" | "undo" | "apply" | "drift";
  readonly [counted: string]: number | string;
}

/** What each type of event has beside its four common members. */
export interface EventBodies {
  readonly version: { readonly axcess: string; readonly format: number };
  readonly log: Readonly<Record<never, never>>;
  readonly diagnostic: { readonly diagnostic: Omit<Diagnostic, "code" | "sourceLine"> & { readonly code?: string } };
  readonly planned_change: { readonly change: PlannedChange };
  readonly gate: { readonly gate: EventGate };
  readonly access_delta: { readonly access: EventAccess };
  readonly change_summary: { readonly changes: EventCounts };
  readonly resource_drift: { readonly drift: EventDrift };
  readonly apply_start: { readonly hook: EventChange };
  readonly apply_complete: { readonly hook: EventHook };
  readonly apply_errored: { readonly hook: EventHook };
  readonly rate_limited: {
    readonly wait: {
      readonly call: string;
      readonly pace: string;
      readonly milliseconds: number;
      readonly learned_per_minute?: number;
    };
  };
}

/** Where events go, in the order in which they happen. */
export interface EventSink {
  /** Writes one event; the message is for people, one line. */
  readonly emit: <T extends keyof EventBodies>(
    type: T,
    level: EventLevel,
    message: string,
    body: EventBodies[T],
  ) => void;
}
