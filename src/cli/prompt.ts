import type { Session } from "./session.ts";

/** Asks a person at the terminal. */
export interface Prompt {
  /** Shows the question on stderr, ends its line where nothing was typed, and resolves to the line typed, trimmed; undefined when there is none, or the signal fired. */
  readonly ask: (question: string) => Promise<string | undefined>;
  readonly close: () => Promise<void>;
}

/** Opens the terminal's input for several questions; nothing is read before the first. */
export function openPrompt(session: Session, signal: AbortSignal): Prompt {
  let lines: AsyncIterator<string> | undefined;
  const interrupted = new Promise<undefined>((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
  return {
    ask: async (question) => {
      if (signal.aborted) return undefined;
      session.io.stderr.write(question);
      lines ??= readLines(session.io.stdin);
      const next = lines.next().then((result) => (result.done === true ? undefined : result.value.trim()));
      const answer = await Promise.race([next, interrupted]);
      if (answer === undefined && !signal.aborted) session.io.stderr.write("\n");
      return answer;
    },
    close: async () => {
      // A read that is still waiting for a line would keep this from ever resolving.
      if (!signal.aborted) await lines?.return?.();
    },
  };
}

async function* readLines(input: AsyncIterable<string | Uint8Array>): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of input) {
    rest += typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}

/** True when a person can be asked. */
export function canAsk(session: Session): boolean {
  return session.io.isTty.stdin && session.io.isTty.stderr;
}
