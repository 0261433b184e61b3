import { type Address, pathOf, pathPart } from "../model/address.ts";
import type { Approval, HeldApproval } from "../model/approval.ts";
import {
  countMost,
  countNeeded,
  isApproverEmail,
  NO_RULES,
  normalizeApprover,
  type RulesInForce,
} from "../model/approval-rules.ts";
import type { ChangeId, Step } from "../model/change.ts";
import type { DiagnosticCode } from "../model/diagnostic.ts";
import type { Plan } from "../model/plan.ts";

/** What the approvals of one run are judged by. */
export interface Voting {
  /** All of them must be kept; none: one approval by anybody. */
  readonly rules: readonly RulesInForce[];
  /** E-mails of whoever authored the change, in lower case; empty where nobody told. */
  readonly authors: readonly string[];
  /** E-mails of whoever gains something by a change. */
  readonly gains: ReadonlyMap<Address, ReadonlySet<string>>;
}

/** Where the manifest says nothing of approvals. */
export const ANYBODY: Voting = {
  rules: [],
  // Stryker disable next-line ArrayDeclaration: without rules nobody asks who the authors are.
  authors: [],
  gains: new Map(),
};

/** What is approved: a step of a plan, or a weakening of the rules themselves, for which the highest number counts. */
export type Subject = Pick<Step, "id" | "address" | "renamedFrom" | "hazards"> | { readonly id: ChangeId };

/** An approval that does not count, and why, in one sentence. */
export interface Refusal {
  readonly approval: HeldApproval;
  readonly code: DiagnosticCode;
  readonly because: string;
}

/** Whether enough people approved something. */
export interface Verdict {
  readonly isEnough: boolean;
  /** How many must. */
  readonly needed: number;
  /** How many different people did, whose approval counts under all rules. */
  readonly people: number;
  readonly counted: readonly HeldApproval[];
  readonly refused: readonly Refusal[];
}

/** Who gains something by which step, by e-mail, as the plan tells it. */
export function findGains({ access }: Pick<Plan, "access">): Voting["gains"] {
  const gains = new Map<Address, Set<string>>();
  for (const { person, givenBy } of access.shifts) {
    for (const address of givenBy) {
      const known = gains.get(address) ?? new Set<string>();
      gains.set(address, known.add(normalizeApprover(pathPart(person, -1))));
    }
  }
  return gains;
}

/** Counts the approvals of something under all rules at once. What does not name it or has expired is no part of the judgement. */
export function judgeApprovals(
  subject: Subject,
  approvals: readonly HeldApproval[],
  { voting, now }: { readonly voting: Voting; readonly now: Date },
): Verdict {
  const named = approvals.filter((approval) => approval.changes.includes(subject.id) && isValid(approval, now));
  const isFree = voting.rules.length === 0;
  const verdicts = (isFree ? [NO_RULES] : voting.rules).map((rules): Verdict => {
    const judged = named.map((approval) => ({
      approval,
      reason: isFree ? undefined : refuseApproval(approval, { subject, rules, voting }),
    }));
    const counted = judged.flatMap(({ approval, reason }) => (reason === undefined ? [approval] : []));
    const refused = judged.flatMap(({ approval, reason }) => (reason === undefined ? [] : [{ approval, ...reason }]));
    const needed = "address" in subject ? countNeeded(rules, subject.hazards) : countMost(rules);
    const people = countPeople(counted);
    return { isEnough: people >= needed, needed, people, counted, refused };
  });
  return verdicts.reduce(join);
}

/** True where some of the rules name a hazard of a step: whatever its gate says, it runs only with approvals. */
export function isHeldByRules({ hazards }: Pick<Step, "hazards">, { rules }: Pick<Voting, "rules">): boolean {
  return rules.some(({ needed }) => hazards.some(({ code }) => needed[code] !== undefined));
}

/** True when an approval has not expired. One whose expiry is no instant is not valid. */
export function isValid(approval: Approval, now: Date): boolean {
  return now.getTime() < Date.parse(approval.expires);
}

/** Both must be kept: of what is needed the more, of who approved the fewer. */
function join(a: Verdict, b: Verdict): Verdict {
  const refused = [
    ...a.refused,
    ...b.refused.filter(({ because }) => a.refused.every((other) => other.because !== because)),
  ];
  return {
    isEnough: a.isEnough && b.isEnough,
    needed: Math.max(a.needed, b.needed),
    people: Math.min(a.people, b.people),
    counted: [...new Set([...a.counted, ...b.counted])],
    refused,
  };
}

/** Different people: neither of the same e-mail, nor with the same key. */
function countPeople(approvals: readonly HeldApproval[]): number {
  let people: readonly (readonly string[])[] = [];
  for (const { by, key } of approvals) {
    const marks = [`by ${normalizeApprover(by)}`, ...(key === undefined ? [] : [`key ${key}`])];
    const same = people.filter((known) => known.some((mark) => marks.includes(mark)));
    people = [...people.filter((known) => !same.includes(known)), [...marks, ...same.flat()]];
  }
  return people.length;
}

interface Judging {
  readonly subject: Subject;
  readonly rules: RulesInForce;
  readonly voting: Voting;
}

type Reason = Pick<Refusal, "code" | "because">;

function refuseApproval(approval: HeldApproval, judging: Judging): Reason | undefined {
  const email = normalizeApprover(approval.by);
  if (!isApproverEmail(email)) {
    return { code: "AX362", because: `${approval.by} is no e-mail, so nobody knows whose approval it is.` };
  }
  return refusePerson(email, judging) ?? refuseAuthor(approval, email, judging) ?? refuseSignature(approval, judging);
}

const MOST_NAMED = 5;

function refusePerson(email: string, { subject, rules, voting }: Judging): Reason | undefined {
  if (rules.by !== undefined && !rules.by.includes(email)) {
    const named = rules.by.slice(0, MOST_NAMED).join(", ");
    const rest = rules.by.length > MOST_NAMED ? ` and ${rules.by.length - MOST_NAMED} more` : "";
    return { code: "AX362", because: `${email} is not among those whose approval counts: ${named}${rest}.` };
  }
  if (rules.notBy.includes("beneficiary") && "address" in subject && isBeneficiary(email, subject, voting)) {
    return { code: "AX363", because: `${email} gains by ${subject.id}, or it is their own grant.` };
  }
  return undefined;
}

/** Whoever gains by it, and whoever is named in its address, whatever is done there. */
function isBeneficiary(email: string, subject: Extract<Subject, { address: Address }>, { gains }: Voting): boolean {
  if (gains.get(subject.address)?.has(email) === true) return true;
  const addresses = [subject.address, subject.renamedFrom ?? subject.address];
  return addresses.some((address) => pathOf(address).some((part) => normalizeApprover(part) === email));
}

function refuseAuthor(approval: HeldApproval, email: string, { rules, voting }: Judging): Reason | undefined {
  if (!rules.notBy.includes("author")) return undefined;
  if (approval.typed === true) {
    return { code: "AX364", because: `${email} runs the change, and whoever runs it does not approve it.` };
  }
  if (voting.authors.length === 0) {
    return {
      code: "AX365",
      because:
        "Nobody told who authored the change, and its author's approval does not count: give --author EMAIL, or set AXCESS_AUTHOR.",
    };
  }
  return voting.authors.includes(email) ? { code: "AX364", because: `${email} authored the change.` } : undefined;
}

function refuseSignature({ by, key, provedBy }: HeldApproval, { rules }: Judging): Reason | undefined {
  if (!rules.signed) return undefined;
  if (key === undefined) return { code: "AX366", because: `The approval of ${by} is not signed.` };
  if (rules.signers !== undefined && provedBy?.includes(rules.signers.digest) === true) return undefined;
  return {
    code: "AX367",
    because: `The key ${key} may not sign for ${by}, by the list of allowed signers and today's date.`,
  };
}
