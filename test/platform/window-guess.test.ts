import { describe, expect, it } from "vitest";
import { guessWindow, type WindowGuess } from "../../src/platform/window-guess.ts";

/** Lets as many requests go and through as may, at one moment; answers with how many those were. */
function useUp(guess: WindowGuess, now: number, most: number = 1000): number {
  let used = 0;
  while (used < most && guess.waitFor(now) === 0) {
    guess.letGo(now);
    guess.succeed(now);
    used += 1;
  }
  return used;
}

function recall(requests: number, milliseconds: number): WindowGuess {
  const guess = guessWindow();
  guess.recall({ requests, milliseconds });
  return guess;
}

describe("windows of a limiter", () => {
  it("are known after two refusals, as long as from the first request to the end that was told", () => {
    const guess = guessWindow();
    const pass = (now: number, count: number): void => {
      for (let at = 0; at < count; at += 1) {
        guess.letGo(now);
        guess.succeed(now);
      }
    };
    pass(0, 50);
    guess.refuse({ now: 1000, admittedAt: 950, wait: 10_000 });
    // What was on its way still counts for the window that was full.
    for (let at = 0; at < 10; at += 1) guess.succeed(1010);
    pass(11_000, 55);
    guess.refuse({ now: 12_550, admittedAt: 12_500, wait: 9_000 });
    expect(guess.learned()).toEqual({ requests: 55, milliseconds: 10_000 });
    for (let at = 0; at < 5; at += 1) guess.succeed(12_560);
    expect(guess.learned()).toEqual({ requests: 60, milliseconds: 10_000 });
  });

  it("are none where two refusals differ, or ask for a moment only", () => {
    const tell = (counts: readonly number[], wait: number): unknown => {
      const guess = guessWindow();
      for (const [at, count] of counts.entries()) {
        for (let passed = 0; passed < count; passed += 1) {
          guess.letGo(at * 20_000);
          guess.succeed(at * 20_000);
        }
        guess.refuse({ now: at * 20_000 + 1000, admittedAt: at * 20_000 + 950, wait });
      }
      return guess.learned();
    };
    expect(tell([50, 50], 9_000)).toBeDefined();
    expect(tell([50, 80], 9_000)).toBeUndefined();
    expect(tell([7, 7], 9_000)).toBeUndefined();
    expect(tell([50, 50], 1_000)).toBeUndefined();
  });

  it("begin with their first request, and last a moment longer than they should", () => {
    const guess = recall(20, 10_000);
    expect(useUp(guess, 3_000)).toBe(20);
    expect(guess.waitFor(3_000)).toBe(10_100);
    expect(guess.waitFor(13_100)).toBe(0);
    expect(useUp(recall(20, 2_000), 0)).toBe(20);
  });

  it("are tried one larger after three that were used up, and after refusals more and more seldom", () => {
    const guess = recall(20, 10_000);
    const sizes = Array.from({ length: 14 }, (_, window) => {
      const now = window * 11_000;
      const used = useUp(guess, now, 20);
      if (guess.waitFor(now) !== 0) return used;
      guess.letGo(now);
      guess.refuse({ now, admittedAt: now, wait: 10_000 });
      return used + 1;
    });
    expect(sizes).toEqual([20, 20, 20, 21, 20, 20, 20, 20, 20, 20, 21, 20, 20, 20]);
    // What was only tried is not learned.
    expect(guess.learned()).toEqual({ requests: 20, milliseconds: 10_000 });
  });

  it("that are used up without a refusal soon grow", () => {
    const guess = recall(20, 10_000);
    expect([0, 1, 2, 3, 4, 5, 6].map((window) => useUp(guess, window * 11_000))).toEqual([20, 20, 20, 21, 24, 33, 60]);
  });

  it("that have not begun yet last a second longer, which is learned once", () => {
    const guess = recall(20, 9_000);
    useUp(guess, 0);
    useUp(guess, 9_100, 1);
    guess.refuse({ now: 9_150, admittedAt: 9_100, wait: 1_000 });
    expect(guess.learned()?.milliseconds).toBe(10_000);
    useUp(guess, 10_150, 1);
    guess.refuse({ now: 10_200, admittedAt: 10_150, wait: 1_000 });
    expect(guess.learned()?.milliseconds).toBe(10_000);
  });

  it("that somebody else uses up are taken for smaller, and tried again at once", () => {
    const guess = recall(100, 10_000);
    useUp(guess, 0, 50);
    guess.refuse({ now: 50, admittedAt: 40, wait: 10_000 });
    expect(useUp(guess, 11_000)).toBe(50);
    expect(useUp(guess, 22_000)).toBe(51);
  });

  it("give back what others took from them", () => {
    const guess = recall(20, 10_000);
    for (let at = 0; at < 20; at += 1) expect(guess.drain(0)).toBe(true);
    expect(guess.drain(0)).toBe(false);
    expect(guess.waitFor(0)).toBeGreaterThan(0);
    guess.giveBack();
    expect(useUp(guess, 0)).toBe(20);
    const unknown = guessWindow();
    unknown.giveBack();
    expect(unknown.drain(0)).toBeUndefined();
  });
});
