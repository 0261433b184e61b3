import type { Address } from "../model/address.ts";
import type { UnreadPlace } from "../model/kind.ts";
import type { MemberReading } from "../model/platform.ts";

/** That the members of a place are not known, and why; nothing where they are. */
export function tellUnreadMembers(place: Address, reading: MemberReading<unknown> | undefined): readonly UnreadPlace[] {
  if (reading?.state === "complete") return [];
  return [{ place, because: reading?.because ?? "They were not answered." }];
}
