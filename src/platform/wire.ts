import { PlatformError } from "../model/errors.ts";
import type { BeforeSending } from "../model/platform.ts";
import { type Clock, type HttpResponse, type Net, NetFailure, type Random } from "../model/ports.ts";
import { refuseInterrupted } from "./failure.ts";
import type { Pace } from "./pace.ts";
import type { PlatformEvent } from "./platform-event.ts";
import { chooseBackoff, parseRetryAfter } from "./retry.ts";
import type { Slots } from "./slots.ts";

/** One request, ready but for the key. */
export interface WireCall {
  /** `GET /v2/users`: what people and errors call it. */
  readonly name: string;
  readonly method: string;
  readonly url: string;
  readonly body: string | undefined;
  readonly pace: Pace;
  readonly slots: Slots;
  /** Headers with the key, made anew for each attempt. */
  readonly headers: () => Readonly<Record<string, string>>;
  /** True for an answer that means 429 whatever its status. */
  readonly isLimited?: (response: HttpResponse) => boolean;
  readonly beforeSending?: BeforeSending | undefined;
}

/** What came of one attempt: an answer of any status but 429, or none. */
export type WireOutcome =
  | { readonly state: "answered"; readonly response: HttpResponse }
  | { readonly state: "lost"; readonly failure: NetFailure };

export interface Wire {
  /** One attempt in its turn. 429 is waited out and asked again: such an attempt took no effect and counts for nothing. */
  send(call: WireCall, ambiguous: boolean): Promise<WireOutcome>;
  /** Waits between attempts; `atLeast` is what the platform asked for. */
  pause(call: WireCall, failed: FailedAttempt): Promise<void>;
}

interface FailedAttempt {
  /** From 1. */
  readonly attempt: number;
  readonly outcome: WireOutcome;
  /** Whether the call may have taken effect. */
  readonly ambiguous: boolean;
}

interface WireOptions {
  readonly net: Net;
  /** Its sleeps end when the signal fires. */
  readonly clock: Clock;
  readonly random: Random;
  readonly timeoutMilliseconds: number;
  readonly signal: AbortSignal | undefined;
  readonly onEvent: (event: PlatformEvent) => void;
}

/** Longest wait a 5xx answer may ask for before it is treated as if it had asked for nothing. */
const LONGEST_WAIT = 120_000;

/** Makes the one way by which requests leave. */
export function makeWire(options: WireOptions): Wire {
  return {
    send: (call, ambiguous) => sendInTurn(options, call, ambiguous),
    pause: (call, failed) => pauseAfter(options, call, failed),
  };
}

async function sendInTurn(options: WireOptions, call: WireCall, ambiguous: boolean): Promise<WireOutcome> {
  for (;;) {
    if (!(await call.slots.take())) throw refuseInterrupted(call.name, ambiguous);
    let admittedAt: number | undefined;
    let outcome: WireOutcome;
    try {
      admittedAt = await call.pace.admit();
      if (admittedAt === undefined) throw refuseInterrupted(call.name, ambiguous);
      // Not sooner: until its turn came, and between two attempts, a call may have waited for minutes.
      await call.beforeSending?.();
      outcome = await attempt(options, call);
    } finally {
      call.slots.free();
    }
    if (outcome.state === "lost") return outcome;
    if (!isRateLimit(call, outcome.response)) {
      call.pace.succeed(admittedAt);
      return outcome;
    }
    waitForEverybody(options, call, { admittedAt, response: outcome.response, ambiguous });
  }
}

async function attempt(options: WireOptions, call: WireCall): Promise<WireOutcome> {
  const { clock, net, timeoutMilliseconds, onEvent } = options;
  const started = clock.monotonic();
  try {
    const { method, url, body } = call;
    const response = await net.exchange({ method, url, headers: call.headers(), body, timeoutMilliseconds });
    const milliseconds = clock.monotonic() - started;
    onEvent({ event: "answered", call: call.name, status: response.status, milliseconds });
    return { state: "answered", response };
  } catch (failure) {
    if (!(failure instanceof NetFailure)) throw failure;
    const milliseconds = clock.monotonic() - started;
    onEvent({ event: "lost", call: call.name, because: describeLoss(failure), milliseconds });
    return { state: "lost", failure };
  }
}

function isRateLimit(call: WireCall, response: HttpResponse): boolean {
  return response.status === 429 || call.isLimited?.(response) === true;
}

function waitForEverybody(
  options: WireOptions,
  call: WireCall,
  limited: { readonly admittedAt: number; readonly response: HttpResponse; readonly ambiguous: boolean },
): void {
  const { response, ambiguous } = limited;
  const wait = call.pace.limit(limited.admittedAt, parseRetryAfter(response.headers, options.clock.now()));
  if (wait === undefined) {
    throw new PlatformError(
      "rate-limited",
      call.name,
      `${call.name} was refused by the platform's rate limit for too long`,
      { status: response.status, ambiguous },
    );
  }
  const learnedPerMinute = call.pace.perMinute();
  const pace = call.pace.name;
  options.onEvent({ event: "rate-limited", call: call.name, pace, waitMilliseconds: wait, learnedPerMinute });
}

async function pauseAfter(options: WireOptions, call: WireCall, failed: FailedAttempt): Promise<void> {
  const { outcome } = failed;
  const asked =
    outcome.state === "answered" ? parseRetryAfter(outcome.response.headers, options.clock.now()) : undefined;
  const backoff = chooseBackoff(failed.attempt, options.random.fraction());
  const waitMilliseconds = asked === undefined || asked > LONGEST_WAIT ? backoff : Math.max(asked, backoff);
  const because = outcome.state === "answered" ? `status ${outcome.response.status}` : describeLoss(outcome.failure);
  options.onEvent({ event: "retried", call: call.name, attempt: failed.attempt, waitMilliseconds, because });
  await options.clock.sleep(waitMilliseconds);
  if (options.signal?.aborted === true) throw refuseInterrupted(call.name, failed.ambiguous);
}

function describeLoss(failure: NetFailure): string {
  if (failure.timedOut) return "timed out";
  return failure.sent ? "connection lost" : "not reached";
}
