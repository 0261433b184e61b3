import { type Address, kindOf, pathText } from "../model/address.ts";
import type { Json } from "../model/json.ts";
import type { Spec } from "../model/resource.ts";
import type { FileEdit, OpenManifest } from "./edit-manifest.ts";
import type { YamlPath } from "./edit-plain.ts";
import { findMentions, nodeAt, spellingIn } from "./find-mentions.ts";
import { type LivePath, livePath } from "./live-path.ts";
import type { LiveTake } from "./live-take.ts";
import { grantValue, listRights, NotWritable, plainOf, sectionEntry } from "./live-values.ts";
import type { MapNode } from "./tree.ts";
import { editMapping, listRoles } from "./write-live-mapping.ts";

/** One thing of an account that the manifest is to follow. */
export type { LiveTake } from "./live-take.ts";

/** The edits that take an account's side into a manifest, and what cannot be taken. */
export interface LiveEdits {
  readonly edits: readonly FileEdit[];
  readonly refused: readonly { readonly address: Address; readonly because: string }[];
}

/** Says how a manifest's files have to be edited to follow the account; nothing is edited yet. */
export function planLiveEdits(open: OpenManifest, takes: readonly LiveTake[]): LiveEdits {
  const edits: FileEdit[] = [];
  const refused: { readonly address: Address; readonly because: string }[] = [];
  const gone = new Set(takes.flatMap(({ take, address }) => (take === "absence" ? [address] : [])));
  for (const take of takes) {
    if (take.take === "absence" && goesAlong(take.address, gone) && !isWritten(open.trees, take.address)) continue;
    try {
      edits.push(...editsFor(open.trees, take));
    } catch (error) {
      if (!(error instanceof NotWritable)) throw error;
      refused.push({ address: take.address, because: error.message });
    }
  }
  return { edits: dropRepeated(edits), refused };
}

type Trees = OpenManifest["trees"];

/** True for what comes through a group, as long as something that it goes with is taken out: the person, or a place around it. */
function goesAlong(address: Address, gone: ReadonlySet<Address>): boolean {
  const path = pathText(address);
  const names = path.split("/");
  const around = (["organization", "space", "project"] as const).slice(0, names.length - 1);
  const person: Address = `user:${path.slice(path.lastIndexOf("/") + 1)}`;
  return gone.has(person) || around.some((kind, depth) => gone.has(`${kind}:${names.slice(0, depth + 1).join("/")}`));
}

function isWritten(trees: Trees, address: Address): boolean {
  return locateAll(trees, livePath(address)).length > 0;
}

function editsFor(trees: Trees, take: LiveTake): readonly FileEdit[] {
  if (kindOf(take.address) === "saml-mapping") {
    return [...listRoles(take).flatMap((role) => listRole(trees, { role })), ...editMapping(trees, take)];
  }
  const place = livePath(take.address);
  switch (take.take) {
    case "fields":
      return Object.entries(take.fields).flatMap(([field, value]) => setField(trees, { ...take, place, field, value }));
    case "entry":
      return addEntry(trees, place, take);
    case "absence":
      return dropEntry(trees, place, take.address);
  }
}

interface FieldSetting {
  readonly address: Address;
  readonly place: LivePath;
  readonly field: string;
  readonly value: Json | undefined;
}

function setField(trees: Trees, setting: FieldSetting): readonly FileEdit[] {
  const { place, field, value } = setting;
  if (isGrant(place)) return setGrant(trees, setting);
  const found = locate(trees, place, field);
  if (found === undefined) throw new NotWritable(`the manifest does not write ${field} where it could be changed`);
  const { file, tree, path } = found;
  const at = [...path, field];
  if (field === "permissions") {
    return listRights(nodeAt(tree, at), value).map((change) =>
      "remove" in change
        ? { file, edit: { op: "remove", path: [...at, change.remove] } }
        : { file, edit: { op: "append", path: at, value: change.append } },
    );
  }
  return [{ file, edit: { op: "set", path: at, value: plainOf(value) } }];
}

/** A grant is a bare role or a mapping; one that comes through a group is written directly, which wins. */
function setGrant(trees: Trees, { place, field, value }: FieldSetting): readonly FileEdit[] {
  if (field !== "role") throw new NotWritable("a person has one role in one place, and there are two");
  const role = grantValue({ role: value });
  const found = locate(trees, place, undefined);
  if (found === undefined) return addToSection(trees, place, role);
  const isMapping = nodeAt(found.tree, found.path)?.kind === "map";
  const path = isMapping ? [...found.path, "role"] : found.path;
  return [{ file: found.file, edit: { op: "set", path, value: role } }];
}

function addEntry(
  trees: Trees,
  place: LivePath,
  { address, spec }: LiveTake & { readonly take: "entry" },
): readonly FileEdit[] {
  const listed = [...listPerson(trees, place), ...listRole(trees, spec)];
  return [...listed, ...addToSection(trees, place, sectionEntry(kindOf(address), spec))];
}

/** Where people are written, everybody used is listed; the account knows them, so that nothing else has to be said. */
function listPerson(trees: Trees, { section, name }: LivePath): readonly FileEdit[] {
  return isGrant({ section }) ? listName(trees, "people", name) : [];
}

function isGrant({ section }: Pick<LivePath, "section">): boolean {
  return section.at(-1) === "members" || section.at(-1) === "bindings";
}

/** The same for custom roles. */
function listRole(trees: Trees, { role }: Spec): readonly FileEdit[] {
  const name = typeof role === "string" && role.startsWith("role:") ? grantValue({ role }) : undefined;
  return name === undefined || name.startsWith("Project ") ? [] : listName(trees, "roles", name);
}

function listName(trees: Trees, section: string, name: string): readonly FileEdit[] {
  const place = { section: [section], name };
  const isNeeded = findSection(trees, place) !== undefined && locate(trees, place, undefined) === undefined;
  return isNeeded ? addToSection(trees, place, {}) : [];
}

function addToSection(
  trees: Trees,
  place: LivePath,
  value: Extract<FileEdit["edit"], { readonly op: "add" }>["value"],
): readonly FileEdit[] {
  const section = findSection(trees, place);
  if (section === undefined) throw new NotWritable("the manifest has no section for it");
  return [{ file: section.file, edit: { op: "add", path: section.path, key: place.name, value } }];
}

function dropEntry(trees: Trees, place: LivePath, address: Address): readonly FileEdit[] {
  if (kindOf(address) === "user") {
    return [...trees].flatMap(([file, tree]) =>
      findMentions(tree, place.name).map((path): FileEdit => ({ file, edit: { op: "remove", path } })),
    );
  }
  const found = locateAll(trees, place);
  if (found.length === 0) {
    throw new NotWritable(
      isGrant(place) ? "it comes through a group: take the person out of the group by hand" : "no file writes it",
    );
  }
  return found.map(({ file, path }) => ({
    file,
    edit: kindOf(address) === "restriction" ? { op: "set", path, value: false } : { op: "remove", path },
  }));
}

interface Found {
  readonly file: string;
  readonly tree: MapNode;
  readonly path: YamlPath;
}

/** The file that writes a resource, or a field of it, with the path as the file spells it. */
function locate(trees: Trees, place: LivePath, field: string | undefined): Found | undefined {
  return locateAll(trees, place).find(
    ({ tree, path }) => field === undefined || nodeAt(tree, [...path, field]) !== undefined,
  );
}

/** Every file that opens a resource: organizations, spaces and projects may be opened in several. */
function locateAll(trees: Trees, { section, name }: LivePath): readonly Found[] {
  return [...trees].flatMap(([file, tree]) => {
    const map = nodeAt(tree, section);
    const key = map?.kind === "map" && map.entries.has(name) ? name : spellName(section, map, name);
    return key === undefined ? [] : [{ file, tree, path: [...section, key] }];
  });
}

/** How a file spells a name that may be written in more than one way: an e-mail, or an e-mail domain. */
function spellName(section: YamlPath, map: ReturnType<typeof nodeAt>, name: string): string | undefined {
  return ["people", "members", "bindings", "saml"].includes(String(section.at(-1))) ? spellingIn(map, name) : undefined;
}

function findSection(
  trees: Trees,
  { section }: LivePath,
): { readonly file: string; readonly path: YamlPath } | undefined {
  const found = [...trees].find(([, tree]) => nodeAt(tree, section)?.kind === "map");
  return found && { file: found[0], path: section };
}

/** Each edit once, and none of what goes along with a removal. */
function dropRepeated(edits: readonly FileEdit[]): readonly FileEdit[] {
  const removed = edits.filter(({ edit }) => edit.op === "remove");
  const seen = new Set<string>();
  return edits.filter(({ file, edit }) => {
    const isInside = removed.some(
      (other) =>
        other.file === file && other.edit.path.length < edit.path.length && isWithin(other.edit.path, edit.path),
    );
    const key = JSON.stringify([file, edit]);
    return !isInside && !seen.has(key) && seen.add(key);
  });
}

function isWithin(outer: YamlPath, inner: YamlPath): boolean {
  return outer.every((step, index) => inner[index] === step);
}
