import { canonicalJson } from "../model/json.ts";
import type { LedgerStore } from "../model/ledger-store.ts";
import type { Files } from "../model/ports.ts";
import { type LeasedBackend, makeLeasedStore } from "../state/leased-store.ts";
import { parseHolder } from "../state/lock-texts.ts";
import { readPostgresLocation } from "./postgres-location.ts";
import { openPostgresSession, type PostgresSession, type Row } from "./postgres-session.ts";
import { ADD_LINES, FIRST_LOCK, READ_LINES, READ_LOCK, RENEW_LOCK, SWAP_LOCK, TABLES } from "./postgres-tables.ts";

/** Lines of some hundred characters each, and a few of a hundred thousand. */
const LINES_AT_ONCE = 2000;

/** Opens a ledger in PostgreSQL: a row for each line, and a row for its lock. Connects when something is asked. */
export async function openPostgresStore(location: string, files: Files): Promise<LedgerStore> {
  const place = readPostgresLocation(location);
  const session = await openPostgresSession(place, files);
  return makeLeasedStore(makeBackend(session, place.shown, place.ledger));
}

function makeBackend(session: PostgresSession, shown: string, ledger: string): LeasedBackend {
  const readLease = async (): ReturnType<LeasedBackend["readLease"]> => {
    const [row] = (await session.queryIfThere(READ_LOCK, [ledger])) ?? [];
    if (row === undefined) return undefined;
    const holder = row["holder"] === null ? undefined : readHolder(row);
    return { epoch: Number(row["epoch"]), mark: String(row["renewal"]), idle: Number(row["idle"]), holder };
  };
  return {
    shown,
    readInPieces: async (take, from) => {
      for (let last = from?.lines ?? 0; ; ) {
        const rows = (await session.queryIfThere(READ_LINES, [ledger, last, LINES_AT_ONCE])) ?? [];
        if (rows.length > 0) await take(new TextEncoder().encode(rows.map((row) => `${row["line"]}\n`).join("")));
        last = Number(rows.at(-1)?.["seq"] ?? last);
        if (rows.length < LINES_AT_ONCE) return last === 0 ? undefined : last;
      }
    },
    readLease,
    swapLease: async (seen, holder) => {
      const text = holder === undefined ? null : canonicalJson(holder);
      if (seen === undefined) await session.prepare(TABLES, READ_LOCK, [ledger]);
      const rows =
        seen === undefined
          ? await session.query(FIRST_LOCK, [ledger, text])
          : await session.query(SWAP_LOCK, [ledger, seen.epoch, seen.mark, text]);
      return rows[0] === undefined ? undefined : Number(rows[0]["epoch"]);
    },
    renewLease: async (epoch) => ((await session.query(RENEW_LOCK, [ledger, epoch])).length === 0 ? "lost" : "held"),
    append: async (text, { epoch, end }) => {
      const lines = text.trimEnd().split("\n");
      const added = await session.insert(ADD_LINES, [ledger, epoch, end, lines]);
      if (added === lines.length) return end + added;
      return (await readLease())?.epoch === epoch ? "moved" : "lost";
    },
    close: session.close,
  };
}

/** A holder that cannot be read still holds: nobody can name its run, so only time takes the lock from it. */
function readHolder(row: Row): NonNullable<ReturnType<typeof parseHolder>> {
  const unknown = "unknown";
  return (
    parseHolder(String(row["holder"])) ?? { pid: 0, hostname: unknown, user: unknown, startedAt: unknown, run: unknown }
  );
}
