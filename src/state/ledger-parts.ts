import type { LedgerLine } from "../model/ledger.ts";
import type { Division, PartName, Sharding } from "../model/shard.ts";
import { schemeOf } from "./ledger-location.ts";

/**
 * Where a part of a ledger is. The account part has the ledger itself; that of a shard lies beside it, by its number alone: shard 3
 * of 4 and shard 3 of 8 have one lock.
 */
export function locatePart(location: string, part: PartName): string {
  if (part === "account") return location;
  const mark = `.shard-${part}`;
  switch (schemeOf(location)) {
    case "file":
      return location.replace(/(\.[^./]+)?$/u, (extension) => `${mark}${extension}`);
    case "postgres": {
      const named = location.replace(/([?&]ledger=[^&#]*)/u, `$1${mark}`);
      if (named !== location) return named;
      return `${location}${location.includes("?") ? "&" : "?"}ledger=main${mark}`;
    }
    case "s3":
      return location.replace(/\/*(\?|$)/u, `${mark}$1`);
  }
}

/** How the account is divided, as the account part was last applied; undefined where it never was divided. */
export function findDivision(lines: readonly LedgerLine[]): Division | undefined {
  let division: Division | undefined;
  for (const { entry } of lines) if (entry.type === "shards") division = divide(division, entry);
  return division;
}

/** As it is divided from then on. What a shard wrote is remembered, also where there are fewer now. */
export function divide(before: Division | undefined, { of, by }: Sharding): Division {
  return { of, by, most: Math.max(of, before?.most ?? 0) };
}

/** The lines of all parts by the time at which they were written; those of one part stay in their order. */
export function mergeLines(parts: readonly (readonly LedgerLine[])[]): readonly LedgerLine[] {
  const written = parts.filter((lines) => lines.length > 0);
  if (written.length <= 1) return written[0] ?? [];
  // A clock that was set back does not put a line before one that its own part had earlier.
  const timed = written.flatMap((lines) => {
    let latest = "";
    return lines.map((line) => {
      latest = line.at > latest ? line.at : latest;
      return { at: latest, line };
    });
  });
  return timed.sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at))).map(({ line }) => line);
}
