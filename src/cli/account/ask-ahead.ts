import type { ListRequest } from "../../model/platform.ts";
import { askEarly } from "../../state/ask-early.ts";
import { openReading, openWhileLoading, type Reading } from "../context.ts";
import type { Session } from "../session.ts";

/** Gives the account to whoever is to read it. */
export type OpenReading = () => Promise<Reading>;

/** An account that is asked while something else is done. */
export interface Ahead {
  readonly open: OpenReading;
  /** Asks for lists that will be asked for: whoever does so first is given the answer, or the refusal. */
  readonly foresee: (lists: readonly ListRequest[]) => void;
}

/**
 * Opens the account and asks who calls, while `work` loads what it needs and reads what is to be asked beside: a connection takes
 * longer than a manifest. What goes wrong with it is heard by whoever takes it; where nobody does, it is closed.
 */
export async function askAhead<T>(session: Session, work: (ahead: Ahead) => Promise<T>): Promise<T> {
  // The sandbox would take the processor from what goes on beside it, and makes a folder.
  if (session.globals.sandbox !== undefined) return work({ open: () => openReading(session), foresee: () => {} });
  const opening = openWhileLoading(session).then((reading) => ({ reading, ...askEarly(reading.reader) }));
  let isTaken = false;
  const asking = opening.then(({ reading }) => reading.reader.nameAccount());
  asking.catch(() => undefined);
  try {
    return await work({
      open: async () => {
        isTaken = true;
        const { reading, late } = await opening;
        return { ...reading, reader: late };
      },
      foresee: (lists) => {
        opening.then(({ early }) => lists.map(early.list)).catch(() => undefined);
      },
    });
  } finally {
    if (!isTaken) await opening.then(({ reading }) => reading.close()).catch(() => undefined);
  }
}
