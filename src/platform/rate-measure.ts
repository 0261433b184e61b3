/**
 * What refusals tell of a token bucket: how fast it fills, and how much it holds. Right after a refusal it is empty, and where
 * nothing was asked for long it is full; what went through since then tells the rest. Times are monotonic milliseconds.
 */
export interface RateMeasure {
  /** What the limiter holds when it is full, as far as it is known. */
  burst(): number | undefined;
  /** Notes that a request was let go. */
  admit(now: number): void;
  /** Notes that a request went through which was let go at `admittedAt`. */
  succeed(admittedAt: number): void;
  /** Notes that the limiter is full: what went before tells nothing about what comes. */
  fill(now: number): void;
  /** Notes until when nothing may go. */
  rest(until: number): void;
  /** Nothing was asked for long: where it is not known how much the limiter holds, what was counted says nothing. */
  restart(now: number): void;
  /** Notes the first refusal of several; `kept` is the rate that was kept to, where it was more than a first guess. */
  refuse(refusal: Refusal, kept: number | undefined): Lesson;
  /** Believes what an earlier run learned, and that the limiter is full. */
  recall(burst: number, now: number): void;
}

export interface Refusal {
  readonly now: number;
  /** When the request was let go: that is nearer to the moment at which the limiter was empty. */
  readonly admittedAt: number;
  /** Milliseconds that it asks to wait; 0 where it asks for nothing. */
  readonly wait: number;
}

/** What a refusal taught: the first one a rate that is too high, since what goes at once is in it; a later one the rate, or nothing. */
export interface Lesson {
  readonly isFirst: boolean;
  /** Requests per millisecond. */
  readonly rate: number | undefined;
  /** How many requests told it. */
  readonly requests: number;
}

/** From so many requests on, the span between two refusals tells the rate of a limiter. */
const LEAST_REQUESTS = 8;
/** By how many requests a count may be wrong, because of those that were on their way. */
const UNSURE_REQUESTS = 8;
/** By how much more than what was surely seen a rate may be. */
const MOST_UNSURE = 1.1;
/** Limiters ask to wait for a second at least. */
const SHORTEST_WAIT = 1_000;
/** How often it is noted how much went through so far, in milliseconds, and for how many times. */
const [MARK_MILLISECONDS, MOST_MARKS] = [100, 100];

/** What went through since the limiter was empty or full. */
interface Count {
  readonly from: number;
  readonly held: "nothing" | "all";
  /** When it was empty, where it filled up while everybody waited. */
  readonly emptyAt: number | undefined;
  /** Whether it was seen to be full, and not only remembered. */
  readonly isSeen: boolean;
  requests: number;
  admitted: number;
  /** How many had been let go at some moments. */
  readonly marks: { readonly at: number; readonly admitted: number }[];
}

/** What went through from some moment until a refusal. */
interface Span {
  readonly requests: number;
  readonly milliseconds: number;
}

/** What went through before the first refusal: together with a rate it tells what the limiter holds. */
interface Opening {
  readonly spans: readonly Span[];
  readonly refusedAt: number;
  /** What was on its way at the refusal, and went through. */
  late: number;
  /** How many requests told the rate with which it was compared: the more, the better. */
  measuredBy: number;
}

interface State {
  count: Count;
  burst: number | undefined;
  opening: Opening | undefined;
  refusedAt: number;
  restedUntil: number;
  /** A refusal that told how much the limiter holds: what was on its way then belongs to it. */
  burstToldAt: number;
}

/** Makes a measure that has counted nothing. */
export function measureRate(start: number): RateMeasure {
  const state: State = {
    count: countFrom(start, "nothing"),
    burst: undefined,
    opening: undefined,
    refusedAt: Number.NEGATIVE_INFINITY,
    restedUntil: Number.NEGATIVE_INFINITY,
    burstToldAt: Number.NEGATIVE_INFINITY,
  };
  return {
    burst: () => state.burst,
    admit: (now) => admitOne(state.count, now),
    succeed: (admittedAt) => {
      if (state.opening !== undefined && admittedAt <= state.opening.refusedAt) state.opening.late += 1;
      if (state.burst !== undefined && admittedAt <= state.burstToldAt) state.burst += 1;
      state.count.requests += 1;
    },
    fill: (now) => {
      const emptyAt = now - state.restedUntil < SHORTEST_WAIT ? state.refusedAt : undefined;
      state.count = countFrom(now, "all", { emptyAt });
    },
    rest: (until) => {
      state.restedUntil = until;
    },
    restart: (now) => {
      if (state.burst !== undefined) return;
      state.opening = undefined;
      state.count = countFrom(now, "nothing");
    },
    refuse: (refusal, kept) => refuse(state, refusal, kept),
    recall: (burst, now) => {
      state.burst = burst;
      state.count = countFrom(now, "all", { isSeen: false });
    },
  };
}

function countFrom(
  from: number,
  held: Count["held"],
  more: { readonly emptyAt?: number | undefined; readonly isSeen?: boolean } = {},
): Count {
  return { from, held, emptyAt: more.emptyAt, isSeen: more.isSeen ?? true, requests: 0, admitted: 0, marks: [] };
}

function admitOne(count: Count, now: number): void {
  const last = count.marks.at(-1);
  if (last === undefined || now - last.at >= MARK_MILLISECONDS) count.marks.push({ at: now, admitted: count.admitted });
  if (count.marks.length > MOST_MARKS) count.marks.shift();
  count.admitted += 1;
}

function refuse(state: State, { now, admittedAt, wait }: Refusal, kept: number | undefined): Lesson {
  const { count } = state;
  const isFirst = state.opening === undefined && state.burst === undefined;
  const seen = isFirst ? undefined : rateSeen(state, { until: admittedAt, kept });
  const rate = isFirst ? open(state, { now, admittedAt }) : seen && learnBurst(state, admittedAt, seen);
  if (!isFirst && seen === undefined && kept !== undefined) lowerBurst(state, now, kept);
  // What is too little, and no chance, is counted on.
  const goesOn = !isFirst && seen === undefined && count.held === "nothing" && wait >= SHORTEST_WAIT;
  if (!goesOn) state.count = countFrom(admittedAt, "nothing");
  state.refusedAt = state.count.from;
  return { isFirst, rate, requests: count.requests };
}

/** The first refusal of all: what goes at once is in the rate that it tells, and the next one tells how much that was. */
function open(state: State, { now, admittedAt }: Omit<Refusal, "wait">): number | undefined {
  const { requests, from } = state.count;
  const whole = { requests, milliseconds: Math.max(1, admittedAt - from) };
  const isMany = requests >= LEAST_REQUESTS;
  const spans = isMany ? [whole, ...spansUntil(state.count, admittedAt)] : [whole];
  state.opening = { spans, refusedAt: now, late: 0, measuredBy: 0 };
  return isMany ? whole.requests / whole.milliseconds : undefined;
}

/**
 * From one refusal to the next, waiting included, a limiter lets through just its rate; where it was full between, that is the
 * least, and what went beyond its burst is near it. A refusal after a handful of requests tells of no rate: undefined.
 */
function rateSeen(
  { count, burst = 0 }: State,
  { until, kept }: { readonly until: number; readonly kept: number | undefined },
): number | undefined {
  const { requests, from, held, emptyAt } = count;
  const milliseconds = Math.max(1, until - from);
  const paced = requests - burst;
  if (held === "nothing") return requests < LEAST_REQUESTS ? undefined : requests / milliseconds;
  if (emptyAt !== undefined) {
    const least = requests / Math.max(1, until - emptyAt);
    return requests < LEAST_REQUESTS ? undefined : clamp(paced / milliseconds, least, least * MOST_UNSURE);
  }
  if (paced < LEAST_REQUESTS || kept === undefined) return undefined;
  return clamp(kept, (paced - UNSURE_REQUESTS) / milliseconds, (paced + UNSURE_REQUESTS) / milliseconds);
}

/** Learns from a rate what the limiter holds, and answers with the least that the rate can be, knowing that. */
function learnBurst(state: State, until: number, seen: number): number {
  const { opening, count, restedUntil } = state;
  const rate = Math.max(seen, leastRate(state, until));
  if (opening !== undefined && count.requests > opening.measuredBy) {
    opening.measuredBy = count.requests;
    const held = opening.spans.map(({ requests, milliseconds }) => requests - rate * milliseconds);
    state.burst = Math.max(1, Math.max(0, ...held) + opening.late);
  }
  // The limiter may have been full before the wait was over.
  const paced = count.requests - (state.burst ?? count.requests);
  const isSure = count.held === "nothing" && paced >= UNSURE_REQUESTS * UNSURE_REQUESTS;
  return isSure ? Math.max(rate, paced / Math.max(1, until - restedUntil)) : rate;
}

/** The limiter never holds more than its burst: what has gone through since any moment beyond that tells the least that its rate can be. */
function leastRate({ count, burst = Number.POSITIVE_INFINITY }: State, until: number): number {
  const held = burst + UNSURE_REQUESTS;
  return Math.max(0, ...spansUntil(count, until).map(({ requests, milliseconds }) => (requests - held) / milliseconds));
}

/** What had been let go before a mark went through in no span from there. */
function spansUntil(count: Count, until: number): readonly Span[] {
  return count.marks.map(({ at, admitted }) => ({
    requests: count.requests - admitted,
    milliseconds: Math.max(1, until - at),
  }));
}

/**
 * Refused soon after the limiter was full, it holds less than was believed. Only what comes in within the shortest wait is no loss to
 * believe in; more than that may as well have been taken by somebody else.
 */
function lowerBurst(state: State, now: number, kept: number): void {
  const { requests, from, held, isSeen } = state.count;
  const milliseconds = now - from;
  if (state.burst === undefined || held === "nothing" || !isSeen || milliseconds >= SHORTEST_WAIT) return;
  const seen = requests - kept * milliseconds;
  if (seen >= Math.min(state.burst, kept * SHORTEST_WAIT)) return;
  state.burst = Math.max(1, seen);
  state.burstToldAt = now;
}

function clamp(number: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, number));
}
