import type { Diagnostic } from "./diagnostic.ts";
import type { Appender, Clock, Files, Host, TakePiece } from "./ports.ts";

/** A mark of the end of a ledger, on which what is added is conditional; undefined where there is no ledger yet. */
export type LedgerEnd = number | undefined;

/** A place between two lines of a ledger. */
export interface LedgerPosition {
  /** How many lines are before it. */
  readonly lines: number;
  /** How many bytes these have, each with its line feed. */
  readonly bytes: number;
}

/** What a crash left at the end of a file: which bytes stay, and what their last line lacks. */
export interface Mending {
  readonly bytes: number;
  readonly missing: "" | "\n";
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
  /**
   * Hands over the bytes in pieces, in their order, each of which is gone once `take` is back; from a place on, where one is given
   * that was found in this ledger. Resolves to the mark of the end.
   */
  readInPieces(take: TakePiece, from?: LedgerPosition): Promise<LedgerEnd>;
  /**
   * Opens the end for adding whole lines. What is added is all there or not at all, but in a file; where the end is not where it
   * was seen, or the lock is lost, it is a DiagnosedError and nothing was added. Only a file can be torn by
   * a crash, and is mended first.
   */
  openEnd(end: LedgerEnd, mending?: Mending): Promise<Appender>;
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
