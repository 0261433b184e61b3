import type { Diagnostic } from "../model/diagnostic.ts";
import { DiagnosedError, FileError, PlatformError, type PlatformFailure, UsageError } from "../model/errors.ts";

/** The exit codes, by what they say. Scripts rely on them. */
export const EXIT: {
  readonly done: 0;
  readonly error: 1;
  /** Changes, drift, or unformatted files, where a flag asks for the difference to be told. */
  readonly changes: 2;
  /** Held or refused by a gate, a policy or an assertion. */
  readonly held: 3;
  /** Live state or the manifest moved since the plan. */
  readonly stale: 4;
  /** Some changes were made, some failed. */
  readonly partial: 5;
  /** The account could not be read whole. */
  readonly incomplete: 6;
  readonly usage: 64;
  readonly interrupted: 130;
} = { done: 0, error: 1, changes: 2, held: 3, stale: 4, partial: 5, incomplete: 6, usage: 64, interrupted: 130 };

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What a thrown error means for the person at the command line. */
export interface Failure {
  readonly exit: ExitCode;
  /** One line; "" when the diagnostics say it all. */
  readonly message: string;
  readonly fix: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** True for a fault of axcess itself. */
  readonly isBug: boolean;
}

/** Judges a thrown error by its type. */
export function describeFailure(error: unknown): Failure {
  const failure = { exit: EXIT.error, message: "", fix: undefined, diagnostics: [], isBug: false };
  if (error instanceof DiagnosedError) return { ...failure, diagnostics: error.diagnostics };
  if (error instanceof UsageError) return { ...failure, exit: EXIT.usage, message: error.message, fix: error.fix };
  if (error instanceof PlatformError) return { ...failure, ...describePlatformError(error) };
  if (error instanceof FileError) return { ...failure, message: error.message, fix: error.fix };
  if (isSystemError(error)) return { ...failure, message: error.message };
  return { ...failure, message: error instanceof Error ? error.message : String(error), isBug: true };
}

function describePlatformError(error: PlatformError): Pick<Failure, "exit" | "message" | "fix"> {
  const status = error.status === undefined ? "" : ` (status ${error.status})`;
  return {
    exit: error.failure === "interrupted" ? EXIT.interrupted : EXIT.error,
    message: `${error.call}: ${error.message}${status}`,
    fix: PLATFORM_FIXES[error.failure],
  };
}

const PLATFORM_FIXES: Readonly<Record<PlatformFailure, string | undefined>> = {
  unauthenticated: "Check the API key and the region it belongs to: axcess doctor",
  forbidden: "Use a key of an account admin; see what this one may do: axcess doctor",
  "not-found": undefined,
  conflict: undefined,
  invalid: undefined,
  "rate-limited": "Try again later, or slower: --rate 60/min",
  server: "Try again later.",
  network: "Check the address and the network: axcess doctor",
  timeout: "Try again later.",
  protocol: "Check that the address is that of an Arize AX server: axcess doctor",
  interrupted: undefined,
};

/** What no port of ours told of, such as a pipe that broke: errors of the system, which name their call. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error && "syscall" in error;
}
