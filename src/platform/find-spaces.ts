import { PlatformError } from "../model/errors.ts";
import type { Json } from "../model/json.ts";
import type { Row, WantedSpace } from "../model/platform.ts";
import type { Graphql } from "./graphql.ts";
import { dig, isList, isObject, textOf } from "./json-shape.ts";
import { packByCost } from "./packing.ts";

/** Spaces whose names hold the one that is looked for: where more do, it may be missing, and is not found. */
const PAGE = 5;
/** Points that one costs by the documented arithmetic, and that a query may. */
const COST = 6 + PAGE * 6;
const BUDGET = 900;

/**
 * Spaces of exact names, by GraphQL's search, many in one query. What the answer does not hold is not in what is handed back; so
 * is everything where the server does not know the question. Only an interruption throws.
 */
export async function findSpaces(
  graphql: Graphql,
  wanted: readonly WantedSpace[],
): Promise<ReadonlyMap<WantedSpace, Row>> {
  const batches = packByCost(wanted, () => COST, BUDGET);
  const found = await Promise.all(batches.map((batch) => ask(graphql, batch)));
  return new Map(found.flat());
}

type Found = readonly (readonly [WantedSpace, Row])[];

async function ask(graphql: Graphql, batch: readonly WantedSpace[]): Promise<Found> {
  const variables = Object.fromEntries(
    batch.flatMap(({ organization, name }, at) => [
      [`o${at}`, organization],
      [`s${at}`, name],
    ]),
  );
  try {
    const { data } = await graphql.ask(writeQuery(batch.length), variables);
    return batch.flatMap((each, at): Found => {
      const row = pick(dig(data, `n${at}`, "spaces", "edges"), each.name);
      return row === undefined ? [] : [[each, row]];
    });
  } catch (error) {
    if (!(error instanceof PlatformError) || error.failure === "interrupted") throw error;
    return [];
  }
}

function writeQuery(count: number): string {
  const places = Array.from({ length: count }, (_, at) => at);
  const node = "id name description private";
  const parts = places.map(
    (at) =>
      `n${at}: node(id: $o${at}) { ... on AccountOrganization { spaces(first: ${PAGE}, search: $s${at}) { edges { node { ${node} } } } } }`,
  );
  return `query Spaces(${places.map((at) => `$o${at}: ID!, $s${at}: String`).join(", ")}) { ${parts.join(" ")} }`;
}

/** The one space of the name, spelled as REST spells it; undefined where it is not there, or not the only one. */
function pick(edges: Json | undefined, name: string): Row | undefined {
  const nodes = isList(edges) ? edges.map((edge) => dig(edge, "node")) : [];
  const [node, ...others] = nodes.filter((each) => textOf(dig(each, "name")) === name);
  if (!isObject(node) || others.length > 0 || typeof node["private"] !== "boolean") return undefined;
  return { id: node["id"] ?? null, name, description: node["description"] ?? "", is_private: node["private"] };
}
