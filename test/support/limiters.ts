import type { ScriptedReply } from "./scripted-net.ts";

/** What a limiter answers at a moment (milliseconds): undefined lets the request through. */
export type Limiter = (now: number) => ScriptedReply | undefined;

/** The answer of every limiter here. */
export function refuse(seconds: number): ScriptedReply {
  return { status: 429, headers: { "retry-after": String(seconds) } };
}

/** Lets through what a bucket of tokens holds, and from a moment on fills it half as fast; the rest is told to come back in a second or more. */
export function limitByBucket(
  capacity: number,
  perSecond: number,
  halvedFrom: number = Number.POSITIVE_INFINITY,
): Limiter {
  let tokens = capacity;
  let at = 0;
  return (now) => {
    const rate = now < halvedFrom ? perSecond : perSecond / 2;
    tokens = Math.min(capacity, tokens + ((now - at) * rate) / 1000);
    at = now;
    if (tokens < 1) return refuse(Math.max(1, Math.ceil((1 - tokens) / rate)));
    tokens -= 1;
    return undefined;
  };
}

/** Lets through so many in each window, the first of which began `phase` milliseconds before; the rest is told to wait for the next. */
export function limitByWindow(requests: number, seconds: number, phase: number = 0): Limiter {
  let window = -1;
  let used = 0;
  return (now) => {
    const current = Math.floor((now + phase) / (seconds * 1000));
    if (current !== window) used = 0;
    window = current;
    used += 1;
    return used <= requests ? undefined : refuse(Math.ceil(((current + 1) * seconds * 1000 - now - phase) / 1000));
  };
}

/** The same with windows that begin with the first request after the one before. */
export function limitFromFirst(requests: number, seconds: number): Limiter {
  let begun = Number.NEGATIVE_INFINITY;
  let used = 0;
  return (now) => {
    if (now - begun >= seconds * 1000) {
      begun = now;
      used = 0;
    }
    used += 1;
    return used <= requests ? undefined : refuse(Math.max(1, Math.ceil((begun + seconds * 1000 - now) / 1000)));
  };
}
