import { PlatformError } from "../model/errors.ts";
import type { BeforeSending, PlatformReader, Row, WriteAnswer, WriteRequest } from "../model/platform.ts";
import type { HttpResponse } from "../model/ports.ts";
import { refuseAnswer } from "./failure.ts";
import { normaliseRow } from "./normalise.ts";
import { isSuccess, type Rest, readObject, refuseOutcome, settledAnswer } from "./rest.ts";
import { MOST_TRIES } from "./retry.ts";
import type { WireCall, WireOutcome } from "./wire.ts";

/** Sends a write until its effect is known: repeated where that is harmless, looked up by its natural key where it is not. */
export async function writeRow(rest: Rest, reader: PlatformReader, request: WriteRequest): Promise<WriteAnswer> {
  const { method, path, body, beforeSending } = request;
  const call: WireCall = { ...rest.prepare(method, path, body), beforeSending };
  let ambiguous = false;
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await rest.wire.send(call, ambiguous);
    const answer = settledAnswer(outcome);
    if (answer !== undefined) return judgeAnswer({ rest, reader, request, call, ambiguous }, answer);
    ambiguous ||= mayHaveHappened(outcome);
    if (attempt >= MOST_TRIES && !ambiguous) throw refuseOutcome(rest, call, { outcome, ambiguous });
    if (attempt < MOST_TRIES) await rest.wire.pause(call, { attempt, outcome, ambiguous });
    // The last failure is looked at too: it may be the one that took effect.
    const row = ambiguous ? await look({ reader, request, call, ambiguous }) : undefined;
    if (row !== undefined) return { status: statusOf(outcome), row, found: true };
    if (isSpent(request, attempt, ambiguous)) throw refuseOutcome(rest, call, { outcome, ambiguous });
  }
}

/** Deletes, repeating what fails in passing. After a lost answer the repeat's 404 means that the deletion took effect. */
export async function removeRow(
  rest: Rest,
  path: string,
  beforeSending: BeforeSending | undefined,
): Promise<"deleted" | "absent"> {
  const call: WireCall = { ...rest.prepare("DELETE", path), beforeSending };
  let ambiguous = false;
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await rest.wire.send(call, ambiguous);
    const answer = settledAnswer(outcome);
    if (answer?.status === 404) return ambiguous ? "deleted" : "absent";
    if (answer !== undefined && isSuccess(answer.status)) return "deleted";
    if (answer !== undefined) throw refuseAnswer(call.name, rest.conceal(answer), ambiguous);
    ambiguous ||= mayHaveHappened(outcome);
    if (attempt >= MOST_TRIES) throw refuseOutcome(rest, call, { outcome, ambiguous });
    await rest.wire.pause(call, { attempt, outcome, ambiguous });
  }
}

/** True when a write may not be sent again. */
function isSpent({ once }: WriteRequest, attempt: number, ambiguous: boolean): boolean {
  return attempt >= MOST_TRIES || (ambiguous && once === true);
}

interface Attempted {
  readonly reader: PlatformReader;
  readonly request: WriteRequest;
  readonly call: WireCall;
  /** Whether an earlier attempt may have taken effect. */
  readonly ambiguous: boolean;
}

async function judgeAnswer(
  attempted: Attempted & { readonly rest: Rest },
  response: HttpResponse,
): Promise<WriteAnswer> {
  const { call, request, ambiguous } = attempted;
  const { status } = response;
  if (isSuccess(status)) {
    if (mayBeEmpty(request, response)) return { status, row: undefined, found: false };
    return { status, row: normaliseRow(readObject(call, response, true)), found: false };
  }
  if (status === 409 && (ambiguous || request.tellsTaken !== true)) {
    const row = await look(attempted);
    if (row !== undefined) return { status, row, found: true };
  }
  throw refuseAnswer(call.name, attempted.rest.conceal(response), ambiguous);
}

/** 204 and its like have no body, and what PUT answers nobody needs. */
function mayBeEmpty(request: WriteRequest, response: HttpResponse): boolean {
  if (response.body.trim() !== "") return false;
  return request.method === "PUT" || response.status === 202 || response.status === 204 || response.status === 205;
}

/** Asks by natural key. A failure to look is a failure of the write, whose effect then stays as unknown as it was. */
async function look(attempted: Attempted): Promise<Row | undefined> {
  const { request, reader, call, ambiguous } = attempted;
  if (request.settle === "repeat") return undefined;
  try {
    return await request.settle(reader);
  } catch (cause) {
    if (!(cause instanceof PlatformError)) throw cause;
    const message = `${call.name} could not be settled: ${cause.message}`;
    throw new PlatformError(cause.failure, call.name, message, { ambiguous, cause, ...withStatus(cause.status) });
  }
}

function withStatus(status: number | undefined): { readonly status?: number } {
  return status === undefined ? {} : { status };
}

/** Only what surely never arrived surely took no effect. */
function mayHaveHappened(outcome: WireOutcome): boolean {
  return outcome.state === "answered" || outcome.failure.sent;
}

/** The status of a failed answer; 0 where there was none. */
function statusOf(outcome: WireOutcome): number {
  return outcome.state === "answered" ? outcome.response.status : 0;
}
