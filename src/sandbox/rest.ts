import type { Account } from "./account.ts";
import { stampNow } from "./account.ts";
import type { Caller } from "./authentication.ts";
import { recogniseBearer, requireDeveloperAccess } from "./authentication.ts";
import type { CheckBody } from "./check-body.ts";
import { spellNew, spellOld } from "./old-spelling.ts";
import { describeProblem, invalid, Refusal } from "./problems.ts";
import type { RateLimits } from "./rate-limits.ts";
import type { RequestLog } from "./request-log.ts";
import type { Reply, Route } from "./routing.ts";
import type { Outcome, WireRequest } from "./wire.ts";
import { refuse } from "./wire.ts";

/** What answering REST requests needs. */
export interface RestParts {
  readonly account: Account;
  readonly checkBody: CheckBody;
  readonly limits: RateLimits;
  readonly log: RequestLog;
}

const MINUTE_MS = 60_000;

/** Answers one request to a known operation: authenticates, checks the body, and runs the route as one transaction. */
export function answerRest(
  parts: RestParts,
  route: Route,
  asked: { readonly request: WireRequest; readonly params: Readonly<Record<string, string>> },
): Outcome {
  const { request } = asked;
  let seen: Partial<Outcome> = {};
  try {
    const caller = admitCaller(parts, request.header("authorization"));
    seen = { caller: caller.user.id };
    const body = readBody(parts, route, request.text);
    if (body !== undefined) seen = { ...seen, requestBody: body };
    const reply = runRoute(parts, route, { ...asked, caller, body });
    return { ...seen, ...spellReply(parts.account, reply) };
  } catch (error) {
    return { ...seen, ...describeFailure(error, request.path) };
  }
}

/** Turns whatever was thrown into the documented error answer. */
export function describeFailure(error: unknown, path: string): Outcome {
  if (error instanceof Refusal) return refuse(describeProblem(error.status, error.message, path), error.retryAfter);
  const detail = error instanceof Error ? error.message : String(error);
  return refuse(describeProblem(500, `The sandbox failed: ${detail}`, path), undefined);
}

/** Remembers when a key was used, at most once a minute so that reading stays cheap. */
export function noteKeyUse(account: Account, caller: Caller): void {
  const { key } = caller;
  const last = key.last_used_at === undefined ? 0 : Date.parse(key.last_used_at);
  if (account.now().getTime() - last < MINUTE_MS) return;
  account.store.transact(() => account.store.put("api_keys", { ...key, last_used_at: stampNow(account) }));
}

function admitCaller(parts: RestParts, header: string | undefined): Caller {
  const caller = recogniseBearer(parts.account, header);
  const wait = parts.limits.take(`rest/${caller.key.id}`, parts.account.switches().restRequestsPerMinute);
  if (wait !== undefined) throw new Refusal(429, "Too many requests.", wait);
  requireDeveloperAccess(parts.account, caller);
  noteKeyUse(parts.account, caller);
  return caller;
}

function readBody(parts: RestParts, route: Route, text: string): unknown {
  if (route.body === undefined) return undefined;
  const parsed = text === "" && route.bodyMayBeAbsent === true ? {} : parseJson(text);
  const body = parts.account.switches().enumSpelling === "old" ? spellNew(parsed) : parsed;
  parts.checkBody(route.body, body);
  return body;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid("The request body is not valid JSON.");
  }
}

function runRoute(
  parts: RestParts,
  route: Route,
  asked: {
    readonly request: WireRequest;
    readonly params: Readonly<Record<string, string>>;
    readonly caller: Caller;
    readonly body: unknown;
  },
): Reply {
  const { account } = parts;
  return account.store.transact(() =>
    route.run({
      actor: { account, user: asked.caller.user },
      key: asked.caller.key,
      params: asked.params,
      query: asked.request.query,
      body: asked.body,
      readRequests: parts.log.readAll,
    }),
  );
}

function spellReply(account: Account, reply: Reply): Outcome {
  if (reply.body === undefined || account.switches().enumSpelling === "new") return reply;
  return { ...reply, body: spellOld(reply.body) };
}
