import type { Diagnostic } from "./diagnostic.ts";

/** How a call to the platform failed, judged by transport and status, never by text. */
export type PlatformFailure =
  | "unauthenticated"
  | "forbidden"
  | "not-found"
  | "conflict"
  | "invalid"
  | "rate-limited"
  | "server"
  | "network"
  | "timeout"
  | "protocol"
  | "interrupted";

/** The platform refused a call, could not be reached, or answered what it must not. */
export class PlatformError extends Error {
  readonly failure: PlatformFailure;
  readonly status: number | undefined;
  /** `GET /v2/users`, without query and body. */
  readonly call: string;
  /** True when the call may have taken effect although it failed. */
  readonly ambiguous: boolean;

  constructor(
    failure: PlatformFailure,
    call: string,
    message: string,
    options: { readonly status?: number; readonly ambiguous?: boolean; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "PlatformError";
    this.failure = failure;
    this.call = call;
    this.status = options.status;
    this.ambiguous = options.ambiguous ?? false;
  }
}

/** The command line, the environment or a profile is wrong: exit code 64. */
export class UsageError extends Error {
  readonly fix: string | undefined;

  constructor(message: string, fix?: string) {
    super(message);
    this.name = "UsageError";
    this.fix = fix;
  }
}

/** The disk refused something. The message names the path as it was given, and why; `code` is Node's. Exit code 1. */
export class FileError extends Error {
  readonly code: string;
  readonly fix: string;

  constructor(message: string, options: { readonly code: string; readonly fix: string; readonly cause: unknown }) {
    super(message, { cause: options.cause });
    this.name = "FileError";
    this.code = options.code;
    this.fix = options.fix;
  }
}

/** A stage ended with problems that were collected: they are shown, and the command ends. */
export class DiagnosedError extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map((diagnostic) => `${diagnostic.code} ${diagnostic.summary}`).join("; "));
    this.name = "DiagnosedError";
    this.diagnostics = diagnostics;
  }
}

/** Something that cannot happen did: a fault of axcess itself. */
export class Impossible extends Error {
  constructor(message: string) {
    super(message);
    this.name = "Impossible";
  }
}
