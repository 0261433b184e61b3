import type { FieldNode, FragmentDefinitionNode, OperationDefinitionNode, SelectionSetNode, ValueNode } from "graphql";

/** What the cost of one operation depends on besides its own text. */
interface CostContext {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Assumed length of a connection that is asked without first or last. */
  readonly defaultSize: (field: string) => number;
}

const CONNECTIONS: ReadonlySet<string> = new Set([
  "spaces",
  "spaceUsers",
  "organizations",
  "users",
  "accountOrganizationUsers",
  "samlIdPs",
  "allSamlIdPs",
]);

/**
 * Counts the points of one operation by the documented arithmetic: one per node, and one per requested field of each
 * estimated node of a connection, where `edges` and `node` count as fields. The documented member query comes to
 * 10 + first * 11. Introspection counts as one point (assumed).
 */
export function countCost(operation: OperationDefinitionNode, context: CostContext): number {
  return 1 + countSelections(operation.selectionSet, context, 0);
}

/** How deep fragments may nest before they are taken for a circle, which validation then refuses. */
const DEEPEST = 50;

function countSelections(set: SelectionSetNode | undefined, context: CostContext, depth: number): number {
  if (set === undefined || depth > DEEPEST) return 0;
  let points = 0;
  for (const selection of set.selections) {
    if (selection.kind === "Field") points += countField(selection, context, depth);
    else if (selection.kind === "InlineFragment") points += countSelections(selection.selectionSet, context, depth + 1);
    else points += countSelections(context.fragments.get(selection.name.value)?.selectionSet, context, depth + 1);
  }
  return points;
}

function countField(field: FieldNode, context: CostContext, depth: number): number {
  if (field.name.value.startsWith("__")) return 1;
  if (!CONNECTIONS.has(field.name.value)) return 1 + countSelections(field.selectionSet, context, depth + 1);
  const inner = countSelections(field.selectionSet, context, depth + 1);
  const perEdge = countEdges(field.selectionSet, context, depth + 1);
  return 1 + (inner - perEdge) + readSize(field, context) * perEdge;
}

/** Counts the part below `edges`, which is what every further node costs again. */
function countEdges(set: SelectionSetNode | undefined, context: CostContext, depth: number): number {
  if (set === undefined || depth > DEEPEST) return 0;
  let points = 0;
  for (const selection of set.selections) {
    if (selection.kind === "Field") {
      if (selection.name.value === "edges") points += countField(selection, context, depth);
    } else if (selection.kind === "InlineFragment") points += countEdges(selection.selectionSet, context, depth + 1);
    else points += countEdges(context.fragments.get(selection.name.value)?.selectionSet, context, depth + 1);
  }
  return points;
}

function readSize(field: FieldNode, context: CostContext): number {
  for (const argument of field.arguments ?? []) {
    if (argument.name.value !== "first" && argument.name.value !== "last") continue;
    const size = readNumber(argument.value, context);
    if (size !== undefined) return size;
  }
  return context.defaultSize(field.name.value);
}

function readNumber(value: ValueNode, context: CostContext): number | undefined {
  if (value.kind === "IntValue") return Math.max(0, Number(value.value));
  if (value.kind !== "Variable") return undefined;
  const given = context.variables[value.name.value];
  return typeof given === "number" ? Math.max(0, given) : undefined;
}
