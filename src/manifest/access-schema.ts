import { readFileSync } from "node:fs";

/** The part of JSON Schema that the manifest's schema is written in. */
export interface SchemaNode {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, SchemaNode>>;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | false;
  readonly propertyNames?: SchemaNode;
  readonly items?: SchemaNode;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly SchemaNode[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly required?: readonly string[];
  readonly examples?: readonly string[];
}

let loaded: SchemaNode | undefined;

/** The JSON Schema of the manifest, as shipped with the package. Read once. */
export function accessSchema(): SchemaNode {
  loaded ??= JSON.parse(
    readFileSync(new URL("../../schema/access.schema.json", import.meta.url), "utf8"),
  ) as SchemaNode;
  return loaded;
}

/** The schema that a schema stands for: itself, or the definition it refers to. */
export function resolveSchema(node: SchemaNode): SchemaNode {
  if (node.$ref === undefined) return node;
  const name = node.$ref.slice(node.$ref.lastIndexOf("/") + 1);
  return accessSchema().$defs?.[name] ?? node;
}
