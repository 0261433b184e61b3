import type { Account } from "./account.ts";
import { conductExchange } from "./exchange.ts";
import { guessOperationName } from "./graphql/endpoint.ts";
import { makeParts, openState, type ServerParts } from "./open-state.ts";
import { notFound } from "./problems.ts";
import { answerRest, describeFailure } from "./rest.ts";
import { allRoutes } from "./routes/all-routes.ts";
import type { Route } from "./routing.ts";
import type { SandboxOptions } from "./sandbox.ts";
import type { Operation } from "./store.ts";
import type { WireAnswer, WireRequest } from "./wire.ts";

/** A request to an embedded account. Header names are lower case; `target` is path and query, as they would go over the wire. */
export interface EmbeddedRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** A simulated account in this process: no socket, no timer, and everything it does is done when the promise resolves. */
export interface EmbeddedSandbox {
  readonly account: Account;
  readonly adminKey: string;
  readonly answer: (request: EmbeddedRequest) => Promise<WireAnswer>;
}

/** Opens a new account in memory. `onCommit` hears each transaction that wrote something, before its answer is made. */
export async function embedSandbox(
  options: Pick<SandboxOptions, "switches" | "now" | "seed">,
  onCommit: (operations: readonly Operation[]) => void,
): Promise<EmbeddedSandbox> {
  const state = openState({ ...options, directory: undefined }, onCommit);
  const parts = await makeParts(state);
  return {
    account: state.account,
    adminKey: state.account.store.settings().admin_key,
    answer: (request) => answer(parts, request),
  };
}

async function answer(parts: ServerParts, { method, target, headers, body }: EmbeddedRequest): Promise<WireAnswer> {
  const [rawPath = "", query = ""] = target.split("?");
  const segments = rawPath.split("/").map(decodeURIComponent);
  const path = segments.join("/");
  const text = body ?? "";
  const request: WireRequest = {
    ...{ method, path, text },
    query: new URLSearchParams(query),
    header: (name) => headers[name.toLowerCase()],
  };
  if (method === "POST" && path === "/graphql") {
    const run = () => parts.answerGraphql(request);
    return conductExchange(parts, request, { operation: guessOperationName(text), run });
  }
  const found = findRoute(method, segments);
  if (found === undefined) {
    const run = () => describeFailure(notFound("Endpoint"), path);
    return conductExchange(parts, request, { operation: undefined, run });
  }
  const { route, params } = found;
  const run = () => answerRest(parts, route, { request, params });
  return conductExchange(parts, request, { operation: route.operation, run });
}

const ROUTES: readonly { readonly route: Route; readonly pattern: readonly string[] }[] = allRoutes.map((route) => ({
  route,
  pattern: route.path.split("/"),
}));

function findRoute(
  method: string,
  segments: readonly string[],
): { readonly route: Route; readonly params: Readonly<Record<string, string>> } | undefined {
  for (const { route, pattern } of ROUTES) {
    if (route.method !== method || pattern.length !== segments.length) continue;
    const fits = pattern.every((part, index) => part.startsWith(":") || part === segments[index]);
    if (!fits) continue;
    const named = pattern.flatMap((part, index) => (part.startsWith(":") ? [[part.slice(1), segments[index]]] : []));
    return { route, params: Object.fromEntries(named) as Readonly<Record<string, string>> };
  }
  return undefined;
}
