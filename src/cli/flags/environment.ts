import { findClosest } from "../../engine/find-closest.ts";
import { UsageError } from "../../model/errors.ts";
import { harmless } from "../render/harmless.ts";

/** Environment variables that stand for a global flag where the flag is not given. Safety flags have none: they are spoken each time. */
export const FLAG_VARIABLES: Readonly<Record<string, string>> = {
  AXCESS_PROFILE: "profile",
  AXCESS_LEDGER: "ledger",
  AXCESS_PARALLELISM: "parallelism",
  AXCESS_RATE: "rate",
};

/** Throws UsageError for the first variable that begins with `AXCESS_` and means nothing, since a misspelt one would silently not count. */
export function checkEnvironment(env: Readonly<Record<string, string | undefined>>): void {
  const known = [...Object.keys(FLAG_VARIABLES), "AXCESS_AUTHOR"];
  const unknown = Object.keys(env)
    .filter((name) => name.toUpperCase().startsWith("AXCESS_") && !known.includes(name))
    .sort()[0];
  if (unknown === undefined) return;
  const closest = findClosest(unknown, known);
  throw new UsageError(
    `The environment variable ${harmless(unknown)} is not known.`,
    closest === undefined ? `Unset it. Known are: ${known.join(", ")}.` : `Did you mean ${closest}?`,
  );
}
