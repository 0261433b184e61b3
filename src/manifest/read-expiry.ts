const DATE = /^(\d{4})-(\d{2})-(\d{2})$/u;
const DATE_TIME = /^(\d{4})-(\d{2})-(\d{2})[Tt]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/u;

/** Reads an RFC 3339 date or date-time as an instant in UTC, `2027-01-31T00:00:00Z`; undefined when it is neither or no such day exists. */
export function readExpiry(text: string): string | undefined {
  const parts = DATE.exec(text) ?? DATE_TIME.exec(text);
  if (parts === null) return undefined;
  const [, year, month, day] = parts;
  const midnight = new Date(`${year}-${month}-${day}T00:00:00Z`);
  // The engine takes 31 February for 3 March.
  if (Number.isNaN(midnight.getTime()) || midnight.getUTCDate() !== Number(day)) return undefined;
  const instant = new Date(DATE.test(text) ? midnight : text.toUpperCase());
  if (Number.isNaN(instant.getTime())) return undefined;
  const written = instant.toISOString();
  return /^\d{4}-/u.test(written) ? written.replace(/\.000Z$/u, "Z") : undefined;
}
