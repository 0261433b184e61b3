/** Counts requests per name over the last minute. */
export interface RateLimits {
  /** Counts one request; gives the seconds to wait when the limit is reached, else undefined. */
  readonly take: (name: string, limit: number | undefined) => number | undefined;
}

const WINDOW_MS = 60_000;

/** Makes counters over a sliding window of one minute. */
export function makeRateLimits(now: () => Date): RateLimits {
  const seen = new Map<string, number[]>();
  return {
    take: (name, limit) => {
      if (limit === undefined) return undefined;
      const moment = now().getTime();
      const recent = (seen.get(name) ?? []).filter((each) => each > moment - WINDOW_MS);
      seen.set(name, recent);
      const [oldest] = recent;
      if (recent.length >= limit && oldest !== undefined) return Math.ceil((oldest + WINDOW_MS - moment) / 1000);
      if (limit < 1) return WINDOW_MS / 1000;
      recent.push(moment);
      return undefined;
    },
  };
}
