import { join, resolve } from "node:path";
import { startLocalSandbox } from "../../engine/start-local-sandbox.ts";
import { EXIT } from "../exit.ts";
import { prettyJson } from "../render/pretty-json.ts";
import { quoteShellWord } from "../render/quote-shell-word.ts";
import type { Outcome, Session } from "../session.ts";

/** What `sandbox` was asked for. */
export interface SandboxRequest {
  /** 0: any free port. */
  readonly port: number;
  readonly directory: string;
}

/** Serves the simulated account until interrupted, and says how to reach it. */
export async function runSandbox(session: Session, request: SandboxRequest): Promise<Outcome> {
  const directory = resolve(session.folder, request.directory);
  const stopped = waitForInterrupt(session);
  const sandbox = await startLocalSandbox({ directory, port: request.port });
  try {
    const keyFile = join(directory, "admin-key");
    if (session.globals.json) session.io.stdout.write(prettyJson({ command: "sandbox", url: sandbox.url, keyFile }));
    else session.print(describe(sandbox.url, keyFile));
    await stopped;
  } finally {
    await sandbox.close();
  }
  session.tell("The sandbox is closed.\n");
  return { exit: EXIT.done, diagnostics: [], document: undefined };
}

/** The key is made up and good for nothing elsewhere; still it is read from its file, as a real one would be. */
function describe(url: string, keyFile: string): string {
  return `A simulated Arize AX account is served at ${url} (REST under /v2, GraphQL at /graphql).
The key of its admin is in ${quoteShellWord(keyFile)}. To use it in another shell:

export ARIZE_API_KEY="$(cat ${quoteShellWord(keyFile)})"
export ARIZE_BASE_URL=${url}
export ARIZE_APP_URL=${url}

Interrupt (Ctrl-C) to stop; its content stays.
`;
}

function waitForInterrupt(session: Session): Promise<void> {
  return new Promise((resolve) => {
    const stop = session.io.onInterrupt(() => {
      stop();
      resolve();
    });
  });
}
