import type { PlatformEvent } from "../../platform/arize-platform.ts";
import { harmless } from "../render/harmless.ts";
import type { Session } from "../session.ts";

/** Waits of this length or more are told even without `--verbose`, so that nobody takes them for a hang. */
const LONG_WAIT_MILLISECONDS = 2_000;

/** Tells what the wire did: everything under `--verbose`, else only what makes a person wait. */
export function tellWire(session: Session, event: PlatformEvent): void {
  const isLong = "waitMilliseconds" in event && event.waitMilliseconds >= LONG_WAIT_MILLISECONDS;
  if (session.globals.verbose || isLong) session.tell(`${harmless(describe(event))}\n`);
  emitWire(session, event);
}

/** What was answered is no event, unless everything is to be told. */
function emitWire({ events, globals }: Session, event: PlatformEvent): void {
  if (event.event === "rate-limited") {
    const { call, pace, waitMilliseconds: milliseconds, learnedPerMinute } = event;
    const learned = learnedPerMinute === undefined ? {} : { learned_per_minute: learnedPerMinute };
    events?.emit("rate_limited", "warn", describe(event), { wait: { call, pace, milliseconds, ...learned } });
  } else if (event.event === "answered" || event.event === "recalled") {
    if (globals.verbose) events?.emit("log", "debug", describe(event), {});
  } else events?.emit("log", "warn", describe(event), {});
}

function describe(event: PlatformEvent): string {
  switch (event.event) {
    case "answered":
      return `${event.call}: ${event.status} after ${Math.round(event.milliseconds)} ms`;
    case "lost":
      return `${event.call}: no answer after ${Math.round(event.milliseconds)} ms: ${event.because}`;
    case "retried":
      return `${event.call}: attempt ${event.attempt} failed, again in ${seconds(event.waitMilliseconds)}: ${event.because}`;
    case "recalled":
      return `${event.pace}: begins at ${Math.round(event.perMinute)} a minute, as an earlier run learned`;
    case "rate-limited":
      return `${event.call}: the platform asks to slow down (${event.pace}), waiting ${seconds(event.waitMilliseconds)}${learned(event.learnedPerMinute)}`;
  }
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

function learned(perMinute: number | undefined): string {
  return perMinute === undefined ? "" : `, then at most ${Math.round(perMinute)} a minute`;
}
