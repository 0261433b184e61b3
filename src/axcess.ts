// What programs may import from "axcess": a saved plan, checked, and the words it is made of.
export type { AccessDelta, AccessShift, AccessSide, AssumptionCode, PathReason, SetName } from "./model/access.ts";
export { type Address, type ClassKey, formatAddress, type KindName, parseAddress } from "./model/address.ts";
export type { ApprovalNeeds, ApprovalRules, Excluded, RulesChange } from "./model/approval-rules.ts";
export type { AssertionFailure } from "./model/assertion.ts";
export type {
  ChangeId,
  ChangeOp,
  ChangeReason,
  Digest,
  FieldChange,
  Gate,
  Hazard,
  HazardCode,
  Step,
} from "./model/change.ts";
export type { Diagnostic, Position } from "./model/diagnostic.ts";
export type { Lapse, Plan } from "./model/plan.ts";
export type { Limits } from "./model/policy.ts";
export { readPlan } from "./plan/read-plan.ts";
