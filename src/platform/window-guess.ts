import type { LearnedWindow } from "../model/platform.ts";

/**
 * A limiter that counts in windows: so many requests from one instant to the next, as fast as they come, and then a `Retry-After`
 * that points to the next instant. Guessed from two such answers, since nobody tells.
 */
export interface WindowGuess {
  /** Milliseconds until one more request may go; undefined where no window is known. */
  waitFor(now: number): number | undefined;
  /** Notes that a request goes. */
  letGo(now: number): void;
  /** Takes a place for a request that was not held; false where there is none, and undefined where no window is known. */
  drain(now: number): boolean | undefined;
  /** Notes that a request was answered, with anything but a refusal. */
  succeed(): void;
  /** Notes the first refusal of several: it asks to wait so many milliseconds, and so many requests went through since the last one. */
  refuse(now: number, wait: number, successes: number): void;
  learned(): LearnedWindow | undefined;
  recall(window: LearnedWindow): void;
}

/** Buckets ask for a second at most, which is the smallest that is asked for at all. */
const LEAST_WAIT = 2_000;
/** `Retry-After` has whole seconds, so that the instant is told too late by up to one. */
const ROUNDING = 1_000;
/** Fewer requests than that in a window tell of somebody else, or of chance; so do two windows that differ by more than a quarter. */
const [LEAST_REQUESTS, MOST_DIFFERENCE] = [8, 0.25];
/** How much later than it should end a window is taken to be over, since requests do not all take the same time: its part, and at most. */
const [LATER_PART, LATER_MOST] = [0.02, 100];
/** After how many windows that were used up a larger one is tried: at first, in a later run, and at most after trials that were refused. */
const [FIRST_PATIENCE, PATIENCE_RECALLED, MOST_PATIENCE] = [1, 2, 32];

interface Known {
  requests: number;
  period: number;
  /** Whether the period proved too short before. */
  isCorrected: boolean;
  /** When the present window ends; undefined until its first request. */
  end: number | undefined;
  used: number;
  passed: number;
  /** By how much the next window is tried to be larger, where so many in a row were used up without a refusal. */
  rise: number;
  patience: number;
  usedUp: number;
}

/** Makes a guess that knows of no window yet. */
export function guessWindow(): WindowGuess {
  let known: Known | undefined;
  /** What an earlier refusal pointed to, and when the first request went after that. */
  let told: { readonly end: number; readonly requests: number } | undefined;
  let begunAt: number | undefined;
  return {
    waitFor: (now) => {
      if (known === undefined) return undefined;
      turnOver(known, now);
      return known.used < known.requests || known.end === undefined ? 0 : known.end - now;
    },
    letGo: (now) => {
      if (told !== undefined && now >= told.end) begunAt ??= now;
      if (known !== undefined) take(known, now);
    },
    drain: (now) => {
      if (known === undefined) return undefined;
      turnOver(known, now);
      if (known.used >= known.requests) return false;
      take(known, now);
      return true;
    },
    succeed: () => {
      if (known !== undefined) known.passed += 1;
    },
    refuse: (now, wait, successes) => {
      const end = now + wait;
      if (known !== undefined) return closeWindow(known, end, wait);
      if (wait < LEAST_WAIT || successes < LEAST_REQUESTS) {
        told = undefined;
        return;
      }
      const difference = told === undefined ? 1 : Math.abs(successes - told.requests) / successes;
      // Most windows begin with their first request, and last whole seconds: the rounding only adds to that.
      const period = begunAt === undefined ? 0 : Math.floor((end - begunAt) / ROUNDING) * ROUNDING;
      if (period >= LEAST_WAIT && difference <= MOST_DIFFERENCE) {
        known = begin({ requests: successes, milliseconds: period }, FIRST_PATIENCE);
        Object.assign(known, { end, used: successes });
      }
      told = { end, requests: successes };
      begunAt = undefined;
    },
    learned: () => known && { requests: known.requests, milliseconds: Math.round(known.period) },
    recall: (window) => {
      known = begin(window, PATIENCE_RECALLED);
    },
  };
}

function begin({ requests, milliseconds }: LearnedWindow, patience: number): Known {
  const open = { end: undefined, used: 0, passed: 0, usedUp: 0 };
  return { requests, period: milliseconds, isCorrected: false, rise: 1, patience, ...open };
}

function take(known: Known, now: number): void {
  known.end ??= now + known.period + Math.min(LATER_MOST, known.period * LATER_PART);
  known.used += 1;
}

/**
 * Ends the present window where it is over; the next begins with its first request. After some that were used up without a refusal
 * one request more is tried, then two, then four, so that a window that was none, or is larger by now, does not hold for long.
 */
function turnOver(known: Known, now: number): void {
  if (known.end === undefined || now < known.end) return;
  if (known.passed >= known.requests) {
    known.usedUp += 1;
    if (known.usedUp >= known.patience) {
      known.requests += known.rise;
      known.rise *= 2;
    }
  }
  known.end = undefined;
  known.used = 0;
  known.passed = 0;
}

/**
 * The window is full: its end is what was told, or what was known before where that is the same but for the rounding. How much
 * fits into a window is learned from one that was seen from its beginning.
 */
function closeWindow(known: Known, end: number, wait: number): void {
  const isSame = known.end !== undefined && Math.abs(end - known.end) <= ROUNDING;
  const isTooEarly = wait <= ROUNDING && known.passed < LEAST_REQUESTS;
  if (isTooEarly && !known.isCorrected) {
    known.period += ROUNDING;
    known.isCorrected = true;
  }
  known.end = isSame ? Math.min(end, known.end ?? end) : end;
  if (isSame && known.passed >= LEAST_REQUESTS) {
    known.requests = known.passed;
    known.patience = Math.min(MOST_PATIENCE, 2 * known.patience);
  }
  known.used = known.requests;
  known.usedUp = 0;
  known.rise = 1;
}
