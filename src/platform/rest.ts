import { PlatformError } from "../model/errors.ts";
import type { JsonObject } from "../model/json.ts";
import { parseJson } from "../model/parse-json.ts";
import type { Row } from "../model/platform.ts";
import type { HttpResponse } from "../model/ports.ts";
import type { Allowance } from "./allowance.ts";
import { concealKey, refuseAnswer, refuseSilence } from "./failure.ts";
import { isObject } from "./json-shape.ts";
import { normaliseRow } from "./normalise.ts";
import type { Pace } from "./pace.ts";
import { isPassing, MOST_TRIES } from "./retry.ts";
import type { ShareText } from "./share-values.ts";
import type { Slots } from "./slots.ts";
import type { Wire, WireCall, WireOutcome } from "./wire.ts";

/** REST v2 of one account. */
export interface Rest {
  readonly wire: Wire;
  readonly allowance: Allowance;
  readonly share: ShareText;
  /** Prepares a call; `path` may have a query, its name has none. */
  prepare(method: string, path: string, body?: JsonObject): WireCall;
  /** Hides the key where an answer repeats it. */
  conceal(response: HttpResponse): HttpResponse;
}

interface RestOptions {
  readonly url: string;
  readonly apiKey: () => string;
  readonly wire: Wire;
  readonly allowance: Allowance;
  readonly share: ShareText;
  readonly slots: Slots;
  readonly reads: Pace;
  readonly writes: Pace;
}

/** Makes the REST side of a connection: `Authorization: Bearer`, JSON bodies. */
export function makeRest(options: RestOptions): Rest {
  const base = options.url.replace(/\/+$/, "");
  return {
    wire: options.wire,
    allowance: options.allowance,
    share: options.share,
    prepare: (method, path, body) => ({
      name: `${method} ${path.split("?")[0] ?? path}`,
      method,
      url: `${base}${path}`,
      body: body === undefined ? undefined : JSON.stringify(body),
      pace: method === "GET" ? options.reads : options.writes,
      slots: options.slots,
      headers: () => ({
        authorization: `Bearer ${options.apiKey()}`,
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      }),
    }),
    conceal: (response) => (isSuccess(response.status) ? response : concealKey(response, options.apiKey())),
  };
}

/** One object; undefined for 404. GET, repeated after failures that pass. */
export async function getRow(rest: Rest, path: string): Promise<Row | undefined> {
  const call = rest.prepare("GET", path);
  const response = await repeatCall(rest, call);
  if (response.status === 404) return undefined;
  if (!isSuccess(response.status)) throw refuseAnswer(call.name, response, false);
  return normaliseRow(readObject(call, response, false));
}

/** Sends a call that is harmless to repeat until it is answered with a status that does not pass, or tries run out. */
export async function repeatCall(rest: Rest, call: WireCall): Promise<HttpResponse> {
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await rest.wire.send(call, false);
    const answer = settledAnswer(outcome);
    if (answer !== undefined) return rest.conceal(answer);
    if (attempt >= MOST_TRIES) throw refuseOutcome(rest, call, { outcome, ambiguous: false });
    await rest.wire.pause(call, { attempt, outcome, ambiguous: false });
  }
}

/** The answer, unless there is none or a moment later it may be another. */
export function settledAnswer(outcome: WireOutcome): HttpResponse | undefined {
  return outcome.state === "lost" || isPassing(outcome.response.status) ? undefined : outcome.response;
}

/** Makes the error of an attempt that failed. */
export function refuseOutcome(
  rest: Rest,
  call: WireCall,
  failed: { readonly outcome: WireOutcome; readonly ambiguous: boolean },
): PlatformError {
  const { outcome, ambiguous } = failed;
  return outcome.state === "lost"
    ? refuseSilence(call.name, outcome.failure, ambiguous)
    : refuseAnswer(call.name, rest.conceal(outcome.response), ambiguous);
}

export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/** The body as a JSON object; anything else is a breach of the protocol, after which a write's effect is not known. */
export function readObject(call: WireCall, response: HttpResponse, ambiguous: boolean): JsonObject {
  const body = parseJson(response.body);
  if (body === undefined) {
    throw new PlatformError("protocol", call.name, `${call.name} answered ${response.status} without JSON`, {
      status: response.status,
      ambiguous,
    });
  }
  if (!isObject(body)) {
    throw new PlatformError(
      "protocol",
      call.name,
      `${call.name} answered ${response.status} with JSON that is no object`,
      {
        status: response.status,
        ambiguous,
      },
    );
  }
  return body;
}
