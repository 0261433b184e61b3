import type { Position } from "../../model/diagnostic.ts";
import type { DraftSpace } from "../draft.ts";
import { hasInvisible, quoteName } from "../quote-name.ts";
import type { CheckContext } from "./check-context.ts";

/** Names hold no characters that cannot be seen. They are allowed, because the account allows them, and told. */
export function checkNames(context: CheckContext): void {
  for (const [name, at] of listNames(context)) {
    if (!hasInvisible(name)) continue;
    context.problems.report("AX225", {
      at,
      detail: `The name ${quoteName(name)} holds control, format or direction characters, and may look like another on a screen.`,
      fix: "Remove them, unless the account really has the name so.",
    });
  }
}

function listNames({ draft }: CheckContext): readonly (readonly [string, Position])[] {
  const names: (readonly [string, Position])[] = [];
  for (const { name, at } of draft.people?.values() ?? []) names.push([name ?? "", at]);
  for (const { name, at } of draft.groups.values()) names.push([name, at]);
  for (const organization of draft.organizations?.entries.values() ?? []) {
    names.push([organization.name, organization.at]);
    names.push(...[...(organization.spaces?.entries.values() ?? [])].flatMap(listSpaceNames));
  }
  return names;
}

function listSpaceNames({ name, at, projects, serviceKeys }: DraftSpace): readonly (readonly [string, Position])[] {
  const inside = [...(projects?.entries.values() ?? []), ...(serviceKeys?.entries.values() ?? [])];
  return [[name, at], ...inside.map((each) => [each.name, each.at] as const)];
}
