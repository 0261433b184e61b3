import type { Address, KindName } from "./address.ts";
import { compareText } from "./json.ts";
import { MapView } from "./map-view.ts";
import type { Resource, Spec, World } from "./resource.ts";
import { sortByKey } from "./sorted-map.ts";

/** Many resources of one class, of which each is made where it is asked: a large account has a hundred times as many grants as all else. */
export interface ResourceClass {
  readonly kind: KindName;
  /** What all their addresses begin with: `space-member:Organization/space/`. */
  readonly prefix: string;
  /** By the last name of the address, as it stands there; in its order. */
  readonly resources: ReadonlyMap<string, Resource>;
  /** Their specs, each made without the rest. Of none of them a field is unknown. */
  readonly specs: ReadonlyMap<string, Spec>;
}

/** Some of a world: the last names of what is of one class, or addresses. */
interface Run {
  readonly of?: ResourceClass;
  readonly names: readonly string[];
}

/** A world of which the most is held as classes. As long as it is not sorted, what is held singly comes first, as it was added. */
export class ClassedWorld extends MapView<Address, Resource> {
  private singles: Map<Address, Resource>;
  private classes: Map<string, ResourceClass>;
  /** Kinds of which something is held singly. */
  private readonly singleKinds = new Set<KindName>();
  private isSorted = false;

  constructor(singles: Iterable<Resource> = [], classes: Iterable<ResourceClass> = []) {
    super();
    this.singles = new Map();
    this.classes = new Map();
    for (const each of classes) this.classes.set(each.prefix, each);
    for (const single of singles) this.set(single);
  }

  /** A world that can be changed without changing the other. */
  static copy(world: World): ClassedWorld {
    return ClassedWorld.from(world, () => true);
  }

  /** What is kept of a world; of a class all or nothing, by what its addresses begin with. */
  static from(world: World, isKept: (address: Address) => boolean): ClassedWorld {
    const { singles, classes } = world instanceof ClassedWorld ? world : new ClassedWorld(world.values());
    return new ClassedWorld(
      [...singles.values()].filter(({ address }) => isKept(address)),
      [...classes.values()].filter(({ prefix }) => isKept(prefix as Address)),
    );
  }

  get size(): number {
    let { size } = this.singles;
    for (const { resources } of this.classes.values()) size += resources.size;
    return size;
  }

  get(address: Address): Resource | undefined {
    return this.singles.get(address) ?? this.classOf(address)?.resources.get(lastName(address));
  }

  has(address: Address): boolean {
    return this.singles.has(address) || this.classOf(address)?.resources.has(lastName(address)) === true;
  }

  /** What is held singly: all that is in any way out of the ordinary is among it. */
  single(): MapIterator<Resource> {
    return this.singles.values();
  }

  listClasses(): MapIterator<ResourceClass> {
    return this.classes.values();
  }

  /** The class whose addresses begin so; undefined where there is none that is held as one. */
  classUnder(prefix: string): ResourceClass | undefined {
    return this.classes.get(prefix);
  }

  /** Whether something of a kind is held singly. */
  hasSingle(kind: KindName): boolean {
    return this.singleKinds.has(kind);
  }

  /** Shows all addresses in their order, with the specs of what is of a class; all else is to be asked for. */
  visitSpecs(show: (address: Address, spec: Spec | undefined) => void): void {
    for (const { of, names } of this.runs()) {
      for (const name of names) {
        if (of === undefined) show(name as Address, undefined);
        else show(`${of.prefix}${name}` as Address, of.specs.get(name));
      }
    }
  }

  /** What is of a kind, in no order. */
  *ofKind(kind: KindName): MapIterator<Resource> {
    if (this.singleKinds.has(kind)) for (const one of this.singles.values()) if (one.kind === kind) yield one;
    for (const each of this.classes.values()) if (each.kind === kind) yield* each.resources.values();
  }

  /** Puts a resource in the place of what stood under its address. */
  set(resource: Resource): void {
    this.delete(resource.address);
    this.singles.set(resource.address, resource);
    this.singleKinds.add(resource.kind);
    this.isSorted = false;
  }

  delete(address: Address): void {
    const own = this.classOf(address);
    if (own?.resources.has(lastName(address)) === true) {
      this.classes.delete(own.prefix);
      for (const other of own.resources.values()) {
        this.singles.set(other.address, other);
        this.singleKinds.add(other.kind);
      }
      this.isSorted = false;
    }
    this.singles.delete(address);
  }

  /** Adds a class. Where something stands already under one of its addresses nothing is added, and its resources are given back. */
  addClass(added: ResourceClass): Iterable<Resource> {
    const { kind, prefix, resources } = added;
    if (this.classes.has(prefix)) return resources.values();
    const isTaken = (name: string): boolean => this.singles.has(`${prefix}${name}` as Address);
    if (this.singleKinds.has(kind) && [...resources.keys()].some(isTaken)) return resources.values();
    this.classes.set(prefix, added);
    this.isSorted = false;
    return [];
  }

  /** Puts all in the order of addresses, until something is added. */
  sort(): this {
    this.singles = sortByKey(this.singles);
    this.classes = sortByKey(this.classes);
    this.isSorted = true;
    return this;
  }

  *keys(): MapIterator<Address> {
    for (const { of, names } of this.runs())
      for (const name of names) yield (of === undefined ? name : `${of.prefix}${name}`) as Address;
  }

  *entries(): MapIterator<[Address, Resource]> {
    for (const { of, names } of this.runs()) {
      for (const name of names) {
        const resource = of === undefined ? this.singles.get(name as Address) : of.resources.get(name);
        yield [(of === undefined ? name : `${of.prefix}${name}`) as Address, resource as Resource];
      }
    }
  }

  /** All there is, a run of one class, or of what is held singly, at a time. */
  private *runs(): Generator<Run> {
    const singles = [...this.singles.keys()];
    let at = 0;
    for (const of of this.classes.values()) {
      const { prefix, resources } = of;
      const from = at;
      while (at < singles.length && (!this.isSorted || (singles[at] as Address) < prefix)) at += 1;
      yield { names: singles.slice(from, at) };
      let names = this.isSorted ? inOrder([...resources.keys()]) : [...resources.keys()];
      // What is held singly may stand among those of a class.
      for (; singles[at]?.startsWith(prefix) === true; at += 1) {
        const single = singles[at] as Address;
        const after = names.findIndex((name) => `${prefix}${name}` > single);
        const before = after === -1 ? names.length : after;
        yield { of, names: names.slice(0, before) };
        yield { names: [single] };
        names = names.slice(before);
      }
      yield { of, names };
    }
    yield { names: singles.slice(at) };
  }

  private classOf(address: Address): ResourceClass | undefined {
    if (this.classes.size === 0) return undefined;
    const end = address.lastIndexOf("/") + 1;
    return end === 0 ? undefined : this.classes.get(address.slice(0, end));
  }
}

/**
 * Every resource of a world, each with what stands under its address in another; without those that both have in one class and whose
 * specs, by `isSame`, need no closer look.
 */
export function* pairResources(
  world: World,
  other: World,
  isSame: (spec: Spec, other: Spec) => boolean,
): Generator<readonly [Resource, Resource | undefined]> {
  for (const resource of resourcesHeldSingly(world)) yield [resource, other.get(resource.address)];
  for (const { prefix, resources, specs } of classesOf(world)) {
    const others = other instanceof ClassedWorld ? other.classUnder(prefix) : undefined;
    for (const name of specs.keys()) {
      const found = others?.specs.get(name);
      if (found !== undefined && isSame(specs.get(name) as Spec, found)) continue;
      const resource = resources.get(name) as Resource;
      yield [resource, others?.resources.get(name) ?? other.get(resource.address)];
    }
  }
}

/** The last names in a class of a world under whose addresses nothing stands in another. */
export function namesMissingIn(other: World, { kind, prefix, resources }: ResourceClass): readonly string[] {
  const others = other instanceof ClassedWorld ? other.classUnder(prefix)?.resources : undefined;
  const missing = [...resources.keys()].filter((name) => others?.has(name) !== true);
  const isInClasses = other instanceof ClassedWorld && !other.hasSingle(kind);
  return isInClasses ? missing : missing.filter((name) => !other.has(`${prefix}${name}` as Address));
}

/** The classes of a world: none where all is held singly. */
export function classesOf(world: World): Iterable<ResourceClass> {
  return world instanceof ClassedWorld ? world.listClasses() : [];
}

/** What is of a kind, in no order; of a world that is held as classes nothing else is made. */
export function resourcesOfKind(world: World, kind: KindName): Iterable<Resource> {
  return world instanceof ClassedWorld ? world.ofKind(kind) : [...world.values()].filter((each) => each.kind === kind);
}

/** All but what is of a class: whatever is in any way out of the ordinary. */
export function resourcesHeldSingly(world: World): Iterable<Resource> {
  return world instanceof ClassedWorld ? world.single() : world.values();
}

function lastName(address: Address): string {
  return address.slice(address.lastIndexOf("/") + 1);
}

function inOrder(names: string[]): readonly string[] {
  const isRising = names.every((name, at) => at === 0 || (names[at - 1] as string) < name);
  return isRising ? names : names.sort(compareText);
}
