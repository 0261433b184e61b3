import type { LearnedPace } from "../model/platform.ts";

/**
 * A limiter that lets requests through at a rate, and some more at once after a pause (a token bucket), as far as its refusals tell.
 * Times are monotonic milliseconds.
 */
export interface RateGuess {
  /** Milliseconds until one more request may go. */
  waitFor(now: number): number;
  letGo(): void;
  /** Begins to measure anew: nothing was asked for so long that what was counted says nothing. */
  restart(now: number): void;
  /** Notes the first refusal of several, after so many requests that went through since the last one or the restart. */
  refuse(now: number, successes: number): void;
  /** Notes until when nothing may go: meanwhile the limiter fills up again. */
  rest(now: number, until: number): void;
  perMinute(): number | undefined;
  learned(): LearnedPace | undefined;
  /** Begins a little below what an earlier run learned. */
  recall(pace: LearnedPace, now: number): void;
}

const RISE_MILLISECONDS = 500;
/** By how much the rate rises at a time, far from the rate that last proved too high. */
const RISE = 0.05;
/** The same near it: half as much with each measurement, since the surer it is, the less is to be gained. */
const [FIRST_RISE_NEAR, LEAST_RISE_NEAR] = [0.02, 0.0025];
/** From so many requests on, the span between two refusals tells the rate of a limiter. */
const LEAST_REQUESTS = 8;
/** How much of what was measured is asked for: right after a refusal, and of what an earlier run learned. */
const [SHARE_AFTER_LIMIT, SHARE_RECALLED] = [0.9, 0.95];

interface Rate {
  /** Requests per millisecond. */
  perMs: number;
  /** The last rate that proved too high. */
  bad: number;
  riseNear: number;
  risenAt: number;
}

/** Makes a guess that knows of no rate, and lets everything go. */
export function guessRate(start: number): RateGuess {
  let rate: Rate | undefined;
  /** Requests that may go at once, when that was true, and the most that are saved up. */
  const credit = { left: 1, at: start, most: 1 };
  /** What went through before the first refusal, and in how long, until the rate is known: then it tells what goes at once. */
  let opening: { readonly requests: number; readonly milliseconds: number } | undefined;
  /** What goes at once after a pause, as far as it is known. */
  let burst: number | undefined;
  let measuredFrom = start;
  /** Until when everybody waited after the last refusal. */
  let restedUntil = start;
  /** How much of what went at once is in the present measurement. */
  let savedUp = 0;

  /** While everybody waited, the limiter may have filled up, and what came after that is in no count: then the rest tells. */
  const measureAwake = (now: number, requests: number): number => {
    const paced = requests - (burst ?? requests);
    return paced < LEAST_REQUESTS ? 0 : paced / Math.max(1, now - Math.max(measuredFrom, restedUntil));
  };
  const learn = (now: number, requests: number): void => {
    const milliseconds = Math.max(1, now - measuredFrom);
    const bad = Math.max(requests / milliseconds, measureAwake(now, requests));
    // A pause in our own work must not look like a slow limiter: never less than half of what was known.
    const least = burst === undefined ? 0 : (rate?.perMs ?? 0) / 2;
    const riseNear = rate === undefined ? FIRST_RISE_NEAR : Math.max(LEAST_RISE_NEAR, rate.riseNear / 2);
    rate = { perMs: Math.max(bad * SHARE_AFTER_LIMIT, least), bad, riseNear, risenAt: now };
    // What goes at once is in the first rate, and the next refusal tells how much that was.
    if (opening === undefined) opening = { requests, milliseconds };
    else burst ??= Math.max(1, opening.requests - bad * opening.milliseconds);
  };

  return {
    waitFor: (now) => {
      if (rate === undefined) return 0;
      rise(rate, now);
      credit.left = Math.min(credit.most, credit.left + (now - credit.at) * rate.perMs);
      credit.at = now;
      // Less than a thousandth short is rounding, not a debt.
      return credit.left >= 0.999 ? 0 : (1 - credit.left) / rate.perMs;
    },
    letGo: () => {
      credit.left -= 1;
    },
    restart: (now) => {
      measuredFrom = now;
    },
    refuse: (now, successes) => {
      // From one refusal to the next, waiting included, a limiter lets through just its rate. A refusal after a handful of
      // requests tells of no rate: it is somebody else's doing, or chance. It is waited out, no more.
      const paced = successes - savedUp;
      if (paced >= LEAST_REQUESTS) learn(now, paced);
      savedUp = 0;
      measuredFrom = now;
      Object.assign(credit, { left: 0, at: now });
      if (rate !== undefined) rate.risenAt = now;
    },
    rest: (now, until) => {
      restedUntil = until;
      if (rate === undefined) return;
      rate.risenAt = Math.max(rate.risenAt, until);
      // Not by the first rate, which is too high.
      if (burst !== undefined) credit.most = Math.max(credit.most, rate.perMs * (until - now));
    },
    perMinute: () => rate && rate.perMs * 60_000,
    learned: () => {
      // The first rate is told to nobody: what goes at once is in it.
      if (rate === undefined || burst === undefined) return undefined;
      // The rate that last proved too high is what the limiter lets through; one that rose beyond it is better news.
      const perMs = Number.isFinite(rate.bad) ? Math.max(rate.bad, rate.perMs) : rate.perMs / SHARE_RECALLED;
      return { perMinute: round(perMs * 60_000), burst: Math.round(burst) };
    },
    recall: (pace, now) => {
      const bad = pace.perMinute / 60_000;
      rate = { perMs: bad * SHARE_RECALLED, bad, riseNear: LEAST_RISE_NEAR, risenAt: now };
      credit.at = now;
      if (pace.burst === undefined) return;
      burst = pace.burst;
      savedUp = pace.burst;
      credit.most = Math.max(1, pace.burst * SHARE_RECALLED);
      credit.left = credit.most;
    },
  };
}

function rise(rate: Rate, now: number): void {
  if (now - rate.risenAt < RISE_MILLISECONDS) return;
  rate.risenAt = now;
  rate.perMs *= 1 + (rate.perMs < rate.bad * 0.95 ? RISE : rate.riseNear);
  // So much above without a refusal: the limit is another one by now.
  if (rate.perMs > rate.bad * 1.2) rate.bad = Number.POSITIVE_INFINITY;
}

function round(perMinute: number): number {
  return Math.round(perMinute * 10) / 10;
}
