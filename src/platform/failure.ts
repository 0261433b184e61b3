import { PlatformError, type PlatformFailure } from "../model/errors.ts";
import type { HttpResponse, NetFailure } from "../model/ports.ts";
import { parseObject } from "./json-shape.ts";

const LONGEST_REASON = 300;

const FAILURES: ReadonlyMap<number, PlatformFailure> = new Map([
  [401, "unauthenticated"],
  [403, "forbidden"],
  [404, "not-found"],
  [408, "timeout"],
  [409, "conflict"],
  [429, "rate-limited"],
]);

/** Names what a status that is not a success means. The body has no say: proxies answer HTML and some errors are empty. */
function classifyStatus(status: number): PlatformFailure {
  const known = FAILURES.get(status);
  if (known !== undefined) return known;
  if (status >= 500) return "server";
  if (status >= 400) return "invalid";
  // A redirect would carry the key to another place, and anything else below 400 is no answer to what was asked.
  return "protocol";
}

/** Makes the error of an answer whose status is not a success. */
export function refuseAnswer(call: string, response: HttpResponse, ambiguous: boolean): PlatformError {
  const { status } = response;
  const reason = status >= 300 && status < 400 ? "redirects are not followed" : describeProblem(response.body);
  const message = `${call} answered ${status}${reason === "" ? "" : `: ${reason}`}`;
  return new PlatformError(classifyStatus(status), call, message, { status, ambiguous });
}

/** Makes the error of a call to which no whole answer came. */
export function refuseSilence(call: string, failure: NetFailure, ambiguous: boolean): PlatformError {
  const message = `${call} got no answer: ${tidyReason(failure.message)}`;
  return new PlatformError(failure.timedOut ? "timeout" : "network", call, message, { ambiguous, cause: failure });
}

/** Makes the error of a call that was not sent, or not sent again, because the run was interrupted. */
export function refuseInterrupted(call: string, ambiguous: boolean): PlatformError {
  return new PlatformError("interrupted", call, `${call} was interrupted`, { ambiguous });
}

/** The title and detail of a problem body (RFC 9457), bounded and without control characters; empty where there are none. */
function describeProblem(body: string): string {
  const problem = parseObject(body) ?? {};
  const parts = [problem["title"], problem["detail"]].filter(
    (part): part is string => typeof part === "string" && part.trim() !== "",
  );
  return tidyReason(parts.join(": "));
}

/** An answer without the key, should it repeat it, plainly or as base64 or a URL has it: what is shown of errors must not hold it. */
export function concealKey(response: HttpResponse, key: string): HttpResponse {
  // A key too short to be one would eat letters of other words.
  if (key.length < 8) return response;
  const body = spellingsOf(key).reduce((text, spelling) => text.replaceAll(spelling, "[key]"), response.body);
  return body === response.body ? response : { ...response, body };
}

function spellingsOf(key: string): readonly string[] {
  const base64 = btoa(key).replace(/=+$/u, "");
  const plus = base64.replaceAll("+", "-").replaceAll("/", "_");
  return [key, encodeURIComponent(key), JSON.stringify(key).slice(1, -1), base64, plus];
}

/** A text from outside made fit for one line of output: control characters become spaces, length is bounded. */
export function tidyReason(text: string): string {
  const tidy = text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(/ {2,}/g, " ")
    .trim();
  return tidy.length <= LONGEST_REASON ? tidy : `${tidy.slice(0, LONGEST_REASON - 1)}…`;
}
