import { describe, expect, it } from "vitest";
import { guessRate, type RateGuess } from "../../src/platform/rate-guess.ts";

const RECALLED = { perMinute: 600, burst: 100 };

function recall(): RateGuess {
  const guess = guessRate(0);
  guess.recall(RECALLED, 0);
  return guess;
}

/** Sends as many requests as may go until a moment, looking each millisecond where `isBusy`, else each second; answers with how many. */
function send(
  guess: RateGuess,
  { from, until, isBusy = true }: { from: number; until: number; isBusy?: boolean },
): number {
  let sent = 0;
  for (let now = from; now < until; now += isBusy ? 1 : 1000) {
    if (guess.waitFor(now) > 0) continue;
    guess.letGo(now);
    guess.succeed(now);
    sent += 1;
  }
  return sent;
}

describe("a rate that is only guessed", () => {
  it("begins a little below what an earlier run learned: 95 of 100 at once, 98 of 100 after that", () => {
    const guess = recall();
    expect(send(guess, { from: 0, until: 100 })).toBe(95);
    expect(guess.perMinute()).toBeCloseTo(588);
  });

  it("rises where requests wait, and not where nothing does", () => {
    const idle = recall();
    send(idle, { from: 0, until: 60_000, isBusy: false });
    expect(idle.perMinute()).toBeCloseTo(588);
    const busy = recall();
    send(busy, { from: 0, until: 10_000 });
    expect(busy.perMinute()).toBeGreaterThan(594);
    expect(busy.perMinute()).toBeLessThan(606);
  });

  it("soon is another one, where more goes through than the limiter could have held", () => {
    const guess = recall();
    send(guess, { from: 0, until: 60_000 });
    expect(guess.perMinute()).toBeGreaterThan(1_000);
    expect(guess.learned()?.perMinute).toBeGreaterThan(1_000);
  });

  it("is kept to just below what was measured, the nearer, the more requests told it", () => {
    const shareAfter = (milliseconds: number): number => {
      const guess = recall();
      guess.refuse({ now: 0, admittedAt: 0, wait: 1000 });
      guess.rest(1000);
      send(guess, { from: 1000, until: milliseconds });
      guess.refuse({ now: milliseconds, admittedAt: milliseconds, wait: 1000 });
      return (guess.perMinute() ?? 0) / (guess.learned()?.perMinute ?? 1);
    };
    expect(shareAfter(2_000)).toBeCloseTo(0.9);
    expect(shareAfter(15_000)).toBeCloseTo(0.94, 1);
    expect(shareAfter(60_000)).toBeCloseTo(0.98);
  });

  it("falls step by step where too little goes through to measure it, to half of what was measured at least", () => {
    const guess = recall();
    const rates = Array.from({ length: 12 }, (_, at) => {
      guess.refuse({ now: at * 1000, admittedAt: at * 1000, wait: 0 });
      return guess.perMinute() ?? 0;
    });
    expect(rates[0]).toBeCloseTo(0.98 * 0.9 * 600);
    expect(rates[1]).toBeCloseTo(0.98 * 0.9 * 0.9 * 600);
    expect(rates.at(-1)).toBeCloseTo(0.5 * 0.9 * 600);
  });

  it("is drained by what is not held, until nothing is left; and has it back where that was another limiter's", () => {
    const guess = recall();
    let drained = 0;
    while (guess.drain(0)) drained += 1;
    expect(drained).toBe(95);
    expect(guess.waitFor(0)).toBeGreaterThan(0);
    guess.giveBack();
    expect(send(guess, { from: 0, until: 100 })).toBe(95);
    expect(guessRate(0).drain(0)).toBe(true);
  });

  it("is not learned from the first refusal alone", () => {
    const guess = guessRate(0);
    send(guess, { from: 0, until: 100 });
    guess.refuse({ now: 100, admittedAt: 100, wait: 1000 });
    expect(guess.perMinute()).toBeCloseTo(0.9 * 60_000);
    expect(guess.learned()).toBeUndefined();
    expect(guess.drain(200)).toBe(true);
  });
});
