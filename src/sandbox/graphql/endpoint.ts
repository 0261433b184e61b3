import type { Account } from "../account.ts";
import type { Caller } from "../authentication.ts";
import { recogniseSecret, requireDeveloperAccess } from "../authentication.ts";
import { Refusal } from "../problems.ts";
import type { RateLimits } from "../rate-limits.ts";
import { noteKeyUse } from "../rest.ts";
import type { Outcome, WireRequest } from "../wire.ts";
import type { GraphqlRequest, PreparedOperation, PrepareOperation } from "./engine.ts";
import { loadGraphql } from "./engine.ts";

/** What answering GraphQL requests needs. */
interface GraphqlParts {
  readonly account: Account;
  readonly limits: RateLimits;
}

/** Makes the answerer of POST /graphql; the engine is loaded with the first request. */
export function makeGraphqlEndpoint(parts: GraphqlParts): (request: WireRequest) => Promise<Outcome> {
  let loaded: Promise<PrepareOperation> | undefined;
  return async (request) => {
    loaded ??= loadGraphql(parts.account);
    return answerGraphql(parts, await loaded, request);
  };
}

/** Finds the name of the operation in a posted text, for fault rules, without the engine. */
export function guessOperationName(text: string): string | undefined {
  try {
    const body = JSON.parse(text) as { operationName?: unknown; query?: unknown };
    if (typeof body.operationName === "string") return body.operationName;
    return /\b(?:query|mutation)\s+(\w+)/.exec(String(body.query))?.[1];
  } catch {
    return undefined;
  }
}

function answerGraphql(parts: GraphqlParts, prepare: PrepareOperation, request: WireRequest): Outcome {
  const { account } = parts;
  let seen: Partial<Outcome> = {};
  try {
    const caller = recogniseSecret(account, request.header("x-api-key"));
    seen = { caller: caller.user.id };
    requireDeveloperAccess(account, caller);
    if (!account.switches().graphqlEnabled) throw new Refusal(403, "GraphQL is not available for this account.");
    noteKeyUse(account, caller);
    const asked = readRequest(request.text);
    seen = { ...seen, requestBody: { query: asked.query, variables: asked.variables } };
    const result = prepare(asked);
    if ("refused" in result) {
      takeTurn(parts, caller, "query");
      return { ...seen, status: 200, body: result.refused };
    }
    const { prepared } = result;
    const { type, cost, name } = prepared;
    seen = { ...seen, graphql: { type, cost }, ...(name === undefined ? {} : { operation: name }) };
    takeTurn(parts, caller, type);
    return { ...seen, ...runPrepared(account, caller, prepared) };
  } catch (error) {
    return { ...seen, ...describeRefusal(account, error) };
  }
}

function runPrepared(account: Account, caller: Caller, prepared: PreparedOperation): Outcome {
  const limit = account.switches().complexityLimit;
  if (limit !== undefined && prepared.cost > limit) {
    const message = `Query complexity ${prepared.cost} exceeds the limit of ${limit}.`;
    return { status: 200, body: { errors: [{ message }] } };
  }
  return { status: 200, body: prepared.run({ account, user: caller.user }) };
}

function takeTurn(parts: GraphqlParts, caller: Caller, type: PreparedOperation["type"]): void {
  const { graphqlMutationsPerMinute, graphqlQueriesPerMinute } = parts.account.switches();
  const limit = type === "mutation" ? graphqlMutationsPerMinute : graphqlQueriesPerMinute;
  const wait = parts.limits.take(`${type}/${caller.key.id}`, limit);
  if (wait !== undefined) throw new Refusal(429, "Rate limit exceeded: too many requests.", wait);
}

function describeRefusal(account: Account, error: unknown): Outcome {
  const message = error instanceof Error ? error.message : String(error);
  const body = { errors: [{ message }] };
  if (!(error instanceof Refusal)) return { status: 500, body };
  if (error.status === 429 && account.switches().graphqlRateSignal === "error") return { status: 200, body };
  const wait = error.retryAfter === undefined ? {} : { retryAfter: String(error.retryAfter) };
  return { status: error.status, body, ...wait };
}

function readRequest(text: string): GraphqlRequest {
  const body = parseObject(text);
  const { query, variables, operationName } = body;
  if (typeof query !== "string") throw new Refusal(400, 'The request must have a "query".');
  if (variables != null && (typeof variables !== "object" || Array.isArray(variables))) {
    throw new Refusal(400, '"variables" must be an object.');
  }
  return {
    query,
    variables: (variables ?? {}) as Readonly<Record<string, unknown>>,
    operationName: typeof operationName === "string" ? operationName : undefined,
  };
}

function parseObject(text: string): {
  readonly query?: unknown;
  readonly variables?: unknown;
  readonly operationName?: unknown;
} {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === "object" && body !== null) return body;
  } catch {
    // Answered below like any other body that is no object.
  }
  throw new Refusal(400, "The request body is not valid JSON.");
}
