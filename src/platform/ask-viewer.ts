import { PlatformError } from "../model/errors.ts";
import type { Json, JsonObject } from "../model/json.ts";
import type { Graphql, GraphqlFault } from "./graphql.ts";
import { dig, textOf } from "./json-shape.ts";
import { findRefusedParts } from "./refused-parts.ts";
import { FIRST_LOOK } from "./schema-probe.ts";

/** Who the key is by GraphQL's account, as far as it says; or why GraphQL says nothing at all. */
export type Viewer =
  | {
      readonly state: "available";
      readonly userId: string | undefined;
      readonly email: string | undefined;
      readonly accountName: string | undefined;
      /** As it came. */
      readonly accountRole: string | undefined;
    }
  | { readonly state: "unavailable"; readonly because: string };

/** The first answer of a server. */
export interface FirstAnswer {
  readonly viewer: Viewer;
  /** What it told of its schema, of the types of `FIRST_LOOK`; undefined where introspection is refused. */
  readonly schema: JsonObject | undefined;
}

type Part = "viewer" | "account" | "email" | "accountRole" | "schema";

const PARTS: ReadonlySet<Part> = new Set<Part>(["viewer", "account", "email", "accountRole", "schema"]);

/**
 * Asks who the key belongs to, leaving out what the server does not know or does not tell, and for the schema in the same query,
 * so that nobody has to wait for another answer. Only an interruption throws.
 */
export async function askViewer(graphql: Graphql): Promise<FirstAnswer> {
  const parts = new Set(PARTS);
  try {
    for (;;) {
      const { data, faults } = await graphql.ask(writeQuery(parts), {});
      if (data !== undefined) return { viewer: readViewer(data), schema: parts.has("schema") ? data : undefined };
      const refused = findRefused(faults, parts);
      if (refused.length === 0) return tellNothing(faults[0]?.message ?? "no answer");
      for (const part of refused) parts.delete(part);
    }
  } catch (error) {
    if (!(error instanceof PlatformError) || error.failure === "interrupted") throw error;
    return tellNothing(error.message);
  }
}

function tellNothing(because: string): FirstAnswer {
  return { viewer: { state: "unavailable", because }, schema: undefined };
}

function findRefused(faults: readonly GraphqlFault[], parts: ReadonlySet<Part>): readonly Part[] {
  const refused = [...findRefusedParts(faults, parts), ...findRoots(faults, parts)];
  // A server that refuses introspection says so in words of its own.
  return refused.length === 0 && parts.has("schema") ? ["schema"] : refused;
}

function writeQuery(parts: ReadonlySet<Part>): string {
  const user = ["id", ...(["email", "accountRole"] as const).filter((part) => parts.has(part))].join(" ");
  const roots = [
    "__typename",
    ...(parts.has("viewer") ? [`viewer { user { ${user} } }`] : []),
    ...(parts.has("account") ? ["account { name }"] : []),
    ...(parts.has("schema") ? [FIRST_LOOK] : []),
  ];
  return `query Viewer { ${roots.join(" ")} }`;
}

/** Roots that failed and took everything with them. */
function findRoots(faults: readonly GraphqlFault[], parts: ReadonlySet<Part>): readonly Part[] {
  return [...parts].filter((part) => faults.some(({ path }) => path[0] === part));
}

function readViewer(data: Json): Viewer {
  const user = dig(data, "viewer", "user");
  return {
    state: "available",
    userId: textOf(dig(user, "id")),
    email: textOf(dig(user, "email")),
    accountName: textOf(dig(data, "account", "name")),
    accountRole: textOf(dig(user, "accountRole")),
  };
}
