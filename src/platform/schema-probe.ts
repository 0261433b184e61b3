import { PlatformError } from "../model/errors.ts";
import type { Json, JsonObject } from "../model/json.ts";
import type { Graphql } from "./graphql.ts";
import { dig, isList, isObject, textOf } from "./json-shape.ts";
import type { OptionalPart, Roster } from "./roster.ts";

/** A type of the server's schema, as far as it matters here. */
interface TypeShape {
  readonly fields: ReadonlyMap<string, FieldShape>;
  readonly interfaces: ReadonlySet<string>;
}

interface FieldShape {
  readonly args: ReadonlySet<string>;
  readonly typeName: string;
  readonly isLeaf: boolean;
}

/** A schema that is read type by type. `missing` collects the names that a look at it would have needed. */
interface SchemaView {
  readonly types: Map<string, TypeShape | undefined>;
  readonly missing: Set<string>;
}

/** Names known from public clients or likely; what is called otherwise is found by following the fields. */
const LIKELY = [
  "Space",
  "SpaceUserConnection",
  "SpaceUserEdge",
  "SpaceUser",
  "AccountOrganization",
  "AccountOrganizationUserConnection",
  "AccountOrganizationUserEdge",
  "AccountOrganizationUser",
  "User",
];
const MOST_ROUNDS = 5;

/** What a server's schema says about its member lists. */
export interface SchemaFindings {
  /** The optional parts that each roster's queries do without. */
  readonly lacking: readonly ReadonlySet<OptionalPart>[];
  /** The type of a person, where `node` finds people by their ids. */
  readonly personType: string | undefined;
}

/** What a query asks for, beside what else it is about, that is to tell of the likely types. */
export const FIRST_LOOK: string = selectTypes(LIKELY);

/**
 * Finds by introspection which optional parts of the rosters' queries a server lacks, mostly from what was `seen` at the first
 * look. undefined where introspection is refused; what cannot be followed counts as there, and the server's validation has the
 * last word.
 */
export async function probeSchema(
  graphql: Graphql,
  rosters: readonly Roster<unknown>[],
  seen: JsonObject,
): Promise<SchemaFindings | undefined> {
  const view: SchemaView = { types: new Map(), missing: new Set() };
  readTypes(view, LIKELY, seen);
  if (view.types.get("Space") === undefined) return undefined;
  for (let round = 1; ; round += 1) {
    view.missing.clear();
    const lacking = rosters.map((roster) => findLacking(view, roster));
    if (view.missing.size === 0 || round === MOST_ROUNDS) return { lacking, personType: findPersonType(view, rosters) };
    const wanted = [...view.missing];
    const more = await fetchTypes(graphql, wanted);
    if (more === undefined) return undefined;
    readTypes(view, wanted, more);
  }
}

function selectTypes(names: readonly string[]): string {
  const shape = "kind name ofType { kind name ofType { kind name ofType { kind name } } }";
  const fields = `fields(includeDeprecated: true) { name args { name } type { ${shape} } }`;
  return names
    .map((name, at) => `t${at}: __type(name: ${JSON.stringify(name)}) { ${fields} interfaces { name } }`)
    .join(" ");
}

/** undefined where the server does not tell. */
async function fetchTypes(graphql: Graphql, names: readonly string[]): Promise<JsonObject | undefined> {
  try {
    const { data, faults } = await graphql.ask(`query Schema { ${selectTypes(names)} }`, {});
    return faults.length > 0 ? undefined : data;
  } catch (error) {
    if (!(error instanceof PlatformError) || error.failure === "interrupted") throw error;
    return undefined;
  }
}

function readTypes(view: SchemaView, names: readonly string[], data: JsonObject): void {
  names.forEach((name, at) => {
    view.types.set(name, readType(data[`t${at}`]));
  });
}

function readType(type: Json | undefined): TypeShape | undefined {
  const fields = dig(type, "fields");
  if (!isList(fields)) return undefined;
  const interfaces = dig(type, "interfaces");
  const names = isList(interfaces) ? interfaces.flatMap((each) => textOf(dig(each, "name")) ?? []) : [];
  return { fields: new Map(fields.flatMap((field) => readField(field))), interfaces: new Set(names) };
}

function readField(field: Json): readonly (readonly [string, FieldShape])[] {
  const name = textOf(dig(field, "name"));
  const args = dig(field, "args");
  let type = dig(field, "type");
  while (isObject(dig(type, "ofType"))) type = dig(type, "ofType");
  const typeName = textOf(dig(type, "name"));
  if (name === undefined || typeName === undefined) return [];
  const argNames = isList(args) ? args.flatMap((arg) => textOf(dig(arg, "name")) ?? []) : [];
  const kind = dig(type, "kind");
  return [[name, { args: new Set(argNames), typeName, isLeaf: kind === "SCALAR" || kind === "ENUM" }]];
}

/** Undefined unless all rosters have people of one type, which the server says is a `Node`. */
function findPersonType(view: SchemaView, rosters: readonly Roster<unknown>[]): string | undefined {
  const types = rosters.map((roster) => {
    const list = fieldOf(view, roster.typeName, roster.connection);
    return follow(view, list, "edges", "node", "user")?.typeName;
  });
  const [type] = types;
  if (type === undefined || types.some((other) => other !== type)) return undefined;
  return typeOf(view, type)?.interfaces.has("Node") === true ? type : undefined;
}

function findLacking(view: SchemaView, roster: Roster<unknown>): ReadonlySet<OptionalPart> {
  const list = fieldOf(view, roster.typeName, roster.connection);
  const entry = follow(view, list, "edges", "node");
  const user = follow(view, entry, "user");
  const absent: Readonly<Record<OptionalPart, boolean>> = {
    first: list !== undefined && !list.args.has("first"),
    after: list !== undefined && !list.args.has("after"),
    totalCount: lacks(view, list, "totalCount"),
    pageInfo: lacks(view, list, "pageInfo"),
    // A role that is an object of unknown make is as good as none.
    role:
      lacks(view, entry, "role") || (entry !== undefined && fieldOf(view, entry.typeName, "role")?.isLeaf === false),
    email: lacks(view, user, "email"),
    userType: lacks(view, user, "userType"),
  };
  return new Set([...roster.optional].filter((part) => absent[part]));
}

function follow(view: SchemaView, from: FieldShape | undefined, ...path: readonly string[]): FieldShape | undefined {
  return path.reduce<FieldShape | undefined>(
    (field, name) => (field === undefined ? undefined : fieldOf(view, field.typeName, name)),
    from,
  );
}

/** True where the type of the field is known and has no such field. */
function lacks(view: SchemaView, field: FieldShape | undefined, name: string): boolean {
  if (field === undefined || typeOf(view, field.typeName) === undefined) return false;
  return fieldOf(view, field.typeName, name) === undefined;
}

function fieldOf(view: SchemaView, typeName: string, name: string): FieldShape | undefined {
  return typeOf(view, typeName)?.fields.get(name);
}

function typeOf(view: SchemaView, name: string): TypeShape | undefined {
  if (!view.types.has(name)) view.missing.add(name);
  return view.types.get(name);
}
