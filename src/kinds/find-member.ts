import { PlatformError } from "../model/errors.ts";
import type { MemberReading } from "../model/platform.ts";

/**
 * The row of one person in a member list; undefined when they are not in it. A list that could not be read whole proves nothing:
 * it is an error, but for a change that was planned blind and only ensures.
 */
export function findMember<R extends { readonly userId: string }>(
  reading: MemberReading<R> | undefined,
  person: string,
  mayBeBlind: boolean,
): R | undefined {
  if (reading?.state === "complete") return reading.rows.find(({ userId }) => userId === person);
  if (mayBeBlind) return undefined;
  throw new PlatformError(
    "protocol",
    "POST /graphql",
    `The members could not be read. ${reading?.because ?? ""}`.trim(),
  );
}
