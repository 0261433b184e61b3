import { expect, test } from "vitest";
import { watchLock } from "../../src/state/lock-watch.ts";
import { makeHandClock } from "../support/hand-clock.ts";

/** A lock that is asked, on a machine whose two clocks go apart. */
function watch() {
  const clock = makeHandClock();
  const told = { asked: 0, isHeld: true, shift: 0 };
  const ensureHeld = async (): Promise<void> => {
    told.asked += 1;
    if (!told.isHeld) throw new Error("The lock was lost.");
  };
  const calendar = { ...clock, now: () => new Date(clock.now().getTime() + told.shift) };
  return { told, clock, ...watchLock({ ensureHeld }, calendar) };
}

test("a lock that was held a moment ago is not asked again for what is sent", async () => {
  const { told, clock, ensureHeld, ensureHeldLately } = watch();
  await ensureHeldLately();
  clock.advance(100);
  await ensureHeldLately();
  expect(told.asked).toBe(1);
  clock.advance(1);
  await ensureHeldLately();
  expect(told.asked).toBe(2);
  await ensureHeld();
  expect(told.asked).toBe(3);
});

test.each([3_600_000, -3_600_000])(
  "nor is it a moment where the calendar went on by %i milliseconds",
  async (shift) => {
    const { told, ensureHeldLately } = watch();
    await ensureHeldLately();
    Object.assign(told, { shift, isHeld: false });
    await expect(ensureHeldLately()).rejects.toThrow("The lock was lost.");
    // What was lost is asked for each time.
    Object.assign(told, { shift: 0, isHeld: true });
    await ensureHeldLately();
    expect(told.asked).toBe(2);
  },
);

test("the moment counts from the question on, and not from its answer", async () => {
  const { told, clock, ensureHeld, ensureHeldLately } = watch();
  const asked = ensureHeld();
  clock.advance(101);
  await asked;
  told.isHeld = false;
  await expect(ensureHeldLately()).rejects.toThrow("The lock was lost.");
});
