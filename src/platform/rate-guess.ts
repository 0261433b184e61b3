import type { LearnedPace } from "../model/platform.ts";
import { type Lesson, measureRate, type Refusal } from "./rate-measure.ts";

/**
 * A limiter that lets requests through at a rate, and some more at once after a pause (a token bucket), as far as its refusals tell.
 * Times are monotonic milliseconds.
 */
export interface RateGuess {
  /** Milliseconds until one more request may go. */
  waitFor(now: number): number;
  letGo(now: number): void;
  /** Takes for a request that was not held what there is to take; false where the limiter should have refused it. */
  drain(now: number): boolean;
  /** Gives back what was drained: another limiter let it through. */
  giveBack(): void;
  /** Notes that a request went through which was let go at `admittedAt`. */
  succeed(admittedAt: number): void;
  /** Nothing was asked for long. */
  restart(now: number): void;
  /** Notes the first refusal of several. */
  refuse(refusal: Refusal): void;
  /** Notes until when nothing may go: meanwhile the limiter fills up again. */
  rest(until: number): void;
  perMinute(): number | undefined;
  learned(): LearnedPace | undefined;
  /** Begins a little below what an earlier run learned. */
  recall(pace: LearnedPace, now: number): void;
}

const RISE_MILLISECONDS = 500;
/** By how much the rate rises at a time, far from the rate that last proved too high. */
const RISE = 0.05;
/** The same near it: half as much with each measurement, since the surer it is, the less is to be gained. */
const [FIRST_RISE_NEAR, LEAST_RISE_NEAR] = [0.005, 0.001];
/** Up to so different, two measurements told the same. */
const SAME = 0.1;
/** The part of that rate from which on the rate is near it. */
const NEAR = 0.95;
/** So much above without a refusal: the limit is another one by now. */
const ANOTHER_LIMIT = 1.2;
/** How many requests go beyond what the limiter should let through before it is believed to let more through. */
const SPARE_REQUESTS = 1;
/** How much of what was measured is asked for right after a refusal: less where few requests told it. */
const [LEAST_SHARE, MOST_SHARE] = [0.9, 0.98];
/** By how many requests a measurement may be wrong. */
const UNSURE_REQUESTS = 8;
/** How much is asked for of what an earlier run learned, and of what goes at once. */
const [RATE_RECALLED, BURST_USED] = [0.98, 0.95];
/** Sleeps of so many milliseconds too long cost nothing, also where it is not known how much goes at once. */
const LATE_MILLISECONDS = 100;

interface Rate {
  /** Requests per millisecond. */
  perMs: number;
  /** The last rate that proved too high. */
  bad: number;
  /** The rate that was last measured. */
  readonly measured: number;
  readonly riseNear: number;
  /** How many requests went beyond what proved too high; and by how much the rate rises next, where those should have been refused. */
  beyond: number;
  riseBeyond: number;
  risenAt: number;
}

/** Makes a guess that knows of no rate, and lets everything go. */
export function guessRate(start: number): RateGuess {
  let rate: Rate | undefined;
  /** Requests that may go at once, when that was true, and what of it others took. */
  const credit = { left: 1, at: start, drained: 0 };
  const measure = measureRate(start);
  /** The most that is saved up. */
  const most = ({ perMs }: Rate): number => Math.max(1, (measure.burst() ?? perMs * LATE_MILLISECONDS) * BURST_USED);
  const refill = (now: number, known: Rate): void => {
    const grown = credit.left + (now - credit.at) * known.perMs;
    credit.left = Math.min(most(known), grown);
    credit.at = now;
    if (measure.burst() === undefined || grown < most(known)) return;
    credit.drained = 0;
    measure.fill(now);
  };
  return {
    waitFor: (now) => {
      if (rate === undefined) return 0;
      refill(now, rate);
      // Less than a thousandth short is rounding, not a debt.
      if (credit.left >= 0.999) return 0;
      // Only where requests wait does the present rate prove to be none too high.
      rise(rate, { now, slack: SPARE_REQUESTS + (measure.burst() ?? 0) * (1 - BURST_USED) });
      return (1 - credit.left) / rate.perMs;
    },
    letGo: (now) => {
      credit.left -= 1;
      measure.admit(now);
    },
    drain: (now) => {
      measure.admit(now);
      // The first rate is a guess, and says nothing about what is left.
      if (rate === undefined || measure.burst() === undefined) return true;
      refill(now, rate);
      if (credit.left < 1) return false;
      credit.left -= 1;
      credit.drained += 1;
      return true;
    },
    giveBack: () => {
      if (rate !== undefined) credit.left = Math.min(most(rate), credit.left + credit.drained);
      credit.drained = 0;
    },
    succeed: measure.succeed,
    restart: measure.restart,
    refuse: (refusal) => {
      const wasProven = measure.burst() !== undefined;
      const lesson = measure.refuse(refusal, wasProven && rate ? Math.min(rate.bad, rate.perMs) : undefined);
      if (lesson.rate !== undefined) rate = learn(rate, { ...lesson, rate: lesson.rate, wasProven, now: refusal.now });
      else if (wasProven && rate !== undefined) slowDown(rate);
      if (rate !== undefined) rate.risenAt = refusal.now;
      Object.assign(credit, { left: 0, at: refusal.now, drained: 0 });
    },
    rest: (until) => {
      measure.rest(until);
      if (rate !== undefined) rate.risenAt = Math.max(rate.risenAt, until);
    },
    perMinute: () => rate && rate.perMs * 60_000,
    learned: () => {
      const burst = measure.burst();
      // The first rate is told to nobody: what goes at once is in it.
      if (rate === undefined || burst === undefined) return undefined;
      // The rate that last proved too high is what the limiter lets through.
      const perMs = Number.isFinite(rate.bad) ? rate.bad : rate.perMs / RATE_RECALLED;
      return { perMinute: round(perMs * 60_000), burst: Math.round(burst) };
    },
    recall: (pace, now) => {
      rate = rateOf(pace.perMinute / 60_000, { share: RATE_RECALLED, riseNear: LEAST_RISE_NEAR, now });
      credit.at = now;
      if (pace.burst === undefined) return;
      measure.recall(pace.burst, now);
      credit.left = most(rate);
    },
  };
}

function rateOf(
  bad: number,
  { share, riseNear, now }: { readonly share: number; readonly riseNear: number; readonly now: number },
): Rate {
  return { perMs: bad * share, bad, measured: bad, riseNear, beyond: 0, riseBeyond: riseNear, risenAt: now };
}

interface Learned extends Lesson {
  readonly rate: number;
  /** Whether the rate before was more than a first guess. */
  readonly wasProven: boolean;
  readonly now: number;
}

function learn(before: Rate | undefined, { isFirst, rate, requests, wasProven, now }: Learned): Rate {
  const first = {
    ...rateOf(rate, { share: LEAST_SHARE, riseNear: FIRST_RISE_NEAR, now }),
    bad: Number.POSITIVE_INFINITY,
  };
  if (isFirst) return first;
  const isSame = before !== undefined && Math.abs(rate / before.measured - 1) <= SAME;
  const riseNear = isSame ? Math.max(LEAST_RISE_NEAR, before.riseNear / 2) : FIRST_RISE_NEAR;
  const share = Math.min(MOST_SHARE, Math.max(LEAST_SHARE, 1 - UNSURE_REQUESTS / requests));
  // A pause in our own work must not look like a slow limiter: never less than half of what was known.
  const least = before !== undefined && wasProven ? before.perMs / 2 : 0;
  return { ...rateOf(rate, { share, riseNear, now }), perMs: Math.max(rate * share, least) };
}

/** Too little went through to tell a rate: the present one was too high, for now. */
function slowDown(rate: Rate): void {
  rate.bad = Math.max(rate.measured / 2, Math.min(rate.bad, rate.perMs));
  rate.perMs = rate.bad * LEAST_SHARE;
  rate.beyond = 0;
  rate.riseBeyond = rate.riseNear;
}

/** `slack` is how many requests the limiter may have let through beyond its rate without being another one. */
function rise(rate: Rate, { now, slack }: { readonly now: number; readonly slack: number }): void {
  if (now - rate.risenAt < RISE_MILLISECONDS) return;
  rate.beyond += Math.max(0, rate.perMs - rate.bad) * RISE_MILLISECONDS;
  rate.risenAt = now;
  rate.perMs *= 1 + nextRise(rate, slack);
  if (rate.perMs > rate.bad * ANOTHER_LIMIT) rate.bad = Number.POSITIVE_INFINITY;
}

function nextRise(rate: Rate, slack: number): number {
  if (rate.perMs < rate.bad * NEAR || !Number.isFinite(rate.bad)) return RISE;
  if (rate.beyond <= slack) return rate.riseNear;
  rate.riseBeyond = Math.min(RISE, 2 * rate.riseBeyond);
  return rate.riseBeyond;
}

function round(perMinute: number): number {
  return Math.round(perMinute * 10) / 10;
}
