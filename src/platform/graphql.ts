import { PlatformError } from "../model/errors.ts";
import type { Json, JsonObject } from "../model/json.ts";
import type { BeforeSending } from "../model/platform.ts";
import type { HttpResponse } from "../model/ports.ts";
import { type Allowance, ENDLESS, MOST_CHARACTERS, weighJson } from "./allowance.ts";
import { concealKey, refuseAnswer, refuseSilence, tidyReason } from "./failure.ts";
import { isList, isObject, parseObject, textOf } from "./json-shape.ts";
import type { Pace } from "./pace.ts";
import { isPassing, MOST_TRIES } from "./retry.ts";
import type { Slots } from "./slots.ts";
import type { Wire, WireCall, WireOutcome } from "./wire.ts";

/** One error of a GraphQL answer, made fit to be shown. */
export interface GraphqlFault {
  readonly message: string;
  /** Names from the root to where it happened; empty where the server does not say or where the whole query was refused. */
  readonly path: readonly string[];
}

/** What a query was answered. `data` undefined means that nothing of it was. */
export interface GraphqlAnswer {
  readonly data: JsonObject | undefined;
  readonly faults: readonly GraphqlFault[];
  /** What the answer weighs, in characters. */
  readonly characters: number;
}

/** `POST /graphql` of one account. */
export interface Graphql {
  readonly allowance: Allowance;
  /** Asks, repeating what fails in passing. Throws PlatformError where no GraphQL answer came. */
  ask(query: string, variables: JsonObject): Promise<GraphqlAnswer>;
  /** Sends a mutation, once. A PlatformError says whether it may have taken effect. */
  change(mutation: string, variables: JsonObject, beforeSending: BeforeSending | undefined): Promise<GraphqlAnswer>;
}

interface GraphqlOptions {
  readonly url: string;
  readonly apiKey: () => string;
  readonly wire: Wire;
  readonly allowance: Allowance;
  readonly slots: Slots;
  readonly queries: Pace;
  readonly mutations: Pace;
}

const CALL = "POST /graphql";
/** An answer that is longer says more than that there were too many. */
const LONGEST_REFUSAL = 1024 * 1024;

/** Makes the GraphQL side of a connection: header `x-api-key`, on the app's host. */
export function makeGraphql(options: GraphqlOptions): Graphql {
  return {
    allowance: options.allowance,
    ask: (query, variables) => askPatiently(options, JSON.stringify({ query, variables })),
    change: (query, variables, beforeSending) =>
      changeOnce(options, JSON.stringify({ query, variables }), beforeSending),
  };
}

/** A rate limit is waited out, since what it refuses took no effect; everything else is for whoever asked to settle. */
async function changeOnce(
  options: GraphqlOptions,
  body: string,
  beforeSending: BeforeSending | undefined,
): Promise<GraphqlAnswer> {
  const call = { ...prepareCall(options, body), pace: options.mutations, beforeSending };
  const outcome = await options.wire.send(call, false);
  if (outcome.state === "lost") throw refuseSilence(CALL, outcome.failure, outcome.failure.sent);
  if (isPassing(outcome.response.status)) {
    throw refuseAnswer(CALL, concealKey(outcome.response, options.apiKey()), true);
  }
  return readAnswer(outcome.response, options.apiKey(), true);
}

async function askPatiently(options: GraphqlOptions, body: string): Promise<GraphqlAnswer> {
  const call = prepareCall(options, body);
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await options.wire.send(call, false);
    if (outcome.state === "answered" && !isPassing(outcome.response.status)) {
      return readAnswer(outcome.response, options.apiKey());
    }
    if (attempt >= MOST_TRIES) throw refuseLast(outcome, options.apiKey());
    await options.wire.pause(call, { attempt, outcome, ambiguous: false });
  }
}

function prepareCall(options: GraphqlOptions, body: string): WireCall {
  return {
    name: CALL,
    method: "POST",
    url: `${options.url.replace(/\/+$/, "")}/graphql`,
    body,
    pace: options.queries,
    slots: options.slots,
    headers: () => ({
      "x-api-key": options.apiKey(),
      accept: "application/json",
      "content-type": "application/json",
    }),
    isLimited,
  };
}

/** Some servers say 200 with an error that mentions the rate limit, and answer nothing. Messages about cost are not meant. */
function isLimited(response: HttpResponse): boolean {
  if (response.status !== 200 || response.body.length > LONGEST_REFUSAL) return false;
  if (!/rate|too many/i.test(response.body)) return false;
  const body = parseObject(response.body);
  const errors = body?.["errors"];
  if (body === undefined || !isList(errors) || holdsSomething(body["data"])) return false;
  return errors.some((error) => isObject(error) && mentionsRateLimit(error));
}

function mentionsRateLimit(error: JsonObject): boolean {
  const extensions = error["extensions"];
  const code = (isObject(extensions) && textOf(extensions["code"])) || "";
  const message = textOf(error["message"]) ?? "";
  return /\brate[ -]limit|too many requests/i.test(message) || /^(RATE_?LIMIT|TOO_MANY)/i.test(code);
}

function holdsSomething(data: Json | undefined): boolean {
  return isObject(data) && Object.values(data).some((value) => value !== null);
}

function readAnswer(response: HttpResponse, key: string, ambiguous = false): GraphqlAnswer {
  const { status } = response;
  const characters = weighJson(response.body);
  if (characters > MOST_CHARACTERS) {
    throw new PlatformError("protocol", CALL, `the answer of ${CALL} ${ENDLESS}`, { status, ambiguous });
  }
  const body = parseObject(response.body);
  const shown = concealKey(response, key);
  const errors = (shown === response ? body : parseObject(shown.body))?.["errors"];
  // 400 and 422 with errors are how some servers refuse a query that does not fit their schema.
  const isAnswer = (status >= 200 && status < 300) || ((status === 400 || status === 422) && isList(errors));
  if (!isAnswer) throw refuseAnswer(CALL, concealKey(response, key), false);
  const data = body?.["data"];
  if (body === undefined || (!isObject(data) && !isList(errors))) {
    throw new PlatformError("protocol", CALL, `${CALL} answered ${status} without a GraphQL answer`, {
      status,
      ambiguous,
    });
  }
  return {
    data: isObject(data) ? data : undefined,
    faults: isList(errors) ? errors.map(readFault) : [],
    characters,
  };
}

function readFault(error: Json): GraphqlFault {
  const message =
    isObject(error) && typeof error["message"] === "string" ? error["message"] : "an error without a message";
  const path = isObject(error) && isList(error["path"] ?? null) ? (error["path"] as readonly Json[]) : [];
  return {
    message: tidyReason(message),
    path: path.map((name) => (typeof name === "number" ? String(name) : (textOf(name) ?? ""))),
  };
}

function refuseLast(outcome: WireOutcome, key: string): PlatformError {
  return outcome.state === "lost"
    ? refuseSilence(CALL, outcome.failure, false)
    : refuseAnswer(CALL, concealKey(outcome.response, key), false);
}
