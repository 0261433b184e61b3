import { PlatformError } from "../model/errors.ts";
import type { Json } from "../model/json.ts";
import type { Graphql, GraphqlFault } from "./graphql.ts";
import { dig, textOf } from "./json-shape.ts";
import { findRefusedParts } from "./refused-parts.ts";

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

type Part = "viewer" | "account" | "email" | "accountRole";

const PARTS: ReadonlySet<Part> = new Set<Part>(["viewer", "account", "email", "accountRole"]);

/** Asks who the key belongs to, leaving out what the server does not know or does not tell. Only an interruption throws. */
export async function askViewer(graphql: Graphql): Promise<Viewer> {
  const parts = new Set(PARTS);
  try {
    for (;;) {
      const { data, faults } = await graphql.ask(writeQuery(parts), {});
      if (data !== undefined) return readViewer(data);
      const refused = [...findRefusedParts(faults, parts), ...findRoots(faults, parts)];
      if (refused.length === 0) return { state: "unavailable", because: faults[0]?.message ?? "no answer" };
      for (const part of refused) parts.delete(part);
    }
  } catch (error) {
    if (!(error instanceof PlatformError) || error.failure === "interrupted") throw error;
    return { state: "unavailable", because: error.message };
  }
}

function writeQuery(parts: ReadonlySet<Part>): string {
  const user = ["id", ...(["email", "accountRole"] as const).filter((part) => parts.has(part))].join(" ");
  const roots = [
    "__typename",
    ...(parts.has("viewer") ? [`viewer { user { ${user} } }`] : []),
    ...(parts.has("account") ? ["account { name }"] : []),
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
