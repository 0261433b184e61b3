import type { ApplyKind } from "../../src/apply/look-at-step.ts";
import { type Address, formatAddress, pathOf } from "../../src/model/address.ts";
import { PlatformError } from "../../src/model/errors.ts";
import type { Json } from "../../src/model/json.ts";
import type { PlatformReader, PlatformWriter, Row } from "../../src/model/platform.ts";
import type { Resource, Spec, World } from "../../src/model/resource.ts";

/** A thing on the toy platform. */
export interface Toy {
  readonly id: string;
  readonly name: string;
  readonly value: string;
  readonly parent?: string;
}

/** How a write to a toy of some name goes wrong. */
export type ToyFault =
  | "refused"
  /** It has its effect, and the answer is lost. */
  | "lost"
  /** It has none, and nobody can know. */
  | "lost-before"
  /** Its answer is lost, and what stands there afterwards is answered in its place, whoever made it. */
  | "found"
  | "broken";

export interface ToyPlatform {
  readonly toys: Map<string, Toy>;
  readonly reader: PlatformReader;
  readonly writer: PlatformWriter;
  /** Every effect, in order: `create alpha`. */
  readonly effects: string[];
  /** How many calls of the reader there were. */
  readonly reads: () => number;
}

export interface ToyOptions {
  readonly toys?: readonly Toy[];
  /** What new ids begin with, so that no id is ever given twice. */
  readonly idPrefix?: string;
  readonly faults?: ReadonlyMap<string, ToyFault>;
  /** Awaited at the start of every call. */
  readonly pause?: () => Promise<void>;
  /** Called right before and right after every effect; may throw. */
  readonly onEffect?: (when: "before" | "after", effect: string) => void;
}

/** A platform of toys in memory: `/toys` lists them, a name is unique, removing one leaves its children. */
export function makeToyPlatform(options: ToyOptions = {}): ToyPlatform {
  const toys = new Map((options.toys ?? []).map((toy) => [toy.id, toy]));
  const effects: string[] = [];
  let reads = 0;
  let nextId = toys.size + 1;
  const take = async <T>(verb: string, name: string, effect: () => T): Promise<T> => {
    await options.pause?.();
    const fault = options.faults?.get(name);
    if (fault === "refused") throw new PlatformError("invalid", `${verb} /toys`, "no", { status: 422 });
    if (fault === "broken") throw new TypeError("secret-token: not a function");
    if (fault === "lost-before") throw new PlatformError("network", `${verb} /toys`, "reset", { ambiguous: true });
    options.onEffect?.("before", `${verb} ${name}`);
    const result = effect();
    effects.push(`${verb} ${name}`);
    options.onEffect?.("after", `${verb} ${name}`);
    if (fault === "lost") throw new PlatformError("timeout", `${verb} /toys`, "no answer", { ambiguous: true });
    return result;
  };
  const list = async (): Promise<readonly Row[]> => {
    reads += 1;
    await options.pause?.();
    return [...toys.values()].map((toy) => ({ ...toy }));
  };
  return {
    toys,
    effects,
    reads: () => reads,
    reader: {
      identify: async () => {
        throw new PlatformError("not-found", "identify", "no");
      },
      nameAccount: async () => undefined,
      list,
      get: async (path) => (await list()).find((row) => `/toys/${row["id"]}` === path),
      readSpaceMembers: async () => new Map(),
      findSpaces: async () => new Map(),
      describePeople: async () => new Map(),
      readOrganizationMembers: async () => new Map(),
      readsOrganizationRoles: async () => false,
      readIdentityProviders: async () => ({ state: "complete", rows: [] }),
    },
    writer: {
      write: async ({ method, path, body, tellsTaken }) => {
        const taken = [...toys.values()].find(({ name }) => name === body["name"]);
        if (method === "POST" && tellsTaken === true && taken !== undefined) {
          if (options.faults?.get(taken.name) === "found") return { status: 0, row: { ...taken }, found: true };
          throw new PlatformError("conflict", "POST /toys", "taken", { status: 409 });
        }
        const id = method === "POST" ? `${options.idPrefix ?? "t"}${nextId++}` : path.slice("/toys/".length);
        const before = toys.get(id);
        const name = before?.name ?? String(body["name"]);
        const row = await take(method === "POST" ? "create" : "update", name, () => {
          const toy = { ...before, ...body, id } as unknown as Toy;
          toys.set(id, toy);
          return toy;
        });
        return { status: 200, row: { ...row }, found: options.faults?.get(name) === "found" };
      },
      remove: async (path) => {
        const id = path.slice("/toys/".length);
        const toy = toys.get(id);
        if (toy === undefined) return "absent";
        await take("delete", toy.name, () => toys.delete(id));
        return "deleted";
      },
      editIdentityProvider: () => Promise.reject(new Error("toys have no identity provider")),
    },
  };
}

/** The kind of toys; they go by the name of a real kind, since addresses need one. */
export const toyKind: ApplyKind = {
  attachedTo: () => [],
  look: async ({ reader, address, believed, addressOf }) => {
    const rows = await reader.list({ path: "/toys", query: {}, collection: "toys" });
    const row = rows.find((toy) =>
      believed === undefined ? toy["name"] === nameOf(address) : toy["id"] === believed["id"],
    );
    return row && readToy(row as unknown as Toy, (id) => addressOf("space", id));
  },
  create: async ({ writer, address, to, idOf }) => {
    const parent = to?.["parent"];
    const body = {
      name: nameOf(address),
      value: to?.["value"] ?? "",
      ...(typeof parent === "string" && { parent: idOf(parent as Address) }),
    };
    const { row } = await writer.write({ method: "POST", path: "/toys", body, settle: "repeat" });
    return { remote: { id: String(row?.["id"]) }, notes: [] };
  },
  update: async ({ writer, address, remote, to }) => {
    const body = { name: nameOf(address), value: to?.["value"] ?? "" };
    await writer.write({ method: "PATCH", path: `/toys/${remote?.["id"]}`, body, settle: "repeat" });
    return { remote: { id: String(remote?.["id"]) }, notes: ["as asked"] };
  },
  remove: ({ writer, remote }) => writer.remove(`/toys/${remote?.["id"]}`),
};

/** Toys of which a second of the same name is refused, and so are made without looking. */
export const onceKind: ApplyKind = { ...toyKind, refusesDuplicates: true };

/** The live world of a toy platform. */
export function observeToys(toys: ReadonlyMap<string, Toy>): World {
  const addresses = new Map([...toys.values()].map((toy) => [toy.id, toyAddress(toy.name)]));
  const resources = [...toys.values()].map((toy) => readToy(toy, (id) => addresses.get(id)));
  return new Map(resources.map((resource) => [resource.address, resource]));
}

/** The address of a toy. */
export function toyAddress(name: string): Address {
  return formatAddress("space", [name]);
}

function readToy(toy: Toy, addressOf: (id: string) => Address | undefined): Resource {
  const parent: Json | undefined = toy.parent === undefined ? undefined : (addressOf(toy.parent) ?? toy.parent);
  const spec: Spec = { value: toy.value, ...(parent !== undefined && { parent }) };
  return { kind: "space", address: toyAddress(toy.name), spec, origin: { from: "platform", remote: { id: toy.id } } };
}

function nameOf(address: Address): string {
  return pathOf(address).at(-1) ?? "";
}
