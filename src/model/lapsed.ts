import { type Address, pathPart } from "./address.ts";
import type { ChangeOp, ChangeReason, Hazard } from "./change.ts";
import type { Spec } from "./resource.ts";

/** A removal as its step tells it. */
export interface Removal {
  readonly op: ChangeOp;
  readonly reason: ChangeReason;
  readonly address: Address;
  readonly expires?: string | undefined;
  readonly cascade: readonly Address[];
  /** What is removed, as it was. */
  readonly from?: Spec | undefined;
  readonly hazards: readonly Hazard[];
  readonly loses?: readonly Address[] | undefined;
}

/**
 * True for the removal of one grant whose line in the manifest gave it an end, and which takes from nobody but its holder:
 * nothing goes with it, and no other danger is in it. It is the only removal that a policy may let run without an approval.
 */
export function isLapseAlone(removal: Removal): boolean {
  const { op, reason, address, expires, cascade, from, hazards, loses = [] } = removal;
  // An admin right may hide what its holder has beside it, and what would go along unseen.
  if (from?.["role"] === "admin") return false;
  const isLapse = op === "delete" && reason === "expired" && expires !== undefined && cascade.length === 0;
  if (!isLapse || hazards.some(({ code }) => code !== "removes-access")) return false;
  return loses.every((person) => pathPart(person, -1) === pathPart(address, -1));
}

/** True once the moment from which a grant is to go has come. An end that is no moment never comes. */
export function hasEnded(expires: string | undefined, now: Date): boolean {
  // Stryker disable next-line ConditionalExpression: without the comparison the end is no moment, which never comes either.
  return expires !== undefined && Date.parse(expires) <= now.getTime();
}
