import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { run } from "../../src/cli/run.ts";

/** What one command line came to. */
export interface Ran {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a command line is run; without a terminal and with an empty environment unless told. */
interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Lines typed at a terminal; given means that there is one. */
  readonly typed?: readonly string[];
  /** Called with every text written, and with what interrupts the run. */
  readonly onWrite?: (text: string, interrupt: () => void) => void;
}

/** A folder of its own to run commands in; it goes with the test. */
export interface Workplace {
  readonly folder: string;
  readonly write: (path: string, text: string) => void;
  readonly read: (path: string) => Promise<string>;
  readonly run: (argv: readonly string[], options?: RunOptions) => Promise<Ran>;
}

/** Makes an empty folder and the way to run commands in it. */
export function makeWorkplace(): Workplace {
  const folder = mkdtempSync(join(tmpdir(), "axcess-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return {
    folder,
    write: (path, text) => writeFileSync(join(folder, path), text),
    read: (path) => readFile(join(folder, path), "utf8"),
    run: (argv, options) => runIn(folder, argv, options ?? {}),
  };
}

async function runIn(folder: string, argv: readonly string[], options: RunOptions): Promise<Ran> {
  let stdout = "";
  let stderr = "";
  const listeners = new Set<() => void>();
  const interrupt = (): void => {
    for (const listener of [...listeners]) listener();
  };
  const exit = await run(argv, {
    stdout: {
      write: (text) => {
        stdout += text;
        options.onWrite?.(text, interrupt);
      },
    },
    stderr: {
      write: (text) => {
        stderr += text;
        options.onWrite?.(text, interrupt);
      },
    },
    stdin: typeLines(options.typed ?? []),
    isTty: { stdin: options.typed !== undefined, stdout: false, stderr: options.typed !== undefined },
    columns: 100,
    env: { HOME: join(folder, "home"), ...options.env },
    cwd: folder,
    onInterrupt: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  });
  return { exit, stdout, stderr };
}

async function* typeLines(lines: readonly string[]): AsyncGenerator<string, void, void> {
  for (const line of lines) yield `${line}\n`;
}
