/** Tries of one call before it is given up; answers of 429 are not among them. */
export const MOST_TRIES = 6;

const BASE_MILLISECONDS = 250;
const CAP_MILLISECONDS = 20_000;

/**
 * True for statuses after which a call that is harmless to repeat is repeated. 500 is among them although the platform's
 * notes list only 502, 503 and 504: what may be repeated at all loses nothing by it.
 */
export function isPassing(status: number): boolean {
  return status === 408 || (status >= 500 && status !== 501 && status !== 505);
}

/** Full jitter: anything from nothing to a limit that doubles with each attempt (from 1), up to 20 s. */
export function chooseBackoff(attempt: number, fraction: number): number {
  return fraction * Math.min(CAP_MILLISECONDS, BASE_MILLISECONDS * 2 ** (attempt - 1));
}

/**
 * Milliseconds that a `Retry-After` asks for: seconds, or an HTTP date. A date is measured against the answer's own `Date`
 * where it has one, so that a wrong or fixed clock here does no harm. undefined where the header is absent or nonsense.
 */
export function parseRetryAfter(headers: Readonly<Record<string, string>>, now: Date): number | undefined {
  const text = headers["retry-after"]?.trim();
  if (text === undefined || text === "") return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  if (!/^[A-Za-z]{3,9}, /.test(text)) return undefined;
  const until = Date.parse(text);
  if (Number.isNaN(until)) return undefined;
  const served = Date.parse(headers["date"] ?? "");
  return Math.max(0, until - (Number.isNaN(served) ? now.getTime() : served));
}
