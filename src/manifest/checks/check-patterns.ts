import type { Placed } from "../../model/manifest.ts";
import { quoteName } from "../quote-name.ts";
import { ADDRESS_KINDS, isKindName, readAddress } from "../read-address.ts";
import { suggestWord } from "../suggest-word.ts";
import type { CheckContext } from "./check-context.ts";

const KINDS: readonly string[] = Object.keys(ADDRESS_KINDS);
/** Where somebody may do something. */
const PLACES: readonly string[] = ["organization", "space", "project"];

/** `absent` holds addresses, `ignore` and `protect` hold patterns that can fit one, `on` patterns that can fit a place. */
export function checkPatterns({ draft, problems }: CheckContext): void {
  for (const entry of draft.absent) {
    if (readAddress(entry.value) !== undefined) continue;
    const [kind = ""] = entry.value.split(":");
    problems.report("AX221", {
      at: entry.at,
      detail: `${quoteName(entry.value)} is not the address of anything a manifest can name.`,
      fix:
        suggestKind(kind, KINDS) ??
        "Write kind:names, such as space:Organization/name; / and % inside a name are %2F and %25.",
    });
  }
  for (const entry of [...draft.ignore, ...draft.protect]) checkPattern(entry, KINDS, problems);
  const separated = draft.policy.separate.flatMap(({ on }) => (on === undefined ? [] : [on]));
  const asserted = draft.assertions.flatMap(({ on }) => on);
  const owned = draft.owners.map(({ on }) => on);
  for (const entry of [...separated, ...asserted, ...owned]) checkPattern(entry, PLACES, problems);
}

function checkPattern(
  { value, at }: Placed<string>,
  kinds: readonly string[],
  problems: CheckContext["problems"],
): void {
  const colon = value.indexOf(":");
  const kind = colon < 0 ? "*" : value.slice(0, colon);
  const segments = value.slice(colon + 1).split("/");
  if (kind !== "*" && !kinds.includes(kind)) {
    problems.report("AX222", {
      at,
      detail: `${quoteName(kind)} is not a kind of address that can stand here. Kinds: ${kinds.join(", ")}.`,
      fix: suggestKind(kind, kinds) ?? "Write one of the kinds, or * for all.",
    });
    return;
  }
  if (segments.some((segment) => !isSegment(segment))) {
    problems.report("AX222", {
      at,
      detail: `${quoteName(value)} has an empty name, a ** beside other characters, or a % that encodes nothing.`,
      fix: "Write * for one name and ** for any number; / and % inside a name are %2F and %25.",
    });
    return;
  }
  if (isKindName(kind)) checkLength({ value, at }, { segments, names: ADDRESS_KINDS[kind].names }, problems);
}

interface Lengths {
  readonly segments: readonly string[];
  readonly names: number;
}

function checkLength(entry: Placed<string>, { segments, names }: Lengths, problems: CheckContext["problems"]): void {
  const fixed = segments.filter((segment) => segment !== "**").length;
  const fits = fixed === segments.length ? fixed === names : fixed <= names;
  if (fits) return;
  problems.report("AX228", {
    at: entry.at,
    detail: `Addresses of this kind have ${names} name${names === 1 ? "" : "s"}, so ${quoteName(entry.value)} fits none.`,
    fix: "Add or remove names, or write ** for any number.",
  });
}

function isSegment(segment: string): boolean {
  if (segment === "**") return true;
  return segment !== "" && !segment.includes("**") && !/%(?![0-9A-F]{2})/u.test(segment);
}

function suggestKind(kind: string, kinds: readonly string[]): string | undefined {
  const meant = kinds.includes(kind) ? undefined : suggestWord(kind, kinds);
  return meant === undefined ? undefined : `Did you mean "${meant}:"?`;
}
