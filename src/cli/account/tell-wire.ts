import type { PlatformEvent } from "../../platform/arize-platform.ts";
import { harmless } from "../render/harmless.ts";
import type { Session } from "../session.ts";

/** Waits of this length or more are told even without `--verbose`, so that nobody takes them for a hang. */
const LONG_WAIT_MILLISECONDS = 2_000;

/** Tells what the wire did: everything under `--verbose`, else only what makes a person wait. */
export function tellWire(session: Session, event: PlatformEvent): void {
  const isLong = "waitMilliseconds" in event && event.waitMilliseconds >= LONG_WAIT_MILLISECONDS;
  if (session.globals.verbose || isLong) session.tell(`${harmless(describe(event))}\n`);
}

function describe(event: PlatformEvent): string {
  switch (event.event) {
    case "answered":
      return `${event.call}: ${event.status} after ${Math.round(event.milliseconds)} ms`;
    case "lost":
      return `${event.call}: no answer after ${Math.round(event.milliseconds)} ms: ${event.because}`;
    case "retried":
      return `${event.call}: attempt ${event.attempt} failed, again in ${seconds(event.waitMilliseconds)}: ${event.because}`;
    case "rate-limited":
      return `${event.call}: the platform asks to slow down (${event.pace}), waiting ${seconds(event.waitMilliseconds)}`;
  }
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
