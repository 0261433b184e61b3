import type { DiskFault } from "../machine/disk.ts";

/** What befalls one request on its way, or its answer. */
export type NetFault =
  | {
      readonly kind: "status";
      readonly status: 429 | 500 | 502 | 503 | 504;
      readonly body: "json" | "html" | "empty";
      /** Whether the server did the work all the same. 429 never does. */
      readonly isDone: boolean;
      readonly retryAfter?: "seconds" | "date" | "zero";
    }
  /** Nobody listens: the request was surely not sent. */
  | { readonly kind: "refused" }
  | { readonly kind: "reset"; readonly isDone: boolean }
  | { readonly kind: "timeout"; readonly isDone: boolean }
  /** The answer's text stops half-way. */
  | { readonly kind: "truncated" }
  | { readonly kind: "page"; readonly how: "twice" | "reordered" | "same-cursor" }
  /** A question is answered as before the last write. */
  | { readonly kind: "stale" }
  /** GraphQL answers a part, and errors for the rest. */
  | { readonly kind: "partial" };

/** What happens beside a request. */
export type SideFault =
  /** From here on every request is refused so, until the trouble is over. */
  | { readonly kind: "permission-lost"; readonly status: 401 | 403 }
  | { readonly kind: "kill"; readonly when: "before" | "after" }
  /** The machine's clock jumps. */
  | { readonly kind: "clock"; readonly minutes: number }
  /** Somebody asks the run to stop. */
  | { readonly kind: "interrupt" }
  /** Another axcess starts on the same disk. */
  | { readonly kind: "second-run" }
  /** A person edits the account, right before the request arrives. `pick` chooses among what is there. */
  | { readonly kind: "person"; readonly edit: PersonEdit; readonly pick: number };

export type PersonEdit =
  | "grant"
  | "remove"
  | "change-role"
  | "rename"
  | "delete"
  | "remake"
  | "edit-role"
  /** The next thing that is to be made is made by the person first: just that, or something else under its name. */
  | "alike"
  | "otherwise";

export type RequestFault = NetFault | SideFault;

/** Something that goes wrong in a stage: at the request or the write with this number, counted from 1. */
export type Fault =
  | { readonly request: number; readonly fault: RequestFault }
  | { readonly write: number; readonly fault: DiskFault };

/** Every single fault of a request, each once: what is tried at each position. */
export const REQUEST_FAULTS: readonly RequestFault[] = [
  { kind: "status", status: 429, body: "json", isDone: false },
  { kind: "status", status: 429, body: "empty", isDone: false, retryAfter: "seconds" },
  { kind: "status", status: 429, body: "html", isDone: false, retryAfter: "date" },
  { kind: "status", status: 429, body: "json", isDone: false, retryAfter: "zero" },
  { kind: "status", status: 500, body: "json", isDone: false },
  { kind: "status", status: 500, body: "html", isDone: true },
  { kind: "status", status: 502, body: "html", isDone: false },
  { kind: "status", status: 502, body: "empty", isDone: true },
  { kind: "status", status: 503, body: "empty", isDone: false },
  { kind: "status", status: 503, body: "json", isDone: true },
  { kind: "status", status: 504, body: "html", isDone: true },
  { kind: "status", status: 504, body: "json", isDone: false },
  { kind: "refused" },
  { kind: "reset", isDone: false },
  { kind: "reset", isDone: true },
  { kind: "timeout", isDone: false },
  { kind: "timeout", isDone: true },
  { kind: "truncated" },
  { kind: "page", how: "twice" },
  { kind: "page", how: "reordered" },
  { kind: "page", how: "same-cursor" },
  { kind: "stale" },
  { kind: "partial" },
  { kind: "permission-lost", status: 401 },
  { kind: "permission-lost", status: 403 },
  { kind: "kill", when: "before" },
  { kind: "kill", when: "after" },
  { kind: "clock", minutes: 90 },
  { kind: "clock", minutes: -90 },
  { kind: "interrupt" },
  { kind: "second-run" },
];

/** The same for a write to the disk. */
export const DISK_FAULTS: readonly DiskFault[] = [
  { kind: "kill", when: "before" },
  { kind: "kill", when: "torn" },
  { kind: "kill", when: "after" },
  { kind: "power" },
  { kind: "full" },
  { kind: "read-only" },
];

const PERSON_EDITS: readonly PersonEdit[] = [
  "grant",
  "remove",
  "change-role",
  "rename",
  "delete",
  "remake",
  "edit-role",
  "alike",
  "otherwise",
];

/** Edits of a person, each once. */
export const PERSON_FAULTS: readonly SideFault[] = PERSON_EDITS.map((edit) => ({ kind: "person", edit, pick: 0 }));

/** A fault in a few words. */
export function nameFault({ fault }: Pick<Fault, "fault">): string {
  return Object.values(fault).map(String).join(" ");
}
