import { closeSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { RowOf, TableName } from "./rows.ts";
import type { Operation, Store } from "./store.ts";
import { listTables } from "./store.ts";

/**
 * The account on disk: a snapshot (state.json) and a journal of the transactions since (journal.jsonl).
 *
 * A transaction is one appended line, written before the request is answered, so an answered request survives the
 * death of this process. Replaying a journal twice gives the same state, so a crash between writing the snapshot and
 * emptying the journal does no harm. Power loss is not guarded against.
 */
interface StateDirectory {
  readonly append: (operations: readonly Operation[]) => void;
  /** Reads snapshot and journal into the store; false when there was nothing to read. */
  readonly load: (store: Store) => boolean;
  /** Writes a new snapshot when the journal holds anything, and closes the files. */
  readonly close: (store: Store) => void;
}

const FORMAT = 1;

interface Snapshot {
  readonly format: number;
  readonly tables: Record<TableName, readonly RowOf[TableName][]>;
}

/** Opens the state kept in a directory that is already locked. */
export function openStateDirectory(directory: string): StateDirectory {
  const snapshotPath = join(directory, "state.json");
  const journalPath = join(directory, "journal.jsonl");
  const lines = readLines(journalPath);
  const { whole, torn } = parseLines(lines);
  const journal = openSync(journalPath, torn ? "w" : "a", 0o600);
  // A line torn by a crash was never answered; the whole ones before it are written again.
  if (torn) for (const transaction of whole) writeLine(journal, transaction);
  let pending = whole.length;
  return {
    append: (operations) => {
      writeLine(journal, operations);
      pending += 1;
    },
    load: (store) => {
      const snapshot = readSnapshot(snapshotPath);
      if (snapshot !== undefined) loadSnapshot(store, snapshot);
      for (const operation of whole.flat()) store.replay(operation);
      return snapshot !== undefined || whole.length > 0;
    },
    close: (store) => {
      closeSync(journal);
      if (pending === 0) return;
      const text = JSON.stringify({ format: FORMAT, tables: listTables(store) } satisfies Snapshot);
      writeFileSync(`${snapshotPath}.new`, text, { mode: 0o600 });
      renameSync(`${snapshotPath}.new`, snapshotPath);
      writeFileSync(journalPath, "");
    },
  };
}

function loadSnapshot(store: Store, snapshot: Snapshot): void {
  if (snapshot.format !== FORMAT) {
    throw new Error(`The sandbox state has format ${snapshot.format}; this version reads format ${FORMAT}.`);
  }
  for (const [table, rows] of Object.entries(snapshot.tables)) {
    for (const row of rows) store.replay(["put", table as TableName, row]);
  }
}

function readSnapshot(path: string): Snapshot | undefined {
  const text = readText(path);
  return text === "" ? undefined : (JSON.parse(text) as Snapshot);
}

function readLines(path: string): readonly string[] {
  const text = readText(path);
  return text === "" ? [] : text.split("\n");
}

function parseLines(lines: readonly string[]): { whole: readonly (readonly Operation[])[]; torn: boolean } {
  // Every finished line ends in a newline, so what follows the last newline is torn unless it is empty.
  const whole = lines.slice(0, -1).map((line) => JSON.parse(line) as readonly Operation[]);
  return { whole, torn: (lines.at(-1) ?? "") !== "" };
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

function writeLine(file: number, value: unknown): void {
  writeSync(file, `${JSON.stringify(value)}\n`);
}
