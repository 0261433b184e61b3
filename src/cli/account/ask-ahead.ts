import { openReading, openWhileLoading, type Reading } from "../context.ts";
import type { Session } from "../session.ts";

/** Gives the account to whoever is to read it. */
export type OpenReading = () => Promise<Reading>;

/**
 * Opens the account and asks who calls, while `work` loads what it needs and reads what is to be asked beside: a connection takes
 * longer than a manifest. What goes wrong with it is heard by whoever takes it; where nobody does, it is closed.
 */
export async function askAhead<T>(session: Session, work: (open: OpenReading) => Promise<T>): Promise<T> {
  // The sandbox would take the processor from what goes on beside it, and makes a folder.
  if (session.globals.sandbox !== undefined) return work(() => openReading(session));
  const opening = openWhileLoading(session);
  let isTaken = false;
  const asking = opening.then(({ reader }) => reader.nameAccount());
  asking.catch(() => undefined);
  try {
    return await work(() => {
      isTaken = true;
      return opening;
    });
  } finally {
    if (!isTaken) await opening.then(leave, () => undefined);
  }
}

async function leave({ close }: Reading): Promise<void> {
  await close();
}
