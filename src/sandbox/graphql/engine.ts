import type { DocumentNode, FragmentDefinitionNode, GraphQLSchema, OperationDefinitionNode } from "graphql";
import type { Account, Actor } from "../account.ts";
import { needsSize } from "./connections.ts";
import { makeMutationRoot } from "./mutations.ts";
import { makeQueryRoot } from "./objects.ts";
import { countCost } from "./query-cost.ts";
import { describeSchema } from "./schema-text.ts";

/** A GraphQL request as it is posted. */
export interface GraphqlRequest {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName: string | undefined;
}

/** A request that was parsed and weighed but not run yet. */
export interface PreparedOperation {
  readonly type: "query" | "mutation";
  readonly name: string | undefined;
  readonly cost: number;
  readonly run: (actor: Actor) => unknown;
}

/** Parses and validates a request; gives the errors as an answer body when it cannot be run. */
export type PrepareOperation = (
  request: GraphqlRequest,
) => { readonly prepared: PreparedOperation } | { readonly refused: unknown };

/** By whether organization members have a role. Shared by every sandbox of a process, because building takes long. */
const schemas = new Map<boolean, GraphQLSchema>();

/** Loads the GraphQL engine; the schema follows the switches even when they change later. */
export async function loadGraphql(account: Account): Promise<PrepareOperation> {
  const engine = await import("graphql");
  const schemaInForce = (): GraphQLSchema => {
    const hasRole = account.switches().orgUserRole;
    const schema = schemas.get(hasRole) ?? engine.buildSchema(describeSchema(hasRole));
    schemas.set(hasRole, schema);
    return schema;
  };
  return (request) => {
    const schema = schemaInForce();
    const read = readDocument(engine, schema, { text: request.query, introspects: account.switches().introspection });
    if ("refused" in read) return read;
    const { document } = read;
    const operation = engine.getOperationAST(document, request.operationName);
    if (operation == null) return { refused: { errors: [{ message: "No operation with that name was given." }] } };
    const cost = weigh(account, { document, operation, variables: request.variables });
    const type = operation.operation === "mutation" ? "mutation" : "query";
    const execute = (rootValue: unknown): unknown =>
      engine.executeSync({
        ...{ schema, document, rootValue, variableValues: request.variables },
        operationName: request.operationName ?? null,
      });
    const run = (actor: Actor): unknown => {
      if (isOfSchema(operation)) return describeOnce(operation, request.variables, () => execute(undefined));
      return execute(type === "mutation" ? makeMutationRoot(actor) : makeQueryRoot(actor, cost));
    };
    return { prepared: { type, name: operation.name?.value, cost, run } };
  };
}

/** What a question about the schema is answered with, by the question: it depends on nothing in the account. */
const descriptions = new WeakMap<OperationDefinitionNode, unknown>();

/** True where an operation asks for nothing but the schema. */
function isOfSchema({ selectionSet }: OperationDefinitionNode): boolean {
  return selectionSet.selections.every((each) => each.kind === "Field" && each.name.value.startsWith("__"));
}

function describeOnce(
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
  describe: () => unknown,
): unknown {
  if (Object.keys(variables).length > 0) return describe();
  const known = descriptions.get(operation) ?? describe();
  descriptions.set(operation, known);
  return known;
}

type ReadDocument = { readonly document: DocumentNode } | { readonly refused: unknown };

/** By schema, text and whether introspection is answered: clients ask the same few queries, and validating takes longer than answering. */
const documents = new WeakMap<GraphQLSchema, Map<string, ReadDocument>>();
const MOST_DOCUMENTS = 200;

function readDocument(
  engine: typeof import("graphql"),
  schema: GraphQLSchema,
  { text, introspects }: { readonly text: string; readonly introspects: boolean },
): ReadDocument {
  const known = documents.get(schema) ?? new Map<string, ReadDocument>();
  documents.set(schema, known);
  const key = `${introspects} ${text}`;
  const read = known.get(key) ?? parseAndValidate(engine, schema, { text, introspects });
  if (known.size >= MOST_DOCUMENTS) known.clear();
  known.set(key, read);
  return read;
}

function parseAndValidate(
  engine: typeof import("graphql"),
  schema: GraphQLSchema,
  { text, introspects }: { readonly text: string; readonly introspects: boolean },
): ReadDocument {
  let document: DocumentNode;
  try {
    document = engine.parse(text);
  } catch (error) {
    return { refused: { errors: [{ message: String(error instanceof Error ? error.message : error) }] } };
  }
  const rules = introspects
    ? engine.specifiedRules
    : [...engine.specifiedRules, engine.NoSchemaIntrospectionCustomRule];
  const errors = engine.validate(schema, document, rules);
  return errors.length > 0 ? { refused: { errors } } : { document };
}

function weigh(
  account: Account,
  asked: {
    readonly document: DocumentNode;
    readonly operation: OperationDefinitionNode;
    readonly variables: Readonly<Record<string, unknown>>;
  },
): number {
  const fragments = asked.document.definitions.filter(
    (each): each is FragmentDefinitionNode => each.kind === "FragmentDefinition",
  );
  const defaults = (asked.operation.variableDefinitions ?? []).flatMap((each) =>
    each.defaultValue?.kind === "IntValue"
      ? [[each.variable.name.value, Number(each.defaultValue.value)] as const]
      : [],
  );
  return countCost(asked.operation, {
    fragments: new Map(fragments.map((each) => [each.name.value, each])),
    variables: { ...Object.fromEntries(defaults), ...asked.variables },
    // A connection that will be refused for lack of a size returns nothing.
    defaultSize: (field) => (needsSize(account, field) ? 0 : account.switches().pageSizeCap),
  });
}
