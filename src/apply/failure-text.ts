import { PlatformError } from "../model/errors.ts";

/** A failure in a sentence for people. */
export function describeFailure(cause: unknown): string {
  if (cause instanceof PlatformError) return `${cause.call}: ${cause.message}`;
  return cause instanceof Error ? cause.message : String(cause);
}

/** A failure as the ledger keeps it: what kind it was and of which call. Never a message, since the platform may put anything in it. */
export function recordFailure(cause: unknown): string {
  if (cause instanceof PlatformError) return [cause.failure, cause.status, cause.call].filter((part) => part).join(" ");
  return cause instanceof Error ? cause.name : "unexpected";
}
