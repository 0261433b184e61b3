// A second opinion on who may do what, written from the published rules and not from the code it is compared with.
import type { AccessSettings } from "../../src/model/access.ts";

/** What a company is made of, as a person would tell it. Nothing in it is an address. */
export interface Story {
  /** People by name, bots among them. */
  readonly people: Readonly<Record<string, Person>>;
  /** Custom roles by name, with what they hold; `undefined` where nobody knows. */
  readonly customRoles: Readonly<Record<string, readonly string[] | undefined>>;
  /** What the account lists of predefined roles, by the name it lists them under. */
  readonly listedRoles: Readonly<Record<string, readonly string[]>>;
  readonly organizations: Readonly<Record<string, Organization>>;
}

interface Person {
  /** A bot is in no list of people. */
  readonly account: "admin" | "member" | "annotator" | "bot";
  readonly status: "ACTIVE" | "INVITED" | "EXPIRED" | "untold";
}

interface Organization {
  /** `hidden`: in it, with a role that the server does not show. */
  readonly members: Readonly<Record<string, string>>;
  readonly spaces: Readonly<Record<string, Space>>;
}

interface Space {
  readonly privacy: "public" | "private" | "untold";
  /** A predefined role, a custom one (`custom:Name`), both, or `hidden`. */
  readonly members: Readonly<Record<string, readonly string[]>>;
  readonly projects: Readonly<Record<string, Project>>;
}

interface Project {
  readonly restricted: boolean;
  /** One of the documented roles of projects, or `custom:Name`. */
  readonly bindings: Readonly<Record<string, string>>;
}

/** A place of a story: the names on the way to it, one to three. */
export type Spot = readonly [string, string?, string?];

/** What the documentation says of predefined roles. */
export interface Documented {
  readonly space: Readonly<Record<string, ReadonlySet<string>>>;
  readonly project: Readonly<Record<string, ReadonlySet<string>>>;
}

/** What is said to be the case; `unsure` where a role counts that nobody can read. */
export interface Opinion {
  readonly holds: "everything" | ReadonlySet<string>;
  readonly unsure: boolean;
  readonly waits: boolean;
}

const UNREADABLE = "?";

/**
 * effective = everything            if an admin of account, organization or space
 *           = direct                if the project is restricted
 *           = inherited and direct  otherwise
 */
export function judgeByFormula(
  story: Story,
  name: string,
  [organizationName, spaceName, projectName]: Spot,
  settings: AccessSettings,
  documented: Documented,
): Opinion {
  const person = story.people[name];
  const organization = story.organizations[organizationName];
  const space = spaceName === undefined ? undefined : organization?.spaces[spaceName];
  const project = projectName === undefined ? undefined : space?.projects[projectName];
  const isThere =
    organization !== undefined &&
    (spaceName === undefined || space !== undefined) &&
    (projectName === undefined || project !== undefined);
  const waits = person?.status === "INVITED" || person?.status === "EXPIRED";
  if (!isThere) return { holds: new Set(), unsure: false, waits };

  const inOrganization = organization.members[name];
  const inSpace = space?.members[name];
  const onProject = project?.bindings[name];

  const isAdmin = person?.account === "admin" || inOrganization === "admin" || inSpace?.includes("admin") === true;
  if (isAdmin) return { holds: "everything", unsure: false, waits };

  const contents = (role: string): ReadonlySet<string> => contentsOf(role, story, documented);
  // A role that is not shown could be that of an admin, wherever one looks from.
  const shadow = new Set(inOrganization === "hidden" || inSpace?.includes("hidden") === true ? [UNREADABLE] : []);

  if (space === undefined) {
    const belonging = new Set(inOrganization === undefined ? [] : [UNREADABLE]);
    return conclude(union(shadow, belonging), waits);
  }

  let inherited: ReadonlySet<string> = new Set();
  if (inSpace !== undefined) inherited = union(...inSpace.filter((role) => role !== "hidden").map(contents));
  else if (inOrganization !== undefined && inOrganization !== "hidden" && space.privacy !== "private") {
    inherited = contents(inOrganization);
  }
  if (project === undefined) return conclude(union(shadow, inherited), waits);

  const isOutside = inOrganization === undefined;
  const isShutOut = space.privacy === "private" && inSpace === undefined;
  const annotates =
    person?.account === "annotator" || inOrganization === "annotator" || inSpace?.includes("annotator") === true;
  const counts =
    onProject !== undefined &&
    (settings.bindingWorksOutsideOrganization || !isOutside) &&
    (settings.bindingOpensPrivateSpace || !isShutOut) &&
    (settings.annotatorMayHoldBinding || !annotates);
  const direct = counts ? contents(onProject) : new Set<string>();
  return conclude(project.restricted ? union(shadow, direct) : union(shadow, inherited, direct), waits);
}

function contentsOf(role: string, story: Story, documented: Documented): ReadonlySet<string> {
  if (role.startsWith("custom:")) {
    const held = story.customRoles[role.slice("custom:".length)];
    return new Set(held ?? [UNREADABLE]);
  }
  const names: Readonly<Record<string, string>> = {
    member: "Member",
    "read-only": "Read Only",
    annotator: "Annotator",
  };
  const listed = story.listedRoles[names[role] ?? role];
  if (listed !== undefined) return new Set(listed);
  return documented.space[role] ?? documented.project[role] ?? new Set([UNREADABLE]);
}

function union(...sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  const all = new Set<string>();
  for (const set of sets) for (const member of set) all.add(member);
  return all;
}

function conclude(all: ReadonlySet<string>, waits: boolean): Opinion {
  const holds = new Set(all);
  const unsure = holds.delete(UNREADABLE);
  return { holds, unsure, waits };
}
