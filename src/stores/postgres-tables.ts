/** The tables of ledgers in PostgreSQL: lines, which are only ever added, and one lock for each ledger. */
export const TABLES: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS axcess_ledger_lines (
  ledger text NOT NULL,
  seq bigint NOT NULL CHECK (seq > 0),
  line text NOT NULL,
  epoch bigint NOT NULL,
  PRIMARY KEY (ledger, seq)
)`,
  `CREATE TABLE IF NOT EXISTS axcess_ledger_locks (
  ledger text PRIMARY KEY,
  epoch bigint NOT NULL,
  renewal bigint NOT NULL DEFAULT 0,
  holder text,
  renewed_at timestamptz NOT NULL DEFAULT clock_timestamp()
)`,
];

/** So many lines at once: an answer comes in time, and is never the whole of a long ledger. */
export const READ_LINES =
  "SELECT seq, line FROM axcess_ledger_lines WHERE ledger = $1 AND seq > $2 ORDER BY seq LIMIT $3";

export const READ_LOCK = `SELECT epoch, renewal, holder,
  extract(epoch FROM clock_timestamp() - renewed_at) * 1000 AS idle
FROM axcess_ledger_locks WHERE ledger = $1`;

export const FIRST_LOCK = `INSERT INTO axcess_ledger_locks (ledger, epoch, holder) VALUES ($1, 1, $2)
ON CONFLICT DO NOTHING RETURNING epoch`;

export const SWAP_LOCK = `UPDATE axcess_ledger_locks
SET epoch = epoch + 1, holder = $4, renewed_at = clock_timestamp()
WHERE ledger = $1 AND epoch = $2 AND renewal = $3 RETURNING epoch`;

export const RENEW_LOCK = `UPDATE axcess_ledger_locks
SET renewal = renewal + 1, renewed_at = clock_timestamp()
WHERE ledger = $1 AND epoch = $2 RETURNING epoch`;

/**
 * Adds lines in one statement, which is one transaction: it locks the row of the lock and looks at its epoch, so that whoever
 * takes the lock over waits for it, and finds these lines or makes them impossible. Should the end have moved unseen, the primary
 * key refuses.
 */
export const ADD_LINES = `WITH held AS (
  SELECT 1 FROM axcess_ledger_locks WHERE ledger = $1 AND epoch = $2 FOR UPDATE
)
INSERT INTO axcess_ledger_lines (ledger, seq, line, epoch)
SELECT $1, $3::bigint + added.number, added.line, $2::bigint
FROM unnest($4::text[]) WITH ORDINALITY AS added (line, number)
WHERE EXISTS (SELECT FROM held)
  AND (SELECT coalesce(max(seq), 0) FROM axcess_ledger_lines WHERE ledger = $1) = $3::bigint`;

/** A server that answers before a line is on its disk would break the promise that an intent is kept before its effect. */
export const BE_DURABLE = `SELECT set_config('synchronous_commit', 'on', false)
WHERE current_setting('synchronous_commit') IN ('off', 'local')`;
