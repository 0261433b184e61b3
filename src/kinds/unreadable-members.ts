import type { Address } from "../model/address.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { MemberReading } from "../model/platform.ts";

/** Tells that the members of a place are not known, and what follows from that. */
export function describeUnreadableMembers(place: Address, reading: MemberReading<unknown> | undefined): Diagnostic {
  return {
    code: "AX302",
    severity: "warning",
    summary: "Members could not be read",
    detail: `The members of ${place} are not known. ${reading?.state === "unreadable" ? reading.because : "They were not answered."}`,
    fix: "Nobody is removed there; who is missing is added.",
  };
}
