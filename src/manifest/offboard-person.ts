import type { Files } from "../model/ports.ts";
import { type EditedManifest, editManifest, type FileEdit, openManifest } from "./edit-manifest.ts";
import { findMentions, nodeAt } from "./find-mentions.ts";
import { isEmail, normalizeEmail, normalizeWho } from "./read-email.ts";
import type { MapNode } from "./tree.ts";

/** The e-mail address in its one spelling; undefined where a text cannot be one. */
export function readEmailAddress(text: string): string | undefined {
  const email = normalizeEmail(text);
  return isEmail(email) ? email : undefined;
}

/**
 * Takes a person out of a manifest, in memory: out of people, groups, members and bindings of every file, and into
 * `offboard`. All or nothing; where the person stands in `offboard` only, nothing changes.
 */
export async function offboardPerson(options: {
  readonly files: Files;
  readonly paths: readonly string[];
  readonly email: string;
}): Promise<EditedManifest> {
  const open = await openManifest(options.files, options.paths);
  if (open.diagnostics.length > 0) {
    return { texts: new Map(), changes: [], manifest: undefined, diagnostics: open.diagnostics };
  }
  const edits = [...open.trees].flatMap(([file, tree]) =>
    findMentions(tree, options.email).map((path): FileEdit => ({ file, edit: { op: "remove", path } })),
  );
  return await editManifest(open, [...edits, ...listOffboarding(open.trees, options.email)]);
}

/** The sections that stand before `offboard`. */
const SECTIONS_BEFORE = ["version", "account", "manage", "people", "groups", "roles", "organizations"];

/** Adds the person to the section that is there, else to a new one in the file of `people`, else in the first file. */
function listOffboarding(trees: ReadonlyMap<string, MapNode>, email: string): readonly FileEdit[] {
  const files = [...trees];
  if (files.some(([, tree]) => isOffboarded(tree, email))) return [];
  const withSection = files.filter(([, tree]) => tree.entries.has("offboard"));
  const withPeople = files.filter(([, tree]) => tree.entries.has("people"));
  const chosen = withSection.find(([, tree]) => tree.entries.has("people")) ?? withSection[0];
  if (chosen !== undefined) return [{ file: chosen[0], edit: { op: "append", path: ["offboard"], value: email } }];
  const file = (withPeople[0] ?? files[0])?.[0] ?? "";
  return [{ file, edit: { op: "add", path: [], key: "offboard", value: [email], after: SECTIONS_BEFORE } }];
}

function isOffboarded(tree: MapNode, email: string): boolean {
  const list = nodeAt(tree, ["offboard"]);
  return (
    list?.kind === "list" &&
    list.items.some((item) => item.kind === "scalar" && normalizeWho(String(item.value)) === email)
  );
}
