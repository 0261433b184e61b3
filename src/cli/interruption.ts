import type { Session } from "./session.ts";

/**
 * Runs something that may be asked to stop. The first request fires the signal: nothing new is begun, what is under way is
 * finished and written down. Every later one says that this is still going on.
 */
export async function runInterruptibly<T>(session: Session, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stopListening = session.io.onInterrupt(() => {
    const first = !controller.signal.aborted;
    session.io.stderr.write(
      first
        ? "\nInterrupted: nothing new is begun; what is under way is finished and written down.\n"
        : "\nStill finishing what is under way.\n",
    );
    controller.abort();
  });
  try {
    return await work(controller.signal);
  } finally {
    stopListening();
  }
}
