// The hazards of a plan that only effective access tells.
import type { AccessDelta } from "../model/access.ts";
import type { Address } from "../model/address.ts";
import type { Finding } from "../model/change.ts";
import type { Caller } from "../model/platform.ts";
import { tellGains } from "./gained-access.ts";
import { type AdminInput, guardAdmins } from "./last-admins.ts";
import { guardCaller, tellLosers } from "./lost-access.ts";
import { guardMassLoss } from "./mass-loss.ts";
import { guardSeparation } from "./separation-guard.ts";
import { appendTo } from "./step-finding.ts";

export { type AdminInput, orderAdmins } from "./last-admins.ts";
export { listLosers } from "./lost-access.ts";

/** All that judging by effective access looks at. */
export interface AccessGuardInput extends AdminInput {
  readonly delta: AccessDelta;
  readonly caller: Caller;
}

/** Finds what is dangerous in who gains and who loses by a plan, by the address of the step it comes through. */
export function judgeAccess(input: AccessGuardInput): ReadonlyMap<Address, readonly Finding[]> {
  const findings = new Map<Address, Finding[]>();
  const found = [
    ...tellLosers(input.delta),
    ...tellGains(input),
    ...guardCaller(input),
    ...guardAdmins(input),
    ...guardMassLoss(input),
    ...guardSeparation(input),
  ];
  for (const { step, finding } of found) appendTo(findings, step, finding);
  return findings;
}
