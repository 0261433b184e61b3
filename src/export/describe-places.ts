import { type GrantLevel, isWritable } from "../manifest/writable.ts";
import { type Address, type KindName, pathPart } from "../model/address.ts";
import type { Resource } from "../model/resource.ts";
import { type DescribedGrants, describeGrants, describeHidden, listHidden } from "./describe-grants.ts";
import type { DescribedPeople } from "./describe-people.ts";
import type { DescribedRoles } from "./describe-roles.ts";
import { type Omission, quote } from "./omission.ts";
import type { View } from "./view.ts";

/** A place that is written, with whom it gives what and what is written inside it. */
export interface DescribedPlace {
  readonly name: string;
  readonly resource: Resource;
  readonly grants: DescribedGrants | undefined;
  readonly content: readonly DescribedPlace[];
  readonly omissions: readonly Omission[];
  /** What a reader must know of its content. */
  readonly remarks: readonly string[];
}

interface Around {
  readonly view: View;
  readonly people: DescribedPeople;
  readonly roles: DescribedRoles;
}

/** The places of an account that are told, each with its grants, and what cannot be named. */
export function describePlaces(around: Around): Pick<DescribedPlace, "content" | "omissions" | "remarks"> {
  return describeContent(
    "organization",
    undefined,
    (organization) => describeOrganization(organization, around),
    around,
  );
}

function describeOrganization(resource: Resource, around: Around): Omit<DescribedPlace, "name"> {
  const { address } = resource;
  const { view } = around;
  const own: Inside = { ...around, insiders: undefined, tellsHidden: true };
  const grants = view.isTold(address) ? grantsIn(address, "organization", own) : undefined;
  const insiders = grants === undefined || grants.roles.size === 0 ? undefined : new Set(grants.roles.keys());
  const shared = listHiddenEverywhere(address, view);
  const within: Inside = { ...around, insiders, tellsHidden: shared.length === 0 };
  const inside = describeContent("space", address, (space) => describeSpace(space, within), around);
  return { resource, grants, ...inside, remarks: [...inside.remarks, ...describeHidden(shared, "in these spaces")] };
}

/** People whose entries are hidden in every space of an organization alike, where there are several and none has other such people. */
function listHiddenEverywhere(organization: Address, view: View): readonly string[] {
  const spaces = view.listIn("space", organization).filter(({ address }) => view.isTold(address));
  const hidden = spaces.map(({ address }) => listHidden(address, { view, level: "space" }));
  const [first = [], ...others] = hidden;
  return others.length > 0 && others.every((people) => people.join() === first.join()) ? first : [];
}

interface Inside extends Around {
  readonly insiders: ReadonlySet<string> | undefined;
  readonly tellsHidden: boolean;
}

function describeSpace(resource: Resource, around: Inside): Omit<DescribedPlace, "name"> {
  const { address } = resource;
  const grants = grantsIn(address, "space", around);
  const inside = describeContent("project", address, (project) => describeProject(project, around), around);
  return { resource, grants, ...inside };
}

function describeProject(resource: Resource, around: Inside): Omit<DescribedPlace, "name"> {
  const grants = grantsIn(resource.address, "project", around);
  const isUnread = around.view.coverageOf("restriction", resource.address) === "unreadable";
  const remarks = isUnread ? ["Whether the project is restricted could not be read, and is not managed."] : [];
  return { resource, grants, content: [], omissions: [], remarks };
}

function grantsIn(place: Address, level: GrantLevel, { people, roles, ...around }: Inside): DescribedGrants {
  return describeGrants(place, { ...around, level, words: roles.words, people: people.accountRoles });
}

function describeContent(
  kind: GrantLevel,
  place: Address | undefined,
  describe: (resource: Resource) => Omit<DescribedPlace, "name">,
  { view }: Around,
): Pick<DescribedPlace, "content" | "omissions" | "remarks"> {
  const content: DescribedPlace[] = [];
  const omissions: Omission[] = [];
  for (const resource of view.listIn(kind, place)) {
    const name = pathPart(resource.address, -1);
    if (!view.isOpened(resource.address)) continue;
    if (isWritable("name", name)) content.push({ name, ...describe(resource) });
    else {
      const sentence = `The ${kind} ${quote(name)}, and what is in it, is not managed: its name cannot be written here.`;
      omissions.push({ address: resource.address, sentence, isLoss: true });
    }
  }
  return { content, omissions, remarks: describeCoverage(kind, place, view) };
}

function describeCoverage(kind: KindName, place: Address | undefined, view: View): readonly string[] {
  const coverage = view.coverageOf(kind, place);
  if (coverage === "unreadable") return [`The ${kind}s could not be read, and are not managed.`];
  const isShort = coverage === "partial" && view.observation.caller.accountAdmin === "yes";
  return isShort ? [`The ${kind}s were not read whole: there may be more.`] : [];
}
