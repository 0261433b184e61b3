import { type Approval, describeDeed, type HeldApproval } from "../model/approval.ts";
import type { ChangeId, Step } from "../model/change.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { UsageError } from "../model/errors.ts";
import { isLedgerHead } from "../model/ledger.ts";
import type { Plan } from "../model/plan.ts";
import { isValid } from "./judge-approvals.ts";
import { needsApproval } from "./may-run.ts";
import { describeMistold, describeUnplanned } from "./tell-moved.ts";

/** What an approvals file holds, as far as it is sound, and what is wrong with the rest. */
export interface CheckedApprovals {
  readonly approvals: readonly Approval[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Checks the parsed value of an approvals file. An approval with any fault is left out whole, and so is a file with an unknown key. */
export function checkApprovals(value: unknown, file: string): CheckedApprovals {
  const faults = checkMembers(value, FILE_RULES);
  if (!isRecord(value) || faults.length > 0) return { approvals: [], diagnostics: describeFaults(file, faults) };
  const entries = value["approvals"] as readonly unknown[];
  const approvals: Approval[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const [index, given] of entries.entries()) {
    // A copy: what a program hands in may hide more than its keys, or change later on.
    const entry = isRecord(given) ? { ...given } : given;
    const entryFaults = checkMembers(entry, APPROVAL_RULES);
    if (entryFaults.length === 0) approvals.push(entry as unknown as Approval);
    for (const fault of describeFaults(`Approval ${index + 1} in ${file}`, entryFaults)) diagnostics.push(fault);
  }
  return { approvals, diagnostics };
}

/** The approvals that name changes of a plan, and what is to be said of the others. */
export interface SelectedApprovals {
  readonly approvals: ReadonlyMap<ChangeId, readonly HeldApproval[]>;
  readonly notes: readonly Diagnostic[];
}

/** Picks the approvals that have not expired, by the change of the plan they are bound to. Tells of those that count for nothing. */
export function selectApprovals(plan: Plan, approvals: readonly HeldApproval[], now: Date): SelectedApprovals {
  const planned = new Map<ChangeId, Step | undefined>(plan.steps.map((step) => [step.id, step]));
  if (plan.approvals?.change !== undefined) planned.set(plan.approvals.change.id, undefined);
  const selected = new Map<ChangeId, HeldApproval[]>();
  const notes: Diagnostic[] = [];
  for (const approval of approvals) {
    const known = [...new Set(approval.changes)].filter((id) => planned.has(id));
    noteUnplanned(notes, approval, { planned, steps: plan.steps });
    if (!isValid(approval, now)) {
      if (known.length > 0) notes.push(describeExpired(approval));
      continue;
    }
    for (const id of known) {
      const step = planned.get(id);
      const mistold = step && describeMistold(id, approval, step);
      if (mistold === undefined) selected.set(id, [...(selected.get(id) ?? []), approval]);
      else notes.push(mistold);
    }
  }
  return { approvals: selected, notes };
}

/** Ids of all that waits for an approval: a weakening of the rules themselves first. */
export function listHeld({ steps, approvals }: Plan): readonly ChangeId[] {
  const held = steps.filter((step) => step.gate.state === "held").map((step) => step.id);
  return approvals?.change === undefined ? held : [approvals.change.id, ...held];
}

/** One by one: a call takes only so many arguments, and a file may name any number of changes. */
function noteUnplanned(
  notes: Diagnostic[],
  approval: HeldApproval,
  plan: { readonly planned: ReadonlyMap<ChangeId, unknown>; readonly steps: readonly Step[] },
): void {
  for (const id of approval.changes) {
    if (!plan.planned.has(id)) notes.push(describeUnplanned(id, approval, plan.steps));
  }
}

export interface ApprovalDraft {
  readonly plan: Plan;
  readonly ids: readonly string[];
  readonly by: string;
  readonly reason: string;
  readonly now: Date;
  readonly expires: Date;
}

/** Writes an approval of some changes of a plan, in plan order. Refuses, as a UsageError, ids that cannot or need not be approved. */
export function draftApproval({ plan, ids, by, reason, now, expires }: ApprovalDraft): Approval {
  if (ids.length === 0) throw new UsageError("No change is named.", "Name change ids, or approve all that are held.");
  if (by.trim() === "") throw new UsageError("An approval names who gives it.");
  if (reason.trim() === "") throw new UsageError("An approval needs a reason.");
  if (expires.getTime() <= now.getTime()) throw new UsageError("An approval must expire in the future.");
  const steps = new Map<string, Step>(plan.steps.map((step) => [step.id, step]));
  const ofRules = plan.approvals?.change?.id;
  const refusals = [...new Set(ids)].flatMap((id) => (id === ofRules ? [] : refuseApproval(id, steps.get(id))));
  if (refusals.length > 0) throw new UsageError(refusals.join(" "));
  const wanted = new Set(ids);
  const { ledger } = plan.basis;
  const approved = plan.steps.filter((step) => wanted.has(step.id));
  return {
    changes: [...(ofRules !== undefined && wanted.has(ofRules) ? [ofRules] : []), ...approved.map((step) => step.id)],
    plan: plan.digest,
    ...(ledger !== undefined && { ledger }),
    by,
    at: now.toISOString(),
    expires: expires.toISOString(),
    reason,
    ...(approved.length > 0 && { deeds: approved.map(describeDeed) }),
  };
}

/** What a member must be, in words, when it is not. */
type Rule = { readonly holds: (value: unknown) => boolean; readonly words: string };

const TEXT: Rule = {
  holds: (value) => typeof value === "string" && value.trim() !== "",
  words: "a text that is not empty",
};
const INSTANT: Rule = { holds: isInstant, words: "an RFC 3339 instant, such as 2027-01-31T00:00:00Z" };

const FILE_RULES: Readonly<Record<string, Rule>> = {
  version: { holds: (value) => value === 1, words: "1" },
  approvals: { holds: (value) => Array.isArray(value), words: "a list" },
};

const APPROVAL_RULES: Readonly<Record<keyof Approval, Rule>> = {
  changes: { holds: isChangeList, words: "a list of change ids, chg_ and what follows" },
  plan: { holds: (value) => matches(value, /^sha256:[0-9a-f]{64}$/u), words: "the digest of a plan" },
  ledger: {
    holds: (value) => value === undefined || isLedgerHead(value),
    words: "seq and digest of a line of the ledger",
  },
  by: TEXT,
  at: INSTANT,
  expires: INSTANT,
  reason: TEXT,
  deeds: { holds: (value) => value === undefined || isDeedList(value), words: "a list of what was approved" },
  signature: {
    holds: (value) => value === undefined || matches(value, /^-----BEGIN SSH SIGNATURE-----/u),
    words: "an SSH signature",
  },
};

function checkMembers(value: unknown, rules: Readonly<Record<string, Rule>>): readonly string[] {
  if (!isRecord(value)) return [`must be a mapping with ${Object.keys(rules).join(", ")}.`];
  const unknown = Object.keys(value).filter((key) => !Object.hasOwn(rules, key));
  return [
    ...unknown.map(
      (key) => `has the unknown key ${JSON.stringify(key)}; its keys are ${Object.keys(rules).join(", ")}.`,
    ),
    ...Object.entries(rules)
      .filter(([key, rule]) => !rule.holds(value[key]))
      .map(([key, rule]) => `needs ${key}: ${rule.words}.`),
  ];
}

/** An approvals file that is empty, or something else than a mapping. */
export function describeNoApprovals(file: string): Diagnostic {
  return malformed(`${file} holds no mapping with ${Object.keys(FILE_RULES).join(", ")}.`);
}

function describeFaults(subject: string, faults: readonly string[]): readonly Diagnostic[] {
  return faults.map((fault) => malformed(`${subject} ${fault}`));
}

function malformed(detail: string): Diagnostic {
  return {
    code: "AX401",
    severity: "error",
    summary: "An approvals file is not well formed",
    detail,
    fix: "Write it anew with `axcess approve`.",
  };
}

function isChangeList(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((id) => matches(id, /^chg_[0-9A-Za-z_-]+$/u));
}

function isDeedList(value: unknown): boolean {
  return Array.isArray(value) && value.every(isDeed);
}

const DEED_KEYS: readonly string[] = ["id", "op", "address", "remote", "from", "to"];

function isDeed(value: unknown): boolean {
  if (!isRecord(value) || Object.keys(value).some((key) => !DEED_KEYS.includes(key))) return false;
  const isPart = (key: string): boolean => value[key] === undefined || isRecord(value[key]);
  return (
    matches(value["id"], /^chg_[0-9A-Za-z_-]+$/u) &&
    matches(value["op"], /^(?:create|update|delete)$/u) &&
    matches(value["address"], /^[a-z-]+:./su) &&
    ["remote", "from", "to"].every(isPart)
  );
}

function isInstant(value: unknown): boolean {
  const form = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/u;
  return matches(value, form) && !Number.isNaN(Date.parse(String(value))) && isDay(String(value).slice(0, 10));
}

/** Date.parse takes the 31st of February for the 3rd of March. */
function isDay(text: string): boolean {
  return new Date(Date.parse(`${text}T00:00:00Z`)).toISOString().startsWith(text);
}

function matches(value: unknown, form: RegExp): boolean {
  return typeof value === "string" && form.test(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function refuseApproval(id: string, step: Step | undefined): readonly string[] {
  if (step === undefined) return [`The plan has no change ${id}.`];
  if (step.gate.state === "blocked") return [`${id} (${step.address}) is blocked; no approval releases it.`];
  if (!needsApproval(step)) return [`${id} (${step.address}) needs no approval.`];
  return [];
}

function describeExpired(approval: Approval): Diagnostic {
  return {
    code: "AX403",
    severity: "note",
    summary: "An approval has expired",
    detail: `What ${approval.by} approved on ${approval.at} counted until ${approval.expires}: ${approval.changes.join(", ")}.`,
    fix: "Have it approved again.",
  };
}
