import type { Position } from "../../model/diagnostic.ts";
import { mappingAddress } from "../../model/mapping-address.ts";
import { readSpacePath } from "../build-saml.ts";
import type { DraftMapping, DraftProvider } from "../draft.ts";
import { quoteName } from "../quote-name.ts";
import { isEmailDomain } from "../read-email.ts";
import { readPredefinedRole } from "../role-words.ts";
import { suggestWord } from "../suggest-word.ts";
import type { CheckContext } from "./check-context.ts";
import { checkRole } from "./check-roles.ts";

type Problems = CheckContext["problems"];

/** What a role mapping of an identity provider must be for the platform to take it. */
export function checkMappings(context: CheckContext): void {
  for (const provider of context.draft.saml?.values() ?? []) {
    checkDomain(provider, context.problems);
    checkConditions(provider, context.problems);
    checkStores(provider, context.problems);
    for (const mapping of provider.mappings ?? []) {
      checkGrants(mapping, context);
      checkAdmin(mapping, context.problems);
    }
  }
}

function checkDomain({ domain, at, mappings, mode }: DraftProvider, problems: Problems): void {
  if (!isEmailDomain(domain)) {
    problems.report("AX243", {
      at,
      detail: `${quoteName(domain)} is not the part of an e-mail address behind the @.`,
      fix: "Write the domain alone, such as acme.io.",
    });
  }
  if (mappings?.length !== 0 || mode === "additive") return;
  problems.report("AX248", {
    at,
    detail: `No mapping of ${quoteName(domain)} is to stay; the platform only takes that where logging in with defaults is allowed.`,
    fix: "Write at least one mapping, or leave `mappings` out.",
  });
}

function checkConditions({ domain, mappings }: DraftProvider, problems: Problems): void {
  const seen = new Map<string, Position>();
  for (const { when, at } of mappings ?? []) {
    const address = mappingAddress(domain, when);
    const first = seen.get(address);
    if (first === undefined) seen.set(address, at);
    else {
      problems.report("AX201", {
        at,
        detail: "Another mapping has the same condition; the condition is what tells mappings apart.",
        fix: "Join the two mappings.",
        related: [{ at: first, message: "It is first written here." }],
      });
    }
  }
}

/** A space uses only predefined roles, or only custom ones, across all mappings of a provider. */
function checkStores({ mappings }: DraftProvider, problems: Problems): void {
  const first = new Map<string, { readonly isPredefined: boolean; readonly at: Position }>();
  for (const { path, role } of (mappings ?? []).flatMap(({ spaces }) => spaces)) {
    const isPredefined = readPredefinedRole(role.value) !== undefined;
    const known = first.get(path.value);
    if (known === undefined) first.set(path.value, { isPredefined, at: role.at });
    else if (known.isPredefined !== isPredefined) {
      problems.report("AX246", {
        at: role.at,
        detail: `The mappings give both predefined and custom roles in ${quoteName(path.value)}; the platform takes only one kind for a space.`,
        fix: "Use predefined roles there, or custom ones.",
        related: [{ at: known.at, message: "A role of the other kind is given here." }],
      });
    }
  }
}

function checkGrants({ organization, spaces }: DraftMapping, { draft, problems }: CheckContext): void {
  if (organization !== undefined) {
    const { name, role } = organization;
    checkRole({ draft, level: "organization", role }, problems);
    const known = [...(draft.organizations?.entries.keys() ?? [])];
    if (!known.includes(name.value)) reportUnknownPlace(name.value, { at: name.at, known }, problems);
  }
  const known = [...(draft.organizations?.entries.values() ?? [])].flatMap((each) =>
    [...(each.spaces?.entries.keys() ?? [])].map((space) => `${each.name}/${space}`),
  );
  for (const { path, role } of spaces) {
    checkRole({ draft, level: "space", role }, problems);
    if (readSpacePath(path.value) === undefined) {
      problems.report("AX244", {
        at: path.at,
        detail: `${quoteName(path.value)} does not name an organization and a space in it.`,
        fix: "Write Organization/space; a / within a name is written %2F, and a % is written %25.",
      });
    } else if (!known.includes(path.value)) reportUnknownPlace(path.value, { at: path.at, known }, problems);
  }
}

/** What is not written here may exist; what is nearly written here most likely does not. */
function reportUnknownPlace(
  name: string,
  { at, known }: { readonly at: Position; readonly known: readonly string[] },
  problems: Problems,
): void {
  const meant = suggestWord(name, known);
  if (meant === undefined) return;
  problems.report("AX245", {
    at,
    detail: `${quoteName(name)} is not written in organizations, and something with a similar name is.`,
    fix: `Did you mean "${meant}"?`,
  });
}

function checkAdmin({ organization, spaces, at }: DraftMapping, problems: Problems): void {
  if (organization === undefined || spaces.length === 0) return;
  if (readPredefinedRole(organization.role.value) !== "admin") return;
  problems.report("AX247", {
    at,
    detail: "An organization admin has every space of it; the platform refuses roles in spaces beside that.",
    fix: "Take the spaces out, or give a lower role in the organization.",
  });
}
