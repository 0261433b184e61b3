import type { LearnedPace } from "../model/platform.ts";

/**
 * A limiter that lets requests through at a rate, and some more at once after a pause (a token bucket), as far as its refusals tell.
 * Times are monotonic milliseconds.
 */
export interface RateGuess {
  /** Milliseconds until one more request may go. */
  waitFor(now: number): number;
  letGo(): void;
  /** Takes for a request that was not held what there is to take; false where the limiter should have refused it. */
  drain(now: number): boolean;
  /** Gives back what was drained: another limiter let it through. */
  giveBack(): void;
  /** Notes that a request went through which was let go at `admittedAt`. */
  succeed(now: number, admittedAt: number): void;
  /** Nothing was asked for long: where it is not known how much goes at once, what was counted says nothing. */
  restart(now: number): void;
  /** Notes the first refusal of several: it asks to wait so many milliseconds, or does not ask (0). */
  refuse(now: number, wait: number): void;
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
const [FIRST_RISE_NEAR, LEAST_RISE_NEAR] = [0.02, 0.001];
/** The parts of that rate between which the rate is near it; above, each rise is twice the one before. */
const [NEAR_FROM, NEAR_TO] = [0.95, 1.03];
/** So much above without a refusal: the limit is another one by now. */
const ANOTHER_LIMIT = 1.2;
/** From so many requests on, the span between two refusals tells the rate of a limiter. */
const LEAST_REQUESTS = 8;
/** The same where the limiter was full at the beginning, since it is not known exactly how much it holds. */
const LEAST_AFTER_FULL = 80;
/** By how many requests a count may be wrong, because of those that were on their way. */
const UNSURE_REQUESTS = 8;
/** How much of what was measured is asked for right after a refusal: less where few requests told it. */
const [LEAST_SHARE, MOST_SHARE] = [0.9, 0.98];
/** How much is asked for of what an earlier run learned: of the rate, and of what goes at once. */
const [RATE_RECALLED, BURST_USED] = [0.98, 0.95];
/** Limiters ask to wait for a second at least. */
const SHORTEST_WAIT = 1_000;
/** How often it is noted how much went through so far, in milliseconds, and for how many times. */
const [MARK_MILLISECONDS, MOST_MARKS] = [100, 100];

interface Rate {
  /** Requests per millisecond. */
  perMs: number;
  /** The last rate that proved too high. */
  bad: number;
  /** What `bad` does not fall below before another rate was measured. */
  readonly least: number;
  riseNear: number;
  /** The next rise above all that proved too high. */
  riseAbove: number;
  risenAt: number;
}

/** What went through from some moment on. */
interface Span {
  readonly requests: number;
  readonly milliseconds: number;
}

/** What went through before the first refusal. */
interface Opening {
  readonly spans: readonly Span[];
  readonly refusedAt: number;
  /** What was on its way at the refusal, and went through. */
  late: number;
  /** How many requests told the rate with which it was compared. */
  measuredBy: number;
}

/** How many requests had gone through at a moment. */
interface Mark {
  readonly at: number;
  readonly count: number;
}

/** Makes a guess that knows of no rate, and lets everything go. */
export function guessRate(start: number): RateGuess {
  let rate: Rate | undefined;
  /** Requests that may go at once, when that was true, and the most that are saved up. */
  const credit = { left: 1, at: start, most: 1, drained: 0 };
  /** What went through before the first refusal: together with the rate it tells what goes at once, the better, the longer that was measured. */
  let opening: Opening | undefined;
  /** What goes at once after a pause, as far as it is known. */
  let burst: number | undefined;
  /** What went through since the limiter was empty (`held` 0) or full, which was seen or only remembered. */
  let measure = { from: start, count: 0, held: 0, isSeen: true };
  let marks: Mark[] = [];
  /** Until when everybody waited after the last refusal. */
  let restedUntil = start;
  /** The last refusal that told how much goes at once: what was on its way then belongs to it. */
  let heldToldAt = Number.NEGATIVE_INFINITY;

  const measureFrom = (now: number, held: number): void => {
    measure = { from: now, count: 0, held, isSeen: held > 0 };
    marks = [];
  };
  /** Lets credit grow. Once it is full, so is the limiter: what went before tells nothing about what comes. */
  const refill = (now: number, { perMs }: Rate): void => {
    const grown = credit.left + (now - credit.at) * perMs;
    credit.left = Math.min(credit.most, grown);
    credit.at = now;
    if (burst === undefined || grown < credit.most) return;
    credit.drained = 0;
    measureFrom(now, burst);
  };
  const rise = (known: Rate, now: number): void => {
    if (now - known.risenAt < RISE_MILLISECONDS) return;
    known.risenAt = now;
    known.perMs *= 1 + nextRise(known);
    if (known.perMs > known.bad * ANOTHER_LIMIT) known.bad = Number.POSITIVE_INFINITY;
  };
  const spansUntil = (now: number): readonly Span[] =>
    marks.map(({ at, count }) => ({ requests: measure.count - count, milliseconds: Math.max(1, now - at) }));
  /** The limiter never holds more than its burst: what has gone through since any moment beyond that tells the least that its rate can be. */
  const leastRate = (now: number): number => {
    const held = burst === undefined ? Number.POSITIVE_INFINITY : burst + UNSURE_REQUESTS;
    return Math.max(0, ...spansUntil(now).map(({ requests, milliseconds }) => (requests - held) / milliseconds));
  };
  /** The limiter may have been full before the wait was over. */
  const rateAwake = (now: number, requests: number): number => {
    const paced = requests - (burst ?? requests);
    return measure.held > 0 || paced < LEAST_AFTER_FULL ? 0 : paced / Math.max(1, now - restedUntil);
  };
  const holdAtMost = (requests: number): void => {
    burst = Math.max(1, requests);
    credit.most = Math.max(1, burst * BURST_USED);
  };
  const learn = (now: number, requests: number): void => {
    const milliseconds = Math.max(1, now - measure.from);
    const wasGuess = burst === undefined;
    let bad = Math.max(requests / milliseconds, leastRate(now));
    const riseNear = rate === undefined ? FIRST_RISE_NEAR : Math.max(LEAST_RISE_NEAR, rate.riseNear / 2);
    if (opening !== undefined && requests > opening.measuredBy) {
      opening.measuredBy = requests;
      const held = opening.spans.map(({ requests, milliseconds }) => requests - bad * milliseconds);
      holdAtMost(Math.max(0, ...held) + opening.late);
    }
    bad = Math.max(bad, rateAwake(now, requests));
    // A pause in our own work must not look like a slow limiter: never less than half of what was known.
    const least = rate === undefined || wasGuess ? 0 : rate.perMs / 2;
    const share = clampShare(1 - UNSURE_REQUESTS / requests);
    rate = { ...rateOf(bad, { share, riseNear, now }), perMs: Math.max(bad * share, least) };
  };
  /** The first refusal of all. What goes at once is in this rate, and the next one tells how much that was. */
  const open = (now: number): void => {
    const milliseconds = Math.max(1, now - measure.from);
    const whole = { requests: measure.count, milliseconds };
    const isMany = measure.count >= LEAST_REQUESTS;
    opening = { spans: isMany ? [whole, ...spansUntil(now)] : [whole], refusedAt: now, late: 0, measuredBy: 0 };
    if (isMany) rate = rateOf(measure.count / milliseconds, { share: LEAST_SHARE, riseNear: FIRST_RISE_NEAR, now });
  };
  /** Too little went through to tell a rate: the present one was too high, for now. */
  const slowDown = (known: Rate, now: number): void => {
    const milliseconds = now - measure.from;
    const held = measure.count - known.perMs * milliseconds;
    // Less than what comes in while everybody waits is no loss to believe; more than that may have been taken by somebody else.
    const mostHeld = Math.min(burst ?? 0, known.perMs * SHORTEST_WAIT);
    if (measure.isSeen && milliseconds < SHORTEST_WAIT && held < mostHeld) {
      holdAtMost(held);
      heldToldAt = now;
    }
    known.bad = Math.max(known.least, Math.min(known.bad, known.perMs));
    known.perMs = known.bad * LEAST_SHARE;
    known.riseAbove = known.riseNear;
  };

  return {
    waitFor: (now) => {
      if (rate === undefined) return 0;
      rise(rate, now);
      refill(now, rate);
      // Less than a thousandth short is rounding, not a debt.
      return credit.left >= 0.999 ? 0 : (1 - credit.left) / rate.perMs;
    },
    letGo: () => {
      credit.left -= 1;
    },
    drain: (now) => {
      // The first rate is too high, and says nothing about what is left.
      if (rate === undefined || burst === undefined) return true;
      refill(now, rate);
      if (credit.left < 1) return false;
      credit.left -= 1;
      credit.drained += 1;
      return true;
    },
    giveBack: () => {
      credit.left = Math.min(credit.most, credit.left + credit.drained);
      credit.drained = 0;
    },
    succeed: (now, admittedAt) => {
      if (opening !== undefined && admittedAt <= opening.refusedAt) opening.late += 1;
      if (burst !== undefined && admittedAt <= heldToldAt) holdAtMost(burst + 1);
      const last = marks.at(-1);
      if (last === undefined || now - last.at >= MARK_MILLISECONDS) {
        marks.push({ at: now, count: measure.count });
        if (marks.length > MOST_MARKS) marks.shift();
      }
      measure.count += 1;
    },
    restart: (now) => {
      if (burst !== undefined) return;
      opening = undefined;
      measureFrom(now, 0);
    },
    refuse: (now, wait) => {
      // From one refusal to the next, waiting included, a limiter lets through just its rate. A refusal after a handful of
      // requests tells of no rate: it is somebody else's doing, or chance, unless there are more such.
      const isExact = measure.held === 0;
      const paced = measure.count - measure.held;
      const isEnough = paced >= (isExact ? LEAST_REQUESTS : LEAST_AFTER_FULL);
      const isOpening = opening === undefined && burst === undefined;
      if (isOpening) open(now);
      else if (isEnough) learn(now, paced);
      else if (rate !== undefined && burst !== undefined) slowDown(rate, now);
      if (isOpening || isEnough || !isExact || wait < SHORTEST_WAIT) measureFrom(now, 0);
      Object.assign(credit, { left: 0, at: now, drained: 0 });
      if (rate !== undefined) rate.risenAt = now;
    },
    rest: (until) => {
      restedUntil = until;
      if (rate !== undefined) rate.risenAt = Math.max(rate.risenAt, until);
    },
    perMinute: () => rate && rate.perMs * 60_000,
    learned: () => {
      // The first rate is told to nobody: what goes at once is in it.
      if (rate === undefined || burst === undefined) return undefined;
      // The rate that last proved too high is what the limiter lets through; one that rose beyond it is better news.
      const perMs = Number.isFinite(rate.bad) ? Math.max(rate.bad, rate.perMs) : rate.perMs / RATE_RECALLED;
      return { perMinute: round(perMs * 60_000), burst: Math.round(burst) };
    },
    recall: (pace, now) => {
      const bad = pace.perMinute / 60_000;
      rate = rateOf(bad, { share: RATE_RECALLED, riseNear: LEAST_RISE_NEAR, now });
      credit.at = now;
      if (pace.burst === undefined) return;
      holdAtMost(pace.burst);
      credit.left = credit.most;
      measureFrom(now, pace.burst);
      measure.isSeen = false;
    },
  };
}

function rateOf(
  bad: number,
  { share, riseNear, now }: { readonly share: number; readonly riseNear: number; readonly now: number },
): Rate {
  return { perMs: bad * share, bad, least: bad / 2, riseNear, riseAbove: riseNear, risenAt: now };
}

function nextRise(rate: Rate): number {
  if (rate.perMs < rate.bad * NEAR_FROM || !Number.isFinite(rate.bad)) return RISE;
  if (rate.perMs < rate.bad * NEAR_TO) return rate.riseNear;
  rate.riseAbove = Math.min(RISE, 2 * rate.riseAbove);
  return rate.riseAbove;
}

function clampShare(share: number): number {
  return Math.min(MOST_SHARE, Math.max(LEAST_SHARE, share));
}

function round(perMinute: number): number {
  return Math.round(perMinute * 10) / 10;
}
