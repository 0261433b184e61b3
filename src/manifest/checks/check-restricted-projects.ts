import type { Grant, Manifest, Organization, Project, Section, Space } from "../../model/manifest.ts";
import { quoteName } from "../quote-name.ts";
import type { CheckContext } from "./check-context.ts";

/** Somebody who is not an admin is bound to a restricted project, or only admins would see it. */
export function checkRestrictedProjects({ manifest, problems }: CheckContext): void {
  for (const organization of manifest.organizations?.entries.values() ?? []) {
    for (const space of organization.spaces?.entries.values() ?? []) {
      for (const project of space.projects?.entries.values() ?? []) {
        if (project.restricted?.value !== true || bindsSomebody(project, { manifest, organization, space })) continue;
        problems.report("AX217", {
          at: project.restricted.at,
          detail: `The project ${quoteName(project.name)} is restricted, and the manifest binds nobody to it but admins, who see it anyway.`,
          fix: "Write bindings for those who shall work with it.",
        });
      }
    }
  }
}

interface Around {
  readonly manifest: Manifest;
  readonly organization: Organization;
  readonly space: Space;
}

function bindsSomebody(project: Project, { manifest, organization, space }: Around): boolean {
  const isAdmin = (person: string): boolean =>
    manifest.people?.get(person)?.role === "admin" ||
    hasAdmin(organization.members, person) ||
    hasAdmin(space.members, person);
  return [...(project.bindings?.entries.keys() ?? [])].some((person) => !isAdmin(person));
}

function hasAdmin(members: Section<Grant> | undefined, person: string): boolean {
  return members?.entries.get(person)?.role === "admin";
}
