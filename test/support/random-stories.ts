import fc from "fast-check";
import { type Address, formatAddress, kindOf } from "../../src/model/address.ts";
import type { Resource, Spec, World } from "../../src/model/resource.ts";
import type { Spot, Story } from "./oracle-access.ts";
import { live } from "./plan-input.ts";

const PEOPLE = ["ana", "ben", "bot"] as const;
const CUSTOM = ["Ops", "Read Only", "Gone"];
const PERMISSIONS = ["PROJECT_READ", "PROJECT_RESTRICT", "SPACE_READ"];
const PREDEFINED = ["member", "read-only", "annotator"];

const anyCustomRole = fc.constantFrom(...CUSTOM.map((name) => `custom:${name}`));

/** Small companies with every combination of grants that bears on access, those that the platform refuses among them. */
export const anyStory: fc.Arbitrary<Story> = fc.record({
  people: fc.record({ ana: anyPerson(), ben: anyPerson(), bot: anyPerson("bot") }),
  customRoles: fc.record(
    { Ops: fc.subarray(PERMISSIONS), "Read Only": fc.subarray(PERMISSIONS) },
    { requiredKeys: ["Ops"] },
  ),
  listedRoles: fc.record(
    {
      Member: fc.constant(["LISTED_FOR_MEMBERS"]),
      Annotator: fc.constant(["LISTED_FOR_ANNOTATORS"]),
      "Project Viewer": fc.constant(["LISTED_FOR_VIEWERS"]),
    },
    { requiredKeys: [] },
  ),
  organizations: fc.record({
    Acme: fc.record({
      members: anyGrants(fc.constantFrom("admin", ...PREDEFINED, ...PREDEFINED, "hidden")),
      spaces: fc.record({ alpha: anySpace(), beta: anySpace() }, { requiredKeys: ["alpha"] }),
    }),
  }),
});

function anyPerson(only?: "bot"): fc.Arbitrary<Story["people"][string]> {
  if (only !== undefined) return fc.constant({ account: only, status: "untold" });
  return fc.record({
    account: fc.constantFrom("member", "member", "admin", "annotator"),
    status: fc.constantFrom("ACTIVE", "INVITED", "EXPIRED", "untold"),
  });
}

function anySpace(): fc.Arbitrary<Story["organizations"][string]["spaces"][string]> {
  return fc.record({
    privacy: fc.constantFrom("public", "private", "untold"),
    members: anyGrants(
      fc.oneof(
        fc.constantFrom(...PREDEFINED, "admin", "hidden").map((role) => [role]),
        anyCustomRole.map((role) => [role]),
        fc.tuple(fc.constantFrom(...PREDEFINED, "admin", "hidden"), anyCustomRole),
      ),
    ),
    projects: fc.record({
      web: fc.record({
        restricted: fc.boolean(),
        bindings: anyGrants(
          fc.oneof(fc.constantFrom("Project Viewer", "Project Editor", "Project Admin"), anyCustomRole),
        ),
      }),
    }),
  });
}

function anyGrants<T>(grant: fc.Arbitrary<T>): fc.Arbitrary<Readonly<Record<string, T>>> {
  return fc.dictionary(fc.constantFrom(...PEOPLE), grant);
}

/** Every place of a story, one that is not there, and one in what is not there. */
export function listSpots({ organizations }: Story): readonly Spot[] {
  const spots: Spot[] = [
    ["Acme", "alpha", "nowhere"],
    ["Nowhere", "alpha", "web"],
  ];
  for (const [organization, { spaces }] of Object.entries(organizations)) {
    spots.push([organization]);
    for (const [space, { projects }] of Object.entries(spaces)) {
      spots.push([organization, space]);
      for (const project of Object.keys(projects)) spots.push([organization, space, project]);
    }
  }
  return spots;
}

/** The address of a place of a story. */
export function addressOf(spot: Spot): Address {
  const names = spot.filter((name) => name !== undefined);
  return formatAddress(["organization", "space", "project"][names.length - 1] ?? "", names);
}

/** The address of a person of a story. */
export function personOf(name: string): Address {
  return formatAddress("user", [`${name}@acme.io`]);
}

/** The story as a live account would be read. */
export function tellWorld(story: Story): World {
  const resources: Resource[] = [];
  const add = (kind: string, path: readonly string[], spec: Spec = {}, more: Partial<Resource> = {}): void => {
    resources.push(live(formatAddress(kind, path), spec, more));
  };
  const at = (name: string): string => `${name}@acme.io`;
  for (const [name, { account, status }] of Object.entries(story.people)) {
    if (account !== "bot") add("user", [at(name)], { role: account }, status === "untold" ? {} : { facts: { status } });
  }
  for (const [name, held] of Object.entries(story.listedRoles)) add("role", [name], contents(held), { builtin: true });
  for (const [name, held] of Object.entries(story.customRoles))
    if (held !== undefined) add("role", [name], contents(held));
  for (const [organization, { members, spaces }] of Object.entries(story.organizations)) {
    add("organization", [organization]);
    for (const [name, role] of Object.entries(members)) {
      if (role === "hidden") add("org-member", [organization, at(name)], {}, { unknown: ["role"] });
      else add("org-member", [organization, at(name)], { role });
    }
    for (const [space, { privacy, members: inSpace, projects }] of Object.entries(spaces)) {
      add("space", [organization, space], privacy === "untold" ? {} : { private: privacy === "private" });
      for (const [name, [role = "", also]] of Object.entries(inSpace)) {
        const second = also === undefined ? null : spell(also);
        if (role === "hidden")
          add("space-member", [organization, space, at(name)], { also: second }, { unknown: ["role"] });
        else add("space-member", [organization, space, at(name)], { role: spell(role), also: second });
      }
      for (const [project, { restricted, bindings }] of Object.entries(projects)) {
        add("project", [organization, space, project]);
        if (restricted) add("restriction", [organization, space, project]);
        for (const [name, role] of Object.entries(bindings)) {
          const address = role.startsWith("custom:") ? spell(role) : formatAddress("role", [role]);
          add("binding", [organization, space, project, at(name)], { role: address });
        }
      }
    }
  }
  return new Map(resources.map((resource) => [resource.address, resource]));
}

function contents(held: readonly string[]): Spec {
  return { permissions: Object.fromEntries(held.map((permission) => [permission, true])) };
}

/** A role as specs spell it: predefined ones by their word, custom ones by address. */
function spell(role: string): string {
  return role.startsWith("custom:") ? formatAddress("role", [role.slice("custom:".length)]) : role;
}

/** A world in lines that a person can follow: what stands where, and what of it decides. */
export function renderWorld(world: World): string {
  return [...world.values()]
    .map(({ address, spec, unknown, facts, builtin }) => {
      const more = {
        ...spec,
        ...facts,
        ...(unknown === undefined ? {} : { hidden: unknown }),
        ...(builtin && { builtin }),
      };
      const told = Object.entries(more).map(([field, value]) => `${field}=${JSON.stringify(value)}`);
      return `  ${kindOf(address).padEnd(12)} ${address.slice(address.indexOf(":") + 1)}  ${told.join(" ")}`.trimEnd();
    })
    .join("\n");
}
