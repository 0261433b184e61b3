import { isWritable } from "../manifest/writable.ts";
import type { WrittenEntry } from "../manifest/write-manifest.ts";
import type { Address } from "../model/address.ts";
import type { Observation } from "../model/plan.ts";
import type { DescribedGrants } from "./describe-grants.ts";
import { describePeople } from "./describe-people.ts";
import { type DescribedPlace, describePlaces } from "./describe-places.ts";
import { describeRoles } from "./describe-roles.ts";
import { describeSaml } from "./describe-saml.ts";
import { type Omission, toComments } from "./omission.ts";
import { type ProposedGroups, proposeGroups } from "./propose-groups.ts";
import { type View, viewAccount } from "./view.ts";
import { writePlaces } from "./write-places.ts";

/** An account as the entries of a manifest, and what these leave out. */
export interface DescribedAccount {
  /** What a reader must know of the whole. */
  readonly remarks: readonly string[];
  readonly entries: readonly WrittenEntry[];
  readonly omissions: readonly Omission[];
}

/** What of an account is to be told, and how. */
export interface Wish {
  /** Organizations and spaces; none means the whole account. */
  readonly scopes: readonly Address[];
  readonly hasGroups: boolean;
}

/**
 * Tells an account as a manifest that would change nothing on it. What a manifest cannot say is left out, and a comment stands in
 * its place. Pure: the same account gives the same entries.
 */
export function describeAccount(observation: Observation, { scopes, hasGroups }: Wish): DescribedAccount {
  const view = viewAccount(observation, scopes);
  const people = describePeople(view);
  const roles = describeRoles(view);
  const places = describePlaces({ view, people, roles });
  const grants = listGrants(places.content);
  const groups = hasGroups ? proposeGroups(grants) : undefined;
  const used = findUsed(grants);
  const organizations = writePlaces(places.content, { view, groups });
  const keep = <K>(entries: ReadonlyMap<K, WrittenEntry>, wanted: ReadonlySet<string>): readonly WrittenEntry[] =>
    [...entries.values()].filter(({ key }) => view.isWhole || wanted.has(key));
  const saml = view.isWhole ? describeSaml(view, roles) : { entries: [], omissions: [] };
  const general = view.isWhole ? [...people.omissions, ...roles.omissions, ...saml.omissions] : [];
  const sections: readonly WrittenEntry[] = [
    {
      key: "people",
      value: keep(people.entries, used.people),
      comments: view.isWhole ? toComments(people.omissions) : [],
    },
    { key: "groups", value: writeGroups(groups), comments: [] },
    { key: "roles", value: keep(roles.entries, used.words), comments: view.isWhole ? toComments(roles.omissions) : [] },
    { key: "organizations", value: organizations, comments: [...places.remarks, ...toComments(places.omissions)] },
    { key: "saml", value: saml.entries, comments: saml.entries.length === 0 ? toComments(saml.omissions) : [] },
  ];
  return {
    // What there is to say of a section that is empty is said at the head.
    remarks: [...describeReading(view), ...sections.filter(isEmpty).flatMap(({ comments }) => comments)],
    entries: [...writeAccountName(view), ...sections.filter((entry) => !isEmpty(entry))],
    omissions: [...general, ...places.omissions, ...listOmissions(places.content)],
  };
}

function isEmpty({ value }: WrittenEntry): boolean {
  return typeof value === "object" && "length" in value && value.length === 0;
}

function writeAccountName({ observation }: View): readonly WrittenEntry[] {
  const name = observation.caller.accountName ?? "";
  return isWritable("account", name) ? [{ key: "account", value: name, comments: [] }] : [];
}

function writeGroups(groups: ProposedGroups | undefined): readonly WrittenEntry[] {
  return [...(groups?.people ?? [])].map(([name, people]) => ({ key: name, value: people, comments: [] }));
}

/** Unreadable members are told where they are missing. */
const TOLD_IN_PLACE = "AX302";

function describeReading({ observation }: View): readonly string[] {
  const lines = observation.notes.flatMap(({ code, detail }) => (code === TOLD_IN_PLACE ? [] : [detail]));
  return [...new Set(lines)];
}

function listGrants(places: readonly DescribedPlace[]): readonly DescribedGrants[] {
  return places.flatMap(({ grants, content }) => [...(grants === undefined ? [] : [grants]), ...listGrants(content)]);
}

function listOmissions(places: readonly DescribedPlace[]): readonly Omission[] {
  return places.flatMap(({ grants, content, omissions }) => [
    ...(grants?.omissions ?? []),
    ...omissions,
    ...listOmissions(content),
  ]);
}

function findUsed(grants: readonly DescribedGrants[]): {
  readonly people: ReadonlySet<string>;
  readonly words: ReadonlySet<string>;
} {
  const people = new Set<string>();
  const words = new Set<string>();
  for (const { roles } of grants) {
    for (const [email, word] of roles) {
      people.add(email);
      words.add(word);
    }
  }
  return { people, words };
}
