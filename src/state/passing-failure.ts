import { PlatformError } from "../model/errors.ts";

/** A failure to read that is told and worked around. Throws what ends the reading: faults of ours, a refused key, an interruption. */
export function requirePassing(error: unknown): PlatformError {
  const isPassing =
    error instanceof PlatformError && error.failure !== "unauthenticated" && error.failure !== "interrupted";
  if (isPassing) return error;
  throw error;
}
