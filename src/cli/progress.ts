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
      session.io.stderr.write(`${CLEAR_LINE}${fitting(harmless(text), room)}`);
      shown = true;
    },
    line: (text) => {
      end();
      session.tell(`${text}\n`);
    },
    end,
  };
}

/** As much of a text as stands in so many columns: no more, since a line that wraps is not taken away again. */
function fitting(text: string, room: number): string {
  let width = 0;
  let shown = "";
  for (const character of text) {
    width += WIDE.test(character) ? 2 : 1;
    if (width > room) break;
    shown += character;
  }
  return shown;
}

/** What terminals draw two columns wide: East Asian scripts, full-width forms and pictures. */
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]/u;

const CLEAR_LINE = "\r\u001b[2K";
