import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync, writeSync } from "node:fs";

/** One request as the sandbox received and answered it; secrets are replaced by "[redacted]". */
export interface LoggedRequest {
  readonly seq: number;
  /** When it was answered, RFC 3339 with milliseconds. */
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** The status that was answered; 0 when the connection was reset instead. */
  readonly status: number;
  /** The id of the user whose key was used; absent when nobody was recognised. */
  readonly caller?: string;
  /** The REST operation, or the name of the GraphQL operation. */
  readonly operation?: string;
  readonly body?: unknown;
  readonly graphql?: { readonly type: "query" | "mutation"; readonly cost: number };
  /** The fault rule that changed the answer, if any. */
  readonly fault?: string;
}

/** Appends requests to memory and, in a directory, to a file of one JSON object per line. */
export interface RequestLog {
  /** The requests since this sandbox was started. */
  readonly entries: readonly LoggedRequest[];
  readonly append: (entry: Omit<LoggedRequest, "seq">) => void;
  /** Every request ever logged, read from the file. */
  readonly readAll: () => readonly LoggedRequest[];
  readonly close: () => void;
}

const SECRET_NAMES = /^(key|api_?key|password|temporary_password|secret|token|authorization)$/i;
const TAIL_BYTES = 65_536;

/** Opens the request log in a file, or in memory only. */
export function openRequestLog(path: string | undefined): RequestLog {
  const entries: LoggedRequest[] = [];
  const file = path === undefined ? undefined : openSync(path, "a+", 0o600);
  let seq = file === undefined ? 0 : readLastSeq(file);
  return {
    entries,
    append: (entry) => {
      seq += 1;
      const logged = { seq, ...entry, ...(entry.body === undefined ? {} : { body: redact(entry.body) }) };
      entries.push(logged);
      if (file !== undefined) writeSync(file, `${JSON.stringify(logged)}\n`);
    },
    readAll: () => (path === undefined || !existsSync(path) ? entries : parseLog(readFileSync(path, "utf8"))),
    close: () => {
      if (file !== undefined) closeSync(file);
    },
  };
}

/** Replaces the values of secret-looking properties, at any depth. */
function redact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redact);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, inner]) => [
    name,
    SECRET_NAMES.test(name) && typeof inner === "string" ? "[redacted]" : redact(inner),
  ]);
  return Object.fromEntries(entries);
}

function readLastSeq(file: number): number {
  const { size } = fstatSync(file);
  const length = Math.min(size, TAIL_BYTES);
  const tail = Buffer.alloc(length);
  readSync(file, tail, 0, length, size - length);
  const text = tail.toString("utf8");
  // A line torn by a crash must not swallow the next one.
  if (text !== "" && !text.endsWith("\n")) writeSync(file, "\n");
  return parseLog(text).at(-1)?.seq ?? 0;
}

function parseLog(text: string): readonly LoggedRequest[] {
  return text.split("\n").flatMap((line) => {
    try {
      return [JSON.parse(line) as LoggedRequest];
    } catch {
      return [];
    }
  });
}
