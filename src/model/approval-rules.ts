import { type ChangeId, type Digest, HAZARD_TITLES, type Hazard, type HazardCode } from "./change.ts";
import { isSameJson } from "./json.ts";
import { latePattern } from "./late-pattern.ts";

/** Whose approval never counts. */
export type Excluded = "author" | "beneficiary";

/** What the manifest says of approvals. */
export interface ApprovalRules {
  /** How many different people must approve: by default, and where a change has a hazard. The highest number that fits counts. */
  readonly needed: Readonly<Partial<Record<HazardCode | "default", number>>>;
  /** E-mails in lower case whose approvals count, groups expanded, sorted; left out where anybody's do. */
  readonly by?: readonly string[];
  readonly notBy: readonly Excluded[];
  readonly signed: boolean;
  /** Path of the list of signers, relative to the manifest; left out where signatures are not compared with one. */
  readonly allowedSigners?: string;
}

/** Rules together with the list of signers they name, as it was read. */
export interface RulesInForce extends ApprovalRules {
  readonly signers?: SignerList;
}

/** A list of allowed signers in the format of ssh-keygen. */
export interface SignerList {
  readonly digest: Digest;
  readonly text: string;
}

/** The rules that the ledger remembers, and its line that says so. */
export interface RememberedRules {
  readonly rules: RulesInForce;
  readonly line: Digest;
}

/** What a plan tells of approvals; each change that is not named needs `needed.default`, or one. */
export interface ApprovalNeeds {
  readonly rules: ApprovalRules;
  /** How many people must approve, by held change. */
  readonly needed: Readonly<Record<ChangeId, number>>;
  /** The rules are weaker than those that the ledger remembers: these go on until this is approved by them. */
  readonly change?: RulesChange;
}

/** A weakening of the rules themselves: approved like a change of the account. */
export interface RulesChange {
  readonly id: ChangeId;
  /** What is weaker, a sentence each. */
  readonly weaker: readonly string[];
  /** The rules that go on until then. */
  readonly before: ApprovalRules;
}

/** One approval by anybody: what holds where the manifest says nothing. */
export const NO_RULES: ApprovalRules = { needed: {}, notBy: [], signed: false };

/** How many different people must approve a change with these hazards. */
export function countNeeded({ needed }: ApprovalRules, hazards: readonly Pick<Hazard, "code">[]): number {
  return Math.max(needed.default ?? 1, ...hazards.map(({ code }) => needed[code] ?? 1));
}

/** Hazards that the rules name hold a change, whatever else is said of them. */
export function listHeld({ needed }: ApprovalRules): readonly HazardCode[] {
  return (Object.keys(HAZARD_TITLES) as readonly HazardCode[]).filter((code) => needed[code] !== undefined);
}

/** The highest number anywhere in the rules: so many must approve a weakening of them. */
export function countMost({ needed }: ApprovalRules): number {
  return Math.max(1, ...Object.values(needed));
}

/** The one spelling of a person by which approvals are told apart. */
export function normalizeApprover(by: string): string {
  return by.normalize("NFKC").trim().toLowerCase();
}

/** True for an e-mail without anything that a list of signers, a shell or a terminal could take for something else. */
export function isApproverEmail(by: string): boolean {
  return by.length <= 254 && findApprover().test(by);
}

const UNFIT = String.raw`\s@\p{C}\p{Z}!*?,;:"'\x60<>()[\]\\`;
const findApprover = latePattern(`^[^${UNFIT}-][^${UNFIT}]*@[^${UNFIT}]+$`, "u");

/** What is weaker in one set of rules than in the other, a sentence each; none where it asks for at least as much in every way. */
export function describeWeaker(before: RulesInForce, now: RulesInForce): readonly string[] {
  return [
    ...weakerNumbers(before, now),
    ...weakerPeople(before, now),
    ...before.notBy
      .filter((who) => !now.notBy.includes(who))
      .map((who) => `The ${who} of a change may approve it now.`),
    ...(before.signed && !now.signed ? ["Approvals need no signature any more."] : []),
    ...(now.signed ? weakerSigners(before.signers, now.signers) : []),
  ];
}

/** The rules as a plan tells them, without the list of signers that was read. */
export function withoutSigners({ signers: _, ...rules }: RulesInForce): ApprovalRules {
  return rules;
}

/** True where both ask for the same. Where the list of signers lies does not matter; what stands in it does. */
export function areSameRules(a: RulesInForce, b: RulesInForce): boolean {
  const bare = ({ allowedSigners: _, signers, ...rules }: RulesInForce): unknown => ({
    ...rules,
    signers: signers?.digest,
  });
  return isSameJson(bare(a), bare(b));
}

function weakerNumbers(before: ApprovalRules, now: ApprovalRules): readonly string[] {
  return [
    // Stryker disable next-line ArrayDeclaration: no rule names what is no hazard, and each asks for one at least.
    ...describeFewer("A held change", countNeeded(before, []), countNeeded(now, [])),
    ...listHeld(before).flatMap((code) => {
      if (now.needed[code] === undefined) return [`The rules say nothing of "${code}" any more.`];
      return describeFewer(
        `A change that has "${code}"`,
        countNeeded(before, [{ code }]),
        countNeeded(now, [{ code }]),
      );
    }),
  ];
}

function describeFewer(subject: string, before: number, now: number): readonly string[] {
  return now < before ? [`${subject} needs ${now} instead of ${before}.`] : [];
}

function weakerPeople({ by: before }: ApprovalRules, { by: now }: ApprovalRules): readonly string[] {
  if (before === undefined) return [];
  if (now === undefined) return ["Anybody may approve now."];
  const more = now.filter((email) => !before.includes(email));
  return more.length === 0 ? [] : [`More people may approve now: ${more.join(", ")}.`];
}

/** Lines that only go, go for people who may no longer sign; every other difference may let somebody in. */
function weakerSigners(before: SignerList | undefined, now: SignerList | undefined): readonly string[] {
  if (before === undefined || now === undefined) return [];
  const known = new Set(listSigners(before.text));
  const more = listSigners(now.text).filter((line) => !known.has(line));
  return more.length === 0 ? [] : [`The list of allowed signers has ${more.length} other or new lines.`];
}

function listSigners(text: string): readonly string[] {
  return text
    .split(/\r?\n/u)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
}
