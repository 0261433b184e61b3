import { harmless } from "./render/harmless.ts";
import type { Session } from "./session.ts";

/** Tells how a long run goes, on stderr, and never under `--quiet`. */
export interface Progress {
  /** What happens right now: one line that is written over on a terminal, and nothing elsewhere. */
  readonly update: (text: string) => void;
  /** Something worth a line of its own, everywhere. */
  readonly line: (text: string) => void;
  /** Takes the updating line away. */
  readonly end: () => void;
}

/** Makes the progress of one run. */
export function makeProgress(session: Session): Progress {
  const updates = session.io.isTty.stderr && !session.globals.quiet;
  let shown = false;
  const end = (): void => {
    if (shown) session.io.stderr.write(CLEAR_LINE);
    shown = false;
  };
  return {
    update: (text) => {
      if (!updates) return;
      const room = Math.max(20, session.io.columns - 1);
      session.io.stderr.write(`${CLEAR_LINE}${harmless(text).slice(0, room)}`);
      shown = true;
    },
    line: (text) => {
      end();
      session.tell(`${text}\n`);
    },
    end,
  };
}

const CLEAR_LINE = "\r\u001b[2K";
