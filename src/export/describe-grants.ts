import { type GrantLevel, wordOfRole } from "../manifest/writable.ts";
import { type Address, type KindName, pathPart } from "../model/address.ts";
import type { RoleRef } from "../model/manifest.ts";
import type { Resource } from "../model/resource.ts";
import { type Omission, quote } from "./omission.ts";
import type { View } from "./view.ts";

/** Whom a manifest can give which roles in one place. */
export interface DescribedGrants {
  readonly place: Address;
  /** The word of the role by e-mail, in order. */
  readonly roles: ReadonlyMap<string, string>;
  readonly omissions: readonly Omission[];
  /** What a reader must know beside. */
  readonly remarks: readonly string[];
}

/** What decides whether a grant can be written. */
export interface GrantContext {
  readonly view: View;
  readonly level: GrantLevel;
  /** People who are written, with their account role. */
  readonly people: ReadonlyMap<string, string>;
  /** Words of the custom roles that are written, by address. */
  readonly words: ReadonlyMap<string, string>;
  /** False where whose entries are hidden is told for several places at once. */
  readonly tellsHidden: boolean;
  /** Members of the organization around that are written; undefined where none are. */
  readonly insiders: ReadonlySet<string> | undefined;
}

const KIND_AT: Readonly<Record<GrantLevel, KindName>> = {
  organization: "org-member",
  space: "space-member",
  project: "binding",
};

/** Describes the members, or the bindings, of one place; what was not read at all is not described. */
export function describeGrants(place: Address, context: GrantContext): DescribedGrants {
  const { view, level } = context;
  const kind = KIND_AT[level];
  const coverage = view.coverageOf(kind, place);
  const what = level === "project" ? "roles on the project" : "members";
  if (coverage === "unreadable") {
    return { place, roles: new Map(), omissions: [], remarks: [`The ${what} could not be read, and are not managed.`] };
  }
  const roles = new Map<string, string>();
  const omissions: Omission[] = [];
  for (const grant of view.listIn(kind, place)) {
    const email = pathPart(grant.address, -1);
    const judged = judgeGrant(grant, email, context);
    if ("word" in judged) roles.set(email, judged.word);
    else omissions.push({ address: grant.address, isLoss: judged.isLoss, sentence: judged.sentence });
  }
  const isShort = coverage === "partial" && view.observation.caller.accountAdmin === "yes";
  return {
    place,
    roles,
    omissions,
    remarks: [
      ...(isShort ? [`The ${what} were not read whole: there may be more.`] : []),
      ...(context.tellsHidden ? describeHidden(listHidden(place, context), "here") : []),
    ],
  };
}

/** People of whom an inherited admin right hides whether they have an entry of their own in a place. */
export function listHidden(place: Address, { view, level }: Pick<GrantContext, "view" | "level">): readonly string[] {
  return view.listCovered(KIND_AT[level], place).map((address) => nameOf(pathPart(address, -1)));
}

/** Tells of people whose entries are hidden; nothing where there are none. */
export function describeHidden(people: readonly string[], where: string): readonly string[] {
  if (people.length === 0) return [];
  return [`An admin right hides whether these have an entry of their own ${where}: ${people.join(", ")}.`];
}

type Judged = { readonly word: string } | { readonly sentence: string; readonly isLoss: boolean };

function judgeGrant(grant: Resource, email: string, context: GrantContext): Judged {
  const role = grant.spec["role"];
  const also = grant.spec["also"];
  const loss = (sentence: string): Judged => ({ sentence, isLoss: true });
  if (context.view.isBot(email)) {
    return {
      sentence: `The bot of a service key, ${email}, is here as ${nameRole(role)}; not managed.`,
      isLoss: false,
    };
  }
  const who = nameOf(email);
  if (grant.builtin === true) return loss(`${who} is here as ${nameRole(role)} and is not the account's to manage.`);
  const accountRole = context.people.get(email);
  if (accountRole === undefined)
    return loss(`${who} is here as ${nameRole(role)} and is not among the people that can be written.`);
  if (typeof role !== "string") return loss(`${who} is here in a role that the server does not show.`);
  if (typeof also === "string") {
    return loss(`${who} has two roles here, ${nameRole(role)} and ${nameRole(also)}; a manifest knows one.`);
  }
  const word = wordOfRole(context.level, role as RoleRef, context.words);
  if (word === undefined) return loss(`${who} is here as ${nameRole(role)}, which cannot be written here.`);
  if (context.level !== "project" && (word === "annotator") !== (accountRole === "annotator")) {
    return loss(
      `${who} is here as ${nameRole(role)}, and in the account as ${accountRole}; a manifest does not mix the two.`,
    );
  }
  if (context.insiders?.has(email) === false) {
    return loss(`${who} is here as ${nameRole(role)} and is not among the members of the organization.`);
  }
  return { word };
}

/** Somebody whom only an id is known of stands under it, behind a control character. */
function nameOf(email: string): string {
  return email.startsWith("\u0000") ? `Somebody whom nobody lists (${email.slice(1)})` : email;
}

function nameRole(role: unknown): string {
  if (typeof role !== "string") return "something that the server does not show";
  if (!role.startsWith("role:")) return role;
  const name = pathPart(role as Address, 0);
  return name.startsWith("\u0000") ? `a role that nobody lists (${name.slice(1)})` : quote(name);
}
