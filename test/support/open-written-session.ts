import { readGlobals } from "../../src/cli/flags/globals.ts";
import { openSession, type Session } from "../../src/cli/session.ts";

/** A session that writes what it prints, of both streams, into a list. */
export async function openWrittenSession(
  written: string[],
  options: { readonly terminal?: boolean; readonly quiet?: boolean; readonly typed?: readonly string[] } = {},
): Promise<Session> {
  const terminal = options.terminal ?? false;
  const sink = { write: (text: string) => void written.push(text) };
  const io = {
    stdout: sink,
    stderr: sink,
    stdin: (async function* () {
      yield* options.typed ?? [];
    })(),
    isTty: { stdin: terminal, stdout: terminal, stderr: terminal },
    columns: 30,
    env: {},
    cwd: "/",
    onInterrupt: () => () => {},
  };
  return openSession(io, readGlobals(options.quiet === true ? { quiet: true } : {}, {}));
}
