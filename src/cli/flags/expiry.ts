import { UsageError } from "../../model/errors.ts";
import { harmless } from "../render/harmless.ts";
import { readInstant } from "./globals.ts";

/** Until when: days from now such as `7d`, a date (its first instant, UTC), or an RFC 3339 moment. Throws UsageError. */
export function readExpiry(text: string, now: Date): Date {
  const days = /^(\d{1,4})d$/u.exec(text)?.[1];
  const moment = days === undefined ? readMoment(text) : new Date(now.getTime() + Number(days) * DAY);
  if (moment.getTime() > now.getTime()) return moment;
  throw new UsageError("--expires lies in the past.", "Give a date to come, or days such as 7d.");
}

const DAY = 24 * 60 * 60 * 1000;

function readMoment(text: string): Date {
  try {
    return readInstant("--expires", /^\d{4}-\d\d-\d\d$/u.test(text) ? `${text}T00:00:00Z` : text);
  } catch {
    throw new UsageError(
      `--expires wants a date such as 2027-01-31, an RFC 3339 moment, or days such as 7d, not "${harmless(text)}".`,
    );
  }
}
