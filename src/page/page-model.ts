import type { AssumptionCode, PathReason } from "../model/access.ts";
import type { ApprovedDeed } from "../model/approval.ts";
import type { Step } from "../model/change.ts";
import type { LedgerHead } from "../model/ledger.ts";

/** Number of a set of permissions in `PageModel.sets`; below zero it is one of the words that follow. */
export type SetNumber = number;

/** Everything, by a built-in admin role. */
export const ALL: SetNumber = -1;
/** No permission. */
export const NONE: SetNumber = -2;
/** What a role of unknown contents holds. */
export const UNKNOWN: SetNumber = -3;

/** How a role counts: by one of the ways the evaluator knows, or `told` where a saved plan says only that it counts. */
export const WAYS: readonly (PathReason | "told")[] = [
  "account-admin",
  "organization-admin",
  "space-admin",
  "space-role",
  "organization-fallback",
  "organization-role",
  "project-binding",
  "told",
];

/** One way to an access: its way (place in `WAYS`), its role (place in `PageModel.roles`), and what the role holds. */
export type PagePath = readonly [way: number, role: number, set: SetNumber];

/** What somebody has in a place. Whose it is and where is not in it, so that thousands of cells share one. */
export interface PageSide {
  readonly paths: readonly PagePath[];
  /** What a restriction cuts off. */
  readonly cut?: readonly PagePath[];
  readonly total: SetNumber;
  /** 1 where there may be more, since the contents of a role are not known. */
  readonly low?: 1;
  readonly assumed?: readonly AssumptionCode[];
}

/** On which sides of the plan something is so: 1 before, 2 after, 3 both. */
export type Sides = 0 | 1 | 2 | 3;

export interface PagePerson {
  readonly email: string;
  readonly bot?: 1;
  /** 1 for somebody who was invited, or is by the plan, and has not come. */
  readonly pending?: 1;
  /** Where they are an account admin; left out: nowhere. */
  readonly admin?: Sides;
  readonly there: Sides;
}

export interface PagePlace {
  /** 0 an organization, 1 a space, 2 a project. */
  readonly depth: 0 | 1 | 2;
  readonly name: string;
  /** Place in `PageModel.places` of what it is in, always before it; -1 for an organization. */
  readonly within: number;
  readonly there: Sides;
  /** Where a space is private, or a project restricted; left out: nowhere. */
  readonly closed?: Sides;
}

/** How one person's access to one place, and to what is in it, differs. Numbers are places in the tables of the model. */
export interface PageShift {
  readonly person: number;
  /** -1: the whole account. */
  readonly place: number;
  readonly spaces: number;
  readonly projects: number;
  readonly before: number;
  readonly after: number;
  readonly gained: SetNumber;
  readonly lost: SetNumber;
  readonly sort: "admin" | "loses" | "gains";
  /** The steps that bring it about. */
  readonly through: readonly number[];
  readonly until?: string;
  readonly pending?: 1;
}

/** A change of the plan, without what only the applier needs. */
export interface PageStep
  extends Pick<
    Step,
    | "id"
    | "op"
    | "kind"
    | "address"
    | "renamedFrom"
    | "reason"
    | "source"
    | "group"
    | "justification"
    | "expires"
    | "from"
    | "to"
    | "creation"
    | "fields"
    | "hazards"
    | "gate"
    | "cascade"
    | "notes"
  > {
  /** Everybody who has less by it. */
  readonly loses?: readonly number[];
  /** What an approval of it tells, where it waits for one. */
  readonly deed?: ApprovedDeed;
  /** How many must approve it, where it is held and the manifest has rules. */
  readonly needed?: number | undefined;
  /** The approvals that were there for it when the page was made, a line each; left out where there were none. */
  readonly approvals?: { readonly isEnough: boolean; readonly lines: readonly string[] };
  /** The e-mail that whoever approves must type, where a person is deleted for good. */
  readonly confirm?: string;
}

/** The title of the notice of assertions that a plan breaks. */
export const BROKEN_ASSERTIONS = "Assertions that would not hold";

/** Something that a reader must know before they trust the rest. */
export interface PageNotice {
  readonly tone: "error" | "warning" | "note";
  /** 1 where it is shown unfolded: it may change what a reviewer decides. */
  readonly open?: 1;
  readonly title: string;
  readonly items: readonly { readonly text: string; readonly more?: string }[];
}

/**
 * Who may do what where. Of each person a row of runs: number of a cell, how many places next to each other have it, and so
 * on; what is left out at its end is cell 0, which is no access before and after. Equal rows stand there once.
 */
export interface PageMatrix {
  /** `account`: everybody, as far as the account was read. `touched`: only whom the plan touches. `differences`: only what differs. */
  readonly scope: "account" | "touched" | "differences";
  /** Grants that an inherited admin right hides, so that they are not in it: how many, and the first addresses. */
  readonly hidden?: { readonly count: number; readonly some: readonly string[] };
  readonly sides: readonly PageSide[];
  readonly cells: readonly (readonly [before: number, after: number])[];
  readonly rows: readonly (readonly number[])[];
  /** For each person the number of a row. */
  readonly rowOf: readonly number[];
}

/** Commands to be told, complete as they would be typed. */
export interface PageCommands {
  /** Saves the plan; left out where it is saved. */
  readonly save?: string;
  readonly show: string;
  readonly apply: string;
  /** `apply` with an approvals file named; ` FILE` is to be put behind it. */
  readonly applyWith: string;
}

/** All that the review page shows: JSON without anything that a clock or a machine would change. */
export interface PageModel {
  readonly format: 1;
  readonly digest: string;
  /** The ledger that the plan was made with, as an approval of it tells. */
  readonly ledger?: LedgerHead;
  readonly account: { readonly url: string; readonly name?: string };
  /** The run that the plan takes back. */
  readonly undo?: string;
  readonly summary: string;
  readonly commands: PageCommands;
  readonly notices: readonly PageNotice[];
  readonly steps: readonly PageStep[];
  readonly people: readonly PagePerson[];
  readonly places: readonly PagePlace[];
  /** As specs spell them: the word of a predefined role, the address of any other, `?` for one that is not shown. */
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
  /** Places in `permissions`, ascending. */
  readonly sets: readonly (readonly number[])[];
  readonly shifts: readonly PageShift[];
  readonly matrix: PageMatrix;
  /** Present where the page is served and can write the approvals file by itself. */
  readonly served?: PageServed;
}

/** What a served page hears when an approval was written. */
export interface ApprovalAnswer {
  readonly file: string;
  /** How approved each change is now that it names. */
  readonly changes: readonly ApprovedChange[];
  /** What does not count, and what cannot be known there, a sentence each. */
  readonly doubts: readonly string[];
}

/** Whether the approvals of a change are enough. */
export interface ApprovedChange {
  readonly change: string;
  readonly isEnough: boolean;
  /** Whether it is enough and whose are there; why others do not count; how many are needed, of whom. */
  readonly lines: readonly string[];
}

export interface PageServed {
  /** Who approves unless somebody else is named. */
  readonly approver: string;
  /** Where the approvals file goes. */
  readonly folder: string;
}

/** What a served page sends to have an approval written. */
export interface ApprovalRequest {
  readonly changes: readonly string[];
  readonly by: string;
  readonly reason: string;
  /** RFC 3339 instant, a date, or days such as `7d`. */
  readonly expires: string;
  /** The e-mails that were typed, by change. */
  readonly confirmed: Readonly<Record<string, string>>;
}
