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
  /** Notes the first refusal of several. */
  refuse(refusal: Refusal): void;
  /** Notes until when nothing may go: meanwhile the limiter fills up again. */
  rest(until: number): void;
  perMinute(): number | undefined;
  learned(): LearnedPace | undefined;
  /** Begins a little below what an earlier run learned. */
  recall(pace: LearnedPace, now: number): void;
}

/** The first of several. */
export interface Refusal {
  readonly now: number;
  /** When the request was let go: that is nearer to the moment at which the limiter was empty. */
  readonly admittedAt: number;
  /** Milliseconds that it asks to wait; 0 where it asks for nothing. */
  readonly wait: number;
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
/** From so many requests on, the span between two refusals tells the rate of a limiter. */
const LEAST_REQUESTS = 8;
/** The same where the limiter was full at the beginning, since it is not known exactly how much it holds. */
const LEAST_AFTER_FULL = 80;
/** By how much more than what was surely seen a rate may be. */
const MOST_UNSURE = 1.1;
/** By how many requests a count may be wrong, because of those that were on their way. */
const UNSURE_REQUESTS = 8;
/** How many requests go beyond what the limiter should let through before it is believed to let more through. */
const SPARE_REQUESTS = 1;
/** How much of what was measured is asked for right after a refusal: less where few requests told it. */
const [LEAST_SHARE, MOST_SHARE] = [0.9, 0.98];
/** How much is asked for of what an earlier run learned: of the rate, and of what goes at once. */
const [RATE_RECALLED, BURST_USED] = [0.98, 0.95];
/** Limiters ask to wait for a second at least. */
const SHORTEST_WAIT = 1_000;
/** Sleeps of so many milliseconds too long cost nothing. */
const LATE_MILLISECONDS = 100;
/** How often it is noted how much went through so far, in milliseconds, and for how many times. */
const [MARK_MILLISECONDS, MOST_MARKS] = [100, 100];

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

/** What went through since the limiter was empty or full. */
interface Measure {
  readonly from: number;
  count: number;
  /** What the limiter held at the beginning: nothing, or all that goes at once. */
  readonly held: number;
  /** When it was empty, where it filled up while everybody waited. */
  readonly emptyAt: number | undefined;
  /** Whether it was seen to be full, and not only remembered. */
  isSeen: boolean;
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
  let measure: Measure = { from: start, count: 0, held: 0, emptyAt: undefined, isSeen: true };
  let marks: Mark[] = [];
  /** Until when everybody waited after the last refusal. */
  let restedUntil = Number.NEGATIVE_INFINITY;
  let refusedAt = Number.NEGATIVE_INFINITY;
  /** The last refusal that told how much goes at once: what was on its way then belongs to it. */
  let heldToldAt = Number.NEGATIVE_INFINITY;

  const measureFrom = (now: number, held: number, emptyAt?: number): void => {
    measure = { from: now, count: 0, held, emptyAt, isSeen: held > 0 };
    marks = [];
  };
  /** Lets credit grow. Once it is full, so is the limiter: what went before tells nothing about what comes. */
  const refill = (now: number, { perMs }: Rate): void => {
    const grown = credit.left + (now - credit.at) * perMs;
    credit.left = Math.min(credit.most, grown);
    credit.at = now;
    if (burst === undefined || grown < credit.most) return;
    credit.drained = 0;
    measureFrom(now, burst, now - restedUntil < SHORTEST_WAIT ? refusedAt : undefined);
  };
  const rise = (known: Rate, now: number): void => {
    if (now - known.risenAt < RISE_MILLISECONDS) return;
    known.beyond += Math.max(0, known.perMs - known.bad) * RISE_MILLISECONDS;
    known.risenAt = now;
    known.perMs *= 1 + nextRise(known, SPARE_REQUESTS + (burst ?? 0) * (1 - BURST_USED));
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
  /**
   * From one refusal to the next, waiting included, a limiter lets through just its rate; where it was full between, that is the
   * least, and what went beyond its burst is near it. A refusal after a handful of requests tells of no rate: undefined.
   */
  const rateSeen = (now: number): number | undefined => {
    const { from, count, held, emptyAt } = measure;
    const milliseconds = Math.max(1, now - from);
    const paced = count - held;
    if (held === 0) return count < LEAST_REQUESTS ? undefined : count / milliseconds;
    if (emptyAt !== undefined) {
      const least = count / Math.max(1, now - emptyAt);
      return count < LEAST_REQUESTS ? undefined : clamp(paced / milliseconds, least, least * MOST_UNSURE);
    }
    if (paced < LEAST_REQUESTS || rate === undefined) return undefined;
    const known = Math.min(rate.bad, rate.perMs);
    return clamp(known, (paced - UNSURE_REQUESTS) / milliseconds, (paced + UNSURE_REQUESTS) / milliseconds);
  };
  const learn = (now: number, seen: number): void => {
    const requests = measure.count;
    const wasGuess = burst === undefined;
    let bad = Math.max(seen, leastRate(now));
    const isSame = rate !== undefined && Math.abs(bad / rate.measured - 1) <= SAME;
    const riseNear = rate !== undefined && isSame ? Math.max(LEAST_RISE_NEAR, rate.riseNear / 2) : FIRST_RISE_NEAR;
    if (opening !== undefined && requests > opening.measuredBy) {
      opening.measuredBy = requests;
      const held = opening.spans.map(({ requests, milliseconds }) => requests - bad * milliseconds);
      holdAtMost(Math.max(0, ...held) + opening.late);
    }
    bad = Math.max(bad, rateAwake(now, requests));
    // A pause in our own work must not look like a slow limiter: never less than half of what was known.
    const least = rate === undefined || wasGuess ? 0 : rate.perMs / 2;
    const share = clamp(1 - UNSURE_REQUESTS / requests, LEAST_SHARE, MOST_SHARE);
    rate = { ...rateOf(bad, { share, riseNear, now }), perMs: Math.max(bad * share, least) };
  };
  /** The first refusal of all. What goes at once is in this rate, and the next one tells how much that was. */
  const open = (now: number): void => {
    const milliseconds = Math.max(1, now - measure.from);
    const whole = { requests: measure.count, milliseconds };
    const isMany = measure.count >= LEAST_REQUESTS;
    opening = { spans: isMany ? [whole, ...spansUntil(now)] : [whole], refusedAt: now, late: 0, measuredBy: 0 };
    if (!isMany) return;
    rate = rateOf(measure.count / milliseconds, { share: LEAST_SHARE, riseNear: FIRST_RISE_NEAR, now });
    credit.most = Math.max(1, rate.perMs * LATE_MILLISECONDS);
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
    known.bad = Math.max(known.measured / 2, Math.min(known.bad, known.perMs));
    known.perMs = known.bad * LEAST_SHARE;
    known.beyond = 0;
    known.riseBeyond = known.riseNear;
  };

  return {
    waitFor: (now) => {
      if (rate === undefined) return 0;
      refill(now, rate);
      // Less than a thousandth short is rounding, not a debt.
      if (credit.left >= 0.999) return 0;
      // Only where requests wait does the present rate prove to be none too high.
      rise(rate, now);
      return (1 - credit.left) / rate.perMs;
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
    refuse: ({ now, admittedAt, wait }) => {
      const isOpening = opening === undefined && burst === undefined;
      const seen = rateSeen(admittedAt);
      if (isOpening) open(now);
      else if (seen !== undefined) learn(now, seen);
      else if (rate !== undefined && burst !== undefined) slowDown(rate, now);
      // What is too little, and no chance, is counted on.
      if (isOpening || seen !== undefined || measure.held > 0 || wait < SHORTEST_WAIT) measureFrom(admittedAt, 0);
      refusedAt = measure.from;
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
      // The rate that last proved too high is what the limiter lets through.
      const perMs = Number.isFinite(rate.bad) ? rate.bad : rate.perMs / RATE_RECALLED;
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
  return { perMs: bad * share, bad, measured: bad, riseNear, beyond: 0, riseBeyond: riseNear, risenAt: now };
}

/** By what part the rate rises; `slack` is how many requests the limiter may have let through beyond its rate. */
function nextRise(rate: Rate, slack: number): number {
  if (rate.perMs < rate.bad * NEAR || !Number.isFinite(rate.bad)) return RISE;
  if (rate.beyond <= slack) return rate.riseNear;
  rate.riseBeyond = Math.min(RISE, 2 * rate.riseBeyond);
  return rate.riseBeyond;
}

function clamp(number: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, number));
}

function round(perMinute: number): number {
  return Math.round(perMinute * 10) / 10;
}
