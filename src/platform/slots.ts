/** So many at a time, first come first served. */
export interface Slots {
  /** Resolves with true when a place is taken, with false when the signal fired first. */
  take(): Promise<boolean>;
  free(): void;
}

/** Makes places for requests in flight. */
export function makeSlots(places: number, signal: AbortSignal | undefined): Slots {
  const waiting: ((taken: boolean) => void)[] = [];
  let left = Math.max(1, places);
  signal?.addEventListener("abort", () => {
    for (const resolve of waiting.splice(0)) resolve(false);
  });
  return {
    take: () => {
      if (signal?.aborted === true) return Promise.resolve(false);
      if (left > 0) {
        left -= 1;
        return Promise.resolve(true);
      }
      return new Promise((resolve) => waiting.push(resolve));
    },
    free: () => {
      const next = waiting.shift();
      if (next === undefined) left += 1;
      else next(true);
    },
  };
}
