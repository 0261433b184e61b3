/** Time. `now` is for people and expiry, `monotonic` (milliseconds) for measuring; only `sleep` waits. */
export interface Clock {
  now(): Date;
  monotonic(): number;
  /** Resolves after so many milliseconds, or at once when the signal fires. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** Chance: a number from 0 (inclusive) to 1 (exclusive), and a text that nobody else has. */
export interface Random {
  fraction(): number;
  id(): string;
}

/** A file that only grows. */
export interface Appender {
  /** Resolves when the text is on the disk. */
  append(text: string): Promise<void>;
  close(): Promise<void>;
}

/** Lines that somebody else may read while they are written. */
export interface LineStream {
  /** Hands a line, without its line feed, to the system before it returns. Throws Node's errors. */
  write(line: string): void;
  close(): void;
}

/** Takes one piece of what is read. What it gives back is waited for before the next one comes. */
export type TakePiece = (piece: Uint8Array) => unknown;

/** The disk, as far as axcess needs it. Paths are as given by people; errors are Node's. */
export interface Files {
  /** What is no regular file, or longer than 256 MiB, is refused. */
  read(path: string): Promise<Uint8Array>;
  /**
   * A file of any length in pieces, in their order, so that it is never held whole; each is gone once `take` is back. The first
   * `from` bytes are left out, where that is given. Left out where files are only read whole.
   */
  readInPieces?(path: string, take: TakePiece, from?: number): Promise<void>;
  /** Size in bytes; undefined when there is no such file. */
  size(path: string): Promise<number | undefined>;
  /** A text that is another one once the file was written, or another has taken its name; undefined when there is no such file. Without it files are read instead. */
  stamp?(path: string): Promise<string | undefined>;
  /** `directory` for a folder, `file` for the rest, undefined for nothing. */
  kind(path: string): Promise<"file" | "directory" | undefined>;
  /** Names in a folder, sorted by code unit. */
  list(path: string): Promise<readonly string[]>;
  /** All of it or nothing: a temporary file in the same folder, flushed, then renamed. Folders are made as needed. */
  replace(path: string, text: string, mode?: number): Promise<void>;
  openAppender(path: string): Promise<Appender>;
  /** Makes the file only if there is none; false when there is one. */
  createExclusive(path: string, text: string): Promise<boolean>;
  remove(path: string): Promise<void>;
  /** The absolute path without symbolic links; undefined when nothing is there. */
  real(path: string): Promise<string | undefined>;
}

/** Other programs of the machine. */
export interface Programs {
  /**
   * Runs a program without a shell, with a text on its standard input, in a folder. Resolves to its exit code, undefined where it
   * was ended; rejects where it cannot be started. What it prints goes nowhere, since it may repeat what it was given. Of the
   * environment it gets all but the variables in `without`. Where it is `interactive`, a person sees what it says to its standard
   * error, and has some minutes to answer it; without a text it gets the terminal as its input, where there is one.
   */
  run(
    argv: readonly string[],
    input: string,
    where: { readonly folder: string; readonly without: readonly string[]; readonly interactive?: boolean },
  ): Promise<number | undefined>;
}

/** The process: who and where, and whether a process lives. */
export interface Host {
  readonly pid: number;
  readonly hostname: string;
  readonly user: string;
  isAlive(pid: number): boolean;
}

/** One HTTP exchange. Bodies are texts; header names are lower case. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly timeoutMilliseconds: number;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * The network. Rejects with NetFailure when no whole answer came.
 */
export interface Net {
  exchange(request: HttpRequest): Promise<HttpResponse>;
  close(): Promise<void>;
}

/** One request to a server on this machine. Header names are lower case. */
export interface LocalRequest {
  readonly method: string;
  /** Path and query, as they came. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export interface LocalReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A server that only this machine reaches. */
export interface LocalServer {
  readonly port: number;
  /** Answers what is under way, and no more. */
  close(): Promise<void>;
}

/** No whole answer came. `sent` is false only where the request surely never reached the server. */
export class NetFailure extends Error {
  readonly sent: boolean;
  readonly timedOut: boolean;

  constructor(
    message: string,
    options: { readonly sent: boolean; readonly timedOut: boolean; readonly cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.name = "NetFailure";
    this.sent = options.sent;
    this.timedOut = options.timedOut;
  }
}
