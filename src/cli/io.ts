/** Where text goes. */
interface Sink {
  write(text: string): void;
}

/** Everything of the outside that the command line touches, handed in so that a run can be watched from a test. */
export interface Io {
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly stdin: AsyncIterable<string | Uint8Array>;
  readonly isTty: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean };
  /** Width of the terminal. */
  readonly columns: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Calls the listener each time somebody asks the run to stop; gives back how to stop listening. */
  readonly onInterrupt: (listener: () => void) => () => void;
  /** Told when what a command is made of is loaded, before its work begins; more than once where it is made of parts. */
  readonly onLoaded?: () => void;
}
