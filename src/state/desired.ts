import { type Address, type ClassKey, classKey, kindOf, parseClassKey, pathText } from "../model/address.ts";
import { ClassedWorld } from "../model/classed-world.ts";
import { formatPosition } from "../model/diagnostic.ts";
import type { Declaration, KindLogic } from "../model/kind.ts";
import type { ManageMode, Manifest } from "../model/manifest.ts";
import type { Desired, Lapse, ReadSelection, Unwanted } from "../model/plan.ts";
import { type Origin, type Resource, writtenAt } from "../model/resource.ts";
import { selectPlaceReads } from "./place-reads.ts";

/** How long before it lapses a grant is told of. */
const LAPSE_NOTICE_MILLISECONDS = 14 * 24 * 60 * 60 * 1000;

/** What a manifest wants of an account at one moment: grants whose time is over are wanted gone. */
export function makeDesired(options: {
  readonly manifest: Manifest;
  readonly kinds: readonly KindLogic[];
  readonly now: Date;
}): Desired {
  const { manifest, kinds, now } = options;
  const world = new ClassedWorld(
    [],
    kinds.flatMap((kind) => kind.declareClasses?.(manifest) ?? []),
  );
  const absent = new Map<Address, Unwanted>();
  const renames = new Map<Address, readonly Address[]>();
  const lapses: Lapse[] = [];
  for (const declaration of kinds.flatMap((kind) => (kind.declareRest ?? kind.declare)(manifest))) {
    const { resource, previously = [], expires } = declaration;
    const { address, origin } = resource;
    const reason = whyAbsent(declaration, now);
    if (reason !== undefined) {
      absent.set(address, { reason, origin });
      continue;
    }
    world.set(isRotationDue(declaration, now) ? withRotation(declaration) : resource);
    if (previously.length > 0) renames.set(address, previously);
    if (expires !== undefined && millisecondsTo(expires, now) <= LAPSE_NOTICE_MILLISECONDS)
      lapses.push({ address, expires, source: sourceOf(resource) });
  }
  for (const { value, at } of manifest.absent) {
    if (!world.has(value)) absent.set(value, { reason: "declared-absent", origin: writtenAt(at) });
  }
  return {
    world,
    managed: collectManaged(manifest, kinds),
    absent,
    renames,
    ignore: manifest.ignore.map(({ value }) => value),
    protect: manifest.protect.map(({ value }) => value),
    lapses,
    assertions: manifest.assertions,
    policy: manifest.policy,
  };
}

/** What has to be read of an account to compare it with what is desired and to check the assertions, and no more. */
export function selectReads(desired: Desired, kinds: readonly KindLogic[]): ReadSelection {
  const byName = new Map<string, KindLogic>(kinds.map((kind) => [kind.name, kind]));
  const classes = new Set<ClassKey>(desired.managed.keys());
  const under = new Set<Address | "">();
  for (const [key, mode] of desired.managed) {
    const { kind, parent } = parseClassKey(key);
    if (mode === "authoritative" && isContainer(kind, kinds)) under.add(parent ?? "");
  }
  addAbsent({ classes, under }, desired.absent.keys(), byName);
  const asserted = selectPlaceReads(desired.assertions.flatMap(({ on }) => on));
  for (const key of asserted.classes) classes.add(key);
  for (const scope of asserted.under) under.add(scope);
  // Content is of use only with the names of those who hold it and of what they hold.
  for (const { name, parentKind, governs } of under.size > 0 ? kinds : []) {
    if (parentKind === undefined && governs === undefined) classes.add(`${name}@`);
  }
  for (const key of [...classes]) addAncestors(key, byName, classes);
  addFormerNames({ classes, under }, collectFormerPaths(desired.renames, kinds));
  return { classes, under: [...under].sort() };
}

interface Selecting {
  readonly classes: Set<ClassKey>;
  readonly under: Set<Address | "">;
}

/** What is to go is read with what it hangs on, and with all that may go with it. */
function addAbsent(
  { classes, under }: Selecting,
  absent: Iterable<Address>,
  byName: ReadonlyMap<string, KindLogic>,
): void {
  const kinds = [...byName.values()];
  for (const address of absent) {
    const kind = byName.get(kindOf(address));
    classes.add(classOf(address, byName));
    for (const attached of kind?.attachedTo(address) ?? []) classes.add(classOf(attached, byName));
    if (isContainer(kindOf(address), kinds)) under.add(address);
    if (kind?.isHeldAnywhere === true) under.add("");
  }
}

/** True from the instant on at which something is to be renewed. */
function isRotationDue({ rotatesFrom }: Declaration, now: Date): boolean {
  return rotatesFrom !== undefined && millisecondsTo(rotatesFrom, now) <= 0;
}

/** The instant is the field's value, so that one window asks for one renewal, whoever made it and when. */
function withRotation({ resource, rotatesFrom = "" }: Declaration): Resource {
  return { ...resource, spec: { ...resource.spec, rotation: rotatesFrom } };
}

/** Why a declared resource must not be there now; undefined when it is wanted. */
function whyAbsent({ present, expires }: Declaration, now: Date): "expired" | "declared-absent" | undefined {
  if (!present) return "declared-absent";
  return expires !== undefined && millisecondsTo(expires, now) <= 0 ? "expired" : undefined;
}

function millisecondsTo(instant: string, now: Date): number {
  return Date.parse(instant) - now.getTime();
}

/** `file:line:column` of what the manifest declares. */
export function sourceOf(resource: { readonly origin: Origin }): string {
  const { origin } = resource;
  return origin.from === "manifest" ? formatPosition(origin.at) : "";
}

function collectManaged(manifest: Manifest, kinds: readonly KindLogic[]): ReadonlyMap<ClassKey, ManageMode> {
  const managed = new Map<ClassKey, ManageMode>();
  for (const { key, mode } of kinds.flatMap((kind) => kind.managedClasses(manifest))) {
    if (mode === "authoritative" || !managed.has(key)) managed.set(key, mode);
  }
  return managed;
}

function isContainer(kind: string, kinds: readonly KindLogic[]): boolean {
  return kinds.some(({ parentKind }) => parentKind === kind);
}

function classOf(address: Address, byName: ReadonlyMap<string, KindLogic>): ClassKey {
  return classKey(kindOf(address), byName.get(kindOf(address))?.parentOf(address));
}

function addAncestors(key: ClassKey, byName: ReadonlyMap<string, KindLogic>, classes: Set<ClassKey>): void {
  for (let { parent } = parseClassKey(key); parent !== undefined; ) {
    const above = classOf(parent, byName);
    if (classes.has(above)) return;
    classes.add(above);
    ({ parent } = parseClassKey(above));
  }
}

/** The paths that containers had before, by the path they are to have. */
function collectFormerPaths(
  renames: Desired["renames"],
  kinds: readonly KindLogic[],
): ReadonlyMap<string, readonly string[]> {
  const containers = [...renames].filter(([address]) => isContainer(kindOf(address), kinds));
  return new Map(containers.map(([address, previous]) => [pathText(address), previous.map(pathText)]));
}

/** What is to be renamed is still read under the names it had. */
function addFormerNames({ classes, under }: Selecting, formerPaths: ReadonlyMap<string, readonly string[]>): void {
  if (formerPaths.size === 0) return;
  for (const key of [...classes]) {
    const { kind, parent } = parseClassKey(key);
    if (parent === undefined) continue;
    for (const path of formerVariants(pathText(parent), formerPaths)) {
      classes.add(classKey(kind, `${kindOf(parent)}:${path}`));
    }
  }
  for (const scope of [...under]) {
    if (scope === "") continue;
    for (const path of formerVariants(pathText(scope), formerPaths)) under.add(`${kindOf(scope)}:${path}`);
  }
}

/** Every path a path may have had, renaming at each level on its own. */
function formerVariants(path: string, formerPaths: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const slash = path.lastIndexOf("/");
  const own = formerPaths.get(path) ?? [];
  if (slash < 0) return own;
  const above = formerVariants(path.slice(0, slash), formerPaths);
  const lasts = [path, ...own].map((variant) => variant.slice(variant.lastIndexOf("/")));
  return [...own, ...above.flatMap((former) => lasts.map((last) => `${former}${last}`))];
}
