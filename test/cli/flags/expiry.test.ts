import { describe, expect, test } from "vitest";
import { readExpiry } from "../../../src/cli/flags/expiry.ts";

describe("readExpiry", () => {
  const now = new Date("2026-11-01T12:00:00Z");

  test.each([
    ["7d", "2026-11-08T12:00:00.000Z"],
    ["2026-12-01", "2026-12-01T00:00:00.000Z"],
    ["2026-11-01T14:00:00+01:00", "2026-11-01T13:00:00.000Z"],
  ])("%s", (text, instant) => {
    expect(readExpiry(text, now).toISOString()).toBe(instant);
  });

  test.each(["0d", "2026-11-01", "soon", "2027-02-31"])("%s is refused", (text) => {
    expect(() => readExpiry(text, now)).toThrow(/--expires/u);
  });

  test("says everything that can be given", () => {
    expect(() => readExpiry("1h", now)).toThrow(
      '--expires wants a date such as 2027-01-31, an RFC 3339 moment, or days such as 7d, not "1h".',
    );
  });
});
