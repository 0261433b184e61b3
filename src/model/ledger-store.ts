import type { Diagnostic } from "./diagnostic.ts";
import type { Appender, Clock, Files, Host } from "./ports.ts";

/** A ledger as it lies in its store. */
export interface StoredLedger {
  readonly bytes: Uint8Array;
  /** A mark of the end, on which what is added is conditional; undefined where there is no ledger yet. */
  readonly end: number | undefined;
}

/** Who asks for the lock of a ledger. */
export interface LockClaim {
  readonly host: Host;
  readonly clock: Clock;
  readonly run: string;
}

/** Who holds the lock of a ledger, as it stands there for others to read. */
export interface LockHolder {
  readonly pid: number;
  readonly hostname: string;
  readonly user: string;
  readonly startedAt: string;
  readonly run: string;
}

/** The lock of a ledger as somebody finds it. */
export interface FoundLock {
  /** Undefined where it cannot be read. */
  readonly holder: LockHolder | undefined;
  /** Milliseconds since it was taken or renewed last, by the clock of the store where it has one; undefined where nobody knows. */
  readonly idle: number | undefined;
  /** Whether the next run takes it over by itself. */
  readonly isOver: boolean;
}

/** The right to write to one ledger, until it is given back. */
export interface Lock {
  /** Told when the lock of a run that broke off was taken over. */
  readonly notes: readonly Diagnostic[];
  /** Renews the lock from time to time until it is given back. A renewal that fails is tried again at the next time. */
  keep(): void;
  /** Throws a DiagnosedError where the lock may be somebody else's by now: nothing may be written then. */
  ensureHeld(): Promise<void>;
  /** Gives it back, unless somebody else has taken it over meanwhile. */
  release(): Promise<void>;
}

/** Where a ledger is kept: its bytes, an end that moves only where it was seen, and a lock. */
export interface LedgerStore {
  /** The place as people may see it: a path, or a URL without user and password. */
  readonly shown: string;
  read(): Promise<StoredLedger>;
  /** The same in pieces, in their order, each of which is gone once `take` is back. Resolves to the mark of the end. */
  readInPieces(take: (piece: Uint8Array) => void): Promise<StoredLedger["end"]>;
  /**
   * Opens the end for adding whole lines. What is added is all there or not at all, but in a file; where the end is not where it
   * was seen, or the lock is lost, it is a DiagnosedError and nothing was added. `mended` is what stands there first in place of
   * an end that a crash tore, which only happens to a file.
   */
  openEnd(seen: Pick<StoredLedger, "end">, mended: string | undefined): Promise<Appender>;
  /** Takes the lock, or throws a DiagnosedError that names its holder. */
  takeLock(claim: LockClaim): Promise<Lock>;
  /** Undefined where nobody holds it. */
  findLock(at: Pick<LockClaim, "host" | "clock">): Promise<FoundLock | undefined>;
  /** Takes the lock away from a run; false where that run does not hold it. Whoever asks has made sure that the run is over. */
  breakLock(claim: LockClaim): Promise<boolean>;
  close(): Promise<void>;
}

/** Opens a store that is no file. */
export type ConnectStore = (location: string, files: Files) => Promise<LedgerStore>;
