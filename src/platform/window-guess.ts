import type { LearnedWindow } from "../model/platform.ts";
import type { Refusal } from "./rate-measure.ts";

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
  /** Gives back what was drained: another limiter let it through. */
  giveBack(): void;
  /** Notes that a request was answered, with anything but a refusal. */
  succeed(now: number): void;
  /** Nothing was asked for long: what was counted says nothing. */
  restart(): void;
  /** Notes the first refusal of several. */
  refuse(refusal: Refusal): void;
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
/**
 * After how many windows that were used up a larger one is tried, since a refusal costs up to a second: at first, at most after
 * trials that were refused, and where somebody else takes his share. By how many times as much each trial goes further.
 */
const [FIRST_PATIENCE, MOST_PATIENCE, PATIENCE_WITH_OTHERS, FURTHER] = [3, 32, 1, 3];

interface Known {
  requests: number;
  /** So many were seen to go through in one window. */
  proven: number;
  period: number;
  /** Whether the period proved too short before. */
  isCorrected: boolean;
  /** When the present window ends; undefined until its first request. */
  end: number | undefined;
  used: number;
  drained: number;
  passed: number;
  /** Whether a refusal told that it is full. */
  isFull: boolean;
  /** By how much the next window is tried to be larger, where so many in a row were used up without a refusal. */
  rise: number;
  patience: number;
  usedUp: number;
}

/** A window that a refusal told of, before the guess is sure of windows. */
interface Told {
  readonly end: number;
  /** How many requests went through in it. */
  requests: number;
}

/** Makes a guess that knows of no window yet. */
export function guessWindow(): WindowGuess {
  let known: Known | undefined;
  let told: Told | undefined;
  /** When the first request went after that, and how many went through since. */
  let begunAt: number | undefined;
  let successes = 0;
  return {
    waitFor: (now) => {
      if (known === undefined) return undefined;
      turnOver(known, now);
      return known.used < known.requests || known.end === undefined ? 0 : known.end - now;
    },
    letGo: (now) => {
      if (known !== undefined) take(known, now);
      else if (told !== undefined && now >= told.end) begunAt ??= now;
    },
    drain: (now) => {
      if (known === undefined) return undefined;
      turnOver(known, now);
      if (known.used >= known.requests) return false;
      take(known, now);
      known.drained += 1;
      return true;
    },
    giveBack: () => {
      if (known === undefined) return;
      known.used -= known.drained;
      known.drained = 0;
    },
    succeed: (now) => {
      if (known !== undefined) countPassed(known);
      // What was on its way when the window was told to be full still went through in it.
      else if (told !== undefined && now < told.end) told.requests += 1;
      else successes += 1;
    },
    restart: () => {
      successes = 0;
    },
    refuse: ({ now, admittedAt, wait }) => {
      const end = now + wait;
      if (known !== undefined) return closeWindow(known, end, wait);
      const before = told;
      told = wait >= LEAST_WAIT && successes >= LEAST_REQUESTS ? { end, requests: successes } : undefined;
      if (before !== undefined && told !== undefined && begunAt !== undefined) {
        // Most windows begin with their first request, and last whole seconds: the rounding only adds to that.
        const milliseconds = Math.floor((admittedAt + wait - begunAt) / ROUNDING) * ROUNDING;
        const difference = Math.abs(told.requests - before.requests) / told.requests;
        if (milliseconds >= LEAST_WAIT && difference <= MOST_DIFFERENCE) {
          known = begin({ requests: told.requests, milliseconds });
          Object.assign(known, { end, used: told.requests, passed: told.requests, isFull: true });
        }
      }
      begunAt = undefined;
      successes = 0;
    },
    learned: () => known && { requests: known.proven, milliseconds: Math.round(known.period) },
    recall: (window) => {
      known = begin(window);
    },
  };
}

function begin({ requests, milliseconds }: LearnedWindow): Known {
  const open = { end: undefined, used: 0, drained: 0, passed: 0, isFull: false, usedUp: 0 };
  return {
    requests,
    proven: requests,
    period: milliseconds,
    isCorrected: false,
    rise: 1,
    patience: FIRST_PATIENCE,
    ...open,
  };
}

function take(known: Known, now: number): void {
  known.end ??= now + known.period + Math.min(LATER_MOST, known.period * LATER_PART);
  known.used += 1;
}

/** What was on its way when the window proved full has shown that a little more goes through. */
function countPassed(known: Known): void {
  known.passed += 1;
  if (!known.isFull || known.passed <= known.requests) return;
  known.requests = known.passed;
  known.proven = known.passed;
  known.used = known.passed;
}

/**
 * Ends the present window where it is over; the next begins with its first request. After some that were used up without a refusal
 * one request more is tried, then three, then nine, so that a window that was none, or is larger by now, does not hold for long.
 */
function turnOver(known: Known, now: number): void {
  if (known.end === undefined || now < known.end) return;
  if (known.passed >= known.requests && !known.isFull) {
    known.proven = known.requests;
    known.usedUp += 1;
    if (known.usedUp >= known.patience) {
      known.requests += known.rise;
      known.rise *= FURTHER;
    }
  }
  Object.assign(known, { end: undefined, used: 0, drained: 0, passed: 0, isFull: false });
}

/**
 * The window is full: its end is what was told, or what was known before where that is the same but for the rounding. How much
 * fits into a window is learned from one that was seen from its beginning.
 */
function closeWindow(known: Known, end: number, wait: number): void {
  const isSame = known.end !== undefined && Math.abs(end - known.end) <= ROUNDING;
  const isYoung = known.end !== undefined && known.end - known.period >= end - wait - ROUNDING;
  // Refused at its beginning, and asked to wait a moment: it has not begun yet.
  if (isYoung && wait <= ROUNDING && known.passed < LEAST_REQUESTS && !known.isCorrected) {
    known.period += ROUNDING;
    known.isCorrected = true;
  }
  known.end = isSame ? Math.min(end, known.end ?? end) : end;
  known.isFull = isSame && known.passed >= LEAST_REQUESTS;
  if (known.isFull) {
    // A trial that was refused is not soon made again; where much less went through, somebody else takes his share, for a while.
    const wasTrial = known.passed >= known.proven * (1 - MOST_DIFFERENCE);
    known.patience = wasTrial ? Math.min(MOST_PATIENCE, 2 * known.patience) : PATIENCE_WITH_OTHERS;
    known.requests = known.passed;
    known.proven = known.passed;
  }
  known.used = known.requests;
  known.usedUp = 0;
  known.rise = 1;
}
