import {
  letRead,
  letWrite,
  type OpenedAccount,
  openAccount,
  openReading,
  openWriting,
  type Reading,
  refuseOtherTimes,
  type Writing,
} from "../context.ts";
import type { Session } from "../session.ts";

/** Gives the account to whoever is to read it. */
export type OpenReading = () => Promise<Reading>;

/** Gives the account to whoever is to change it; the signal ends waiting, and keeps new requests from starting. */
export type OpenWriting = (signal: AbortSignal) => Promise<Writing>;

/**
 * Opens the account and asks who calls, while `work` loads what it needs and reads what is to be asked beside: a connection takes
 * longer than a manifest. What goes wrong with it is heard by whoever takes it; where nobody does, it is closed.
 */
export async function askAhead<T>(session: Session, work: (open: OpenReading) => Promise<T>): Promise<T> {
  if (mustWait(session)) return work(() => openReading(session));
  return whileAsking(session, undefined, (take) => work(async () => letRead(await take())));
}

/** The same for `apply`. */
export async function askAheadOfChanges<T>(session: Session, work: (open: OpenWriting) => Promise<T>): Promise<T> {
  if (mustWait(session)) return work((signal) => openWriting(session, signal));
  const stop = new AbortController();
  return whileAsking(session, stop.signal, (take) =>
    work(async (signal) => {
      refuseOtherTimes(session);
      if (signal.aborted) stop.abort();
      signal.addEventListener("abort", () => stop.abort(), { once: true });
      return letWrite(await take());
    }),
  );
}

/** The sandbox would take the processor from what goes on beside it, and makes a folder. */
function mustWait({ globals }: Session): boolean {
  return globals.sandbox !== undefined;
}

async function whileAsking<T>(
  session: Session,
  signal: AbortSignal | undefined,
  work: (take: () => Promise<OpenedAccount>) => Promise<T>,
): Promise<T> {
  const opening = openAccount(session, signal);
  let isTaken = false;
  const asking = opening.then((opened) => letRead(opened).reader.nameAccount());
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

async function leave({ close }: OpenedAccount): Promise<void> {
  await close();
}
