import {
  type Address,
  type ClassKey,
  classKey,
  compareAddresses,
  type KindName,
  kindOf,
  pathText,
} from "../model/address.ts";
import { ClassedWorld } from "../model/classed-world.ts";
import { compareDiagnostics, type Diagnostic } from "../model/diagnostic.ts";
import { canonicalJson, compareText } from "../model/json.ts";
import type { KindLogic, KindReading, KindReads, UnreadPlace } from "../model/kind.ts";
import type { Coverage, Memory, Observation, ReadSelection } from "../model/plan.ts";
import type { Caller, PlatformReader } from "../model/platform.ts";
import { type Resource, remoteOf } from "../model/resource.ts";
import { sortByKey } from "../model/sorted-map.ts";
import { askEarly } from "./ask-early.ts";
import { askRemembered } from "./ask-remembered.ts";
import { forgetClasses } from "./forget-classes.ts";
import { requirePassing } from "./passing-failure.ts";
import { describeCaller, describeFailure, joinNotes } from "./tell-reading.ts";
import { tellUnread } from "./tell-unread.ts";

type ReadableKind = KindLogic & KindReads;

interface ObserveOptions {
  readonly reader: PlatformReader;
  readonly kinds: readonly ReadableKind[];
  readonly selection: ReadSelection;
  /** What was read of the same account a moment ago: it is added to, and no class of it is read again. */
  readonly base?: Observation;
  /** What the ledger remembers; without it nothing is told apart that has one name. */
  readonly memory?: Pick<Memory, "owned" | "lastWritten">;
  /** True where nothing will be written by what is read, neither to the account nor to the ledger. */
  readonly onlyToTell?: boolean;
  /** Told once for each kind that was read. */
  readonly onRead?: (kind: KindName, count: number) => void;
}

/**
 * Reads what was selected of an account, kinds side by side as far as one does not need another. What cannot be read is told by
 * its coverage and a note; only a refused key and an interruption end the reading.
 */
export async function observeAccount(options: ObserveOptions): Promise<Observation> {
  const found = beginWith(options);
  const { early, late } = askEarly(options.reader);
  const running = new Map<KindName, Promise<void>>();
  const start = (kind: ReadableKind): Promise<void> => {
    const known = running.get(kind.name);
    if (known !== undefined) return known;
    const before = options.kinds.filter(({ name }) => kind.readAfter.includes(name)).map(start);
    const reading = Promise.all(before).then(() => readKind(kind, { ...options, reader: late }, found));
    running.set(kind.name, reading);
    // Refusals are heard by whoever reads.
    reading.then(() => askOfPeople(kind.name, { ...options, reader: early }, found)).catch(() => {});
    const parents = kind.parentKind === undefined ? undefined : running.get(kind.parentKind);
    parents?.then(() => askAhead(kind, { ...options, reader: early }, found)).catch(() => {});
    return reading;
  };
  askRemembered({ ...options, reader: early });
  const identifying = options.base?.caller ?? identifyCaller(options.reader, found);
  const [caller] = await Promise.all([identifying, ...options.kinds.map(start)]);
  // Kinds end in any order: what they found stands in the one order that says nothing of it.
  const coverage = sortByKey(found.coverage);
  return {
    world: found.world.sort(),
    coverage: caller.accountAdmin === "yes" ? coverage : distrust(coverage),
    covered: new Set([...found.covered].sort()),
    belongings: options.base?.belongings ?? new Map(),
    caller,
    ...(options.selection.focus !== undefined && { glimpse: found.glimpse }),
    notes: joinNotes(
      options.base?.notes ?? describeCaller(caller),
      [...found.notes, ...tellUnread(found.unread)].sort(compareDiagnostics),
    ),
  };
}

/** Asks for what is surely read later: the longest chain of calls decides how long a reading takes. */
async function askAhead(kind: ReadableKind, { reader, selection }: ObserveOptions, found: Findings): Promise<void> {
  const { readEarly, lists = [], listsFrom = 1 } = kind;
  if ((readEarly === undefined && lists.length === 0) || selection.focus !== undefined) return;
  const parents = selectParents(kind, selection, found);
  if (parents.length === 0) return;
  const early = parents.length < listsFrom ? [] : lists;
  await Promise.all([...early.map((list) => reader.list(list)), readEarly?.({ reader, world: found.world, parents })]);
}

/** Asks for what those have who alone are looked for, once it is known who they are: their places need not be known for that. */
function askOfPeople(read: KindName, { reader, kinds, selection }: ObserveOptions, { world }: Findings): void {
  const { people = [], named } = selection.focus ?? {};
  const wanted = new Set([...(named ?? [])].map(kindOf));
  const ids = people.flatMap((person) => (kindOf(person) === read ? (remoteOf(world.get(person))?.["id"] ?? []) : []));
  for (const { name, listsOf } of kinds) {
    if (listsOf === undefined || !wanted.has(name)) continue;
    for (const list of ids.flatMap(listsOf)) void reader.list(list);
  }
}

interface Findings {
  readonly world: ClassedWorld;
  readonly byId: Map<KindName, Map<string, Address>>;
  readonly coverage: Map<ClassKey | KindName, Coverage>;
  readonly covered: Set<Address>;
  readonly notes: Diagnostic[];
  readonly unread: UnreadPlace[];
  /** Made when it is first asked for. */
  readonly remembered: () => ReadonlyMap<string, Address>;
  readonly glimpse: {
    readonly loose: Set<ClassKey>;
    readonly assumed: Set<Address>;
    readonly strays: Set<KindName>;
  };
}

function beginWith({ base, memory, selection, kinds }: ObserveOptions): Findings {
  // What was only glimpsed is forgotten, and read anew.
  const anew = new Set([...(base?.glimpse?.loose ?? [])].filter((key) => selection.classes.has(key)));
  const known = base && forgetClasses(base, anew, kinds);
  const found: Findings = {
    world: known === undefined ? new ClassedWorld() : ClassedWorld.copy(known.world),
    byId: new Map(),
    coverage: new Map(known?.coverage),
    covered: new Set(known?.covered),
    notes: [],
    unread: [],
    remembered: once(() => indexMemory(memory)),
    glimpse: {
      loose: new Set(known?.glimpse?.loose),
      assumed: new Set(known?.glimpse?.assumed),
      strays: new Set(known?.glimpse?.strays),
    },
  };
  for (const resource of found.world.single()) keepId(resource, found);
  return found;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function keepId(resource: Resource, { byId }: Findings): void {
  const id = remoteOf(resource)?.["id"];
  if (id === undefined) return;
  const ids = byId.get(resource.kind);
  if (ids === undefined) byId.set(resource.kind, new Map([[id, resource.address]]));
  else ids.set(id, resource.address);
}

/** Who is asking; unknown where that could not be found out, which is no reason to know nothing else. */
async function identifyCaller(reader: PlatformReader, found: Findings): Promise<Caller> {
  try {
    return await reader.identify();
  } catch (error) {
    found.notes.push(describeFailure("Finding out who the key belongs to", requirePassing(error)));
    const unknown = { userId: undefined, email: undefined, accountName: undefined } as const;
    return { ...unknown, accountAdmin: "unknown", graphql: "unavailable" };
  }
}

async function readKind(kind: ReadableKind, options: ObserveOptions, found: Findings): Promise<void> {
  const parents = selectParents(kind, options.selection, found);
  if (parents.length === 0) return;
  const reading = await tryRead(kind, parents, { options, found });
  for (const [key, coverage] of reading.coverage) found.coverage.set(key, coverage);
  for (const address of reading.covered ?? []) found.covered.add(address);
  // One by one: a call takes only so many arguments.
  for (const note of reading.notes) found.notes.push(note);
  for (const unread of reading.unread ?? []) found.unread.push(unread);
  noteGlimpse(kind.name, reading, found);
  let count = reading.resources.length;
  for (const resource of reading.resources) keep(resource, kind, found);
  for (const each of reading.classes ?? []) {
    count += each.resources.size;
    for (const resource of found.world.addClass(each)) keep(resource, kind, found);
  }
  options.onRead?.(kind.name, count);
}

function noteGlimpse(kind: KindName, reading: KindReading, { glimpse }: Findings): void {
  for (const key of reading.loose ?? []) glimpse.loose.add(key);
  for (const address of reading.assumed ?? []) glimpse.assumed.add(address);
  if (reading.hasStrays === true) glimpse.strays.add(kind);
  else glimpse.strays.delete(kind);
}

/** The parents whose class of the kind is wanted and which are there; for a kind without parent one undefined if it is wanted. */
function selectParents(
  kind: ReadableKind,
  { classes, under, within = () => true }: ReadSelection,
  { world, coverage }: Findings,
): readonly (Address | undefined)[] {
  if (coverage.has(kind.name)) return [];
  if (kind.parentKind === undefined) return classes.has(`${kind.name}@`) || under.includes("") ? [undefined] : [];
  const parents: Address[] = [];
  for (const { address } of world.ofKind(kind.parentKind)) {
    if (coverage.has(classKey(kind.name, address)) || !within(address)) continue;
    if (classes.has(classKey(kind.name, address)) || under.some((scope) => isWithin(address, scope)))
      parents.push(address);
  }
  return parents.sort(compareAddresses);
}

function isWithin(address: Address, scope: Address | ""): boolean {
  if (scope === "" || address === scope) return true;
  return pathText(address).startsWith(`${pathText(scope)}/`);
}

async function tryRead(
  kind: ReadableKind,
  parents: readonly (Address | undefined)[],
  { options, found }: { readonly options: ObserveOptions; readonly found: Findings },
): Promise<KindReading> {
  try {
    return await kind.read({
      reader: options.reader,
      world: found.world.sort(),
      parents,
      byId: (name, id) => found.byId.get(name)?.get(id),
      rememberedAs: (name, id) => found.remembered().get(`${name} ${id}`),
      onlyToTell: options.onlyToTell ?? false,
      ...(options.selection.focus !== undefined && { focus: options.selection.focus }),
    });
  } catch (error) {
    const note = describeFailure(`Reading every ${kind.title}`, requirePassing(error));
    return { resources: [], coverage: new Map([[kind.name, "unreadable"]]), notes: [note] };
  }
}

/** The addresses of what axcess made or wrote, by kind and id. */
function indexMemory(memory: ObserveOptions["memory"]): ReadonlyMap<string, Address> {
  if (memory === undefined) return new Map();
  const written = [...memory.lastWritten].map(([address, { remote }]) => [address, remote] as const);
  return new Map(
    [...new Map([...memory.owned, ...written])].map(([address, { id }]) => [`${kindOf(address)} ${id}`, address]),
  );
}

/** Keeps a resource under its address. Two under one address would make every judgement on it a guess. */
function keep(resource: Resource, kind: ReadableKind, found: Findings): void {
  const { address } = resource;
  const other = found.world.get(address);
  if (other === undefined || compareText(identityOf(resource), identityOf(other)) < 0) {
    found.world.set(resource);
    const formerly = remoteOf(other)?.["id"];
    if (formerly !== undefined) found.byId.get(kind.name)?.delete(formerly);
    keepId(resource, found);
  }
  if (other === undefined) return;
  found.coverage.set(classKey(kind.name, kind.parentOf(address)), "partial");
  found.notes.push({
    code: "AX304",
    severity: "warning",
    summary: "Two objects have the same name",
    detail: `The platform has more than one ${kind.title} called ${address}; nothing is removed beside them.`,
    fix: "Rename or delete one of them in the web interface.",
  });
}

/** Which of two is kept does not depend on the order in which a list had them. */
function identityOf(resource: Resource): string {
  return canonicalJson(remoteOf(resource));
}

/** Lists of a caller who is not known to be an account admin may leave things out without saying so. */
function distrust(coverage: ReadonlyMap<ClassKey | KindName, Coverage>): ReadonlyMap<ClassKey | KindName, Coverage> {
  return new Map([...coverage].map(([key, value]) => [key, value === "complete" ? "partial" : value]));
}
