import { resolve } from "node:path";
import { openSystemStream } from "../../host/system-stream.ts";
import type { Diagnostic, Severity } from "../../model/diagnostic.ts";
import type { Clock, LineStream } from "../../model/ports.ts";
import { describeFailure } from "../exit.ts";
import type { Flow } from "../flow.ts";
import { readVersion } from "../package-files.ts";
import { harmless, harmlessJson } from "../render/harmless.ts";
import type { Outcome, Session } from "../session.ts";
import { EVENTS_FORMAT, type EventLevel, type EventSink } from "./event.ts";

/** Runs a flow and writes what happens in it to a file or a descriptor, line by line, as it happens; without one it just runs. */
export async function withEvents(session: Session, file: string | undefined, flow: Flow): Promise<Outcome> {
  if (file === undefined) return flow(session);
  const version = await readVersion();
  const stream = await openSystemStream(resolve(session.folder, file));
  const events = makeEvents(stream, session);
  try {
    events.emit("version", "info", `axcess ${version}`, { axcess: version, format: EVENTS_FORMAT });
    const outcome = await flow({ ...session, events });
    emitDiagnostics(events, outcome.diagnostics);
    emitEnd(events, outcome.exit);
    return outcome;
  } catch (error) {
    const failure = describeFailure(error);
    emitDiagnostics(events, failure.diagnostics);
    if (failure.message !== "") {
      const { message: detail, fix } = failure;
      const diagnostic = { severity: "error", summary: "Error", detail, ...(fix !== undefined && { fix }) } as const;
      events.emit("diagnostic", "error", detail, { diagnostic });
    }
    emitEnd(events, failure.exit);
    throw error;
  } finally {
    stream.close();
  }
}

/** Writes each event as one line of JSON. Where a line cannot be written that is told once, and the run goes on without. */
export function makeEvents(
  stream: LineStream,
  session: { readonly clock: Clock; readonly tell: (text: string) => void },
): EventSink {
  let broken = false;
  return {
    emit: (type, level, message, body) => {
      if (broken) return;
      const common = { "@level": level, "@message": harmless(message), "@module": "axcess.ui" };
      const line = { ...common, "@timestamp": session.clock.now().toISOString(), type, ...body };
      try {
        stream.write(harmlessJson(JSON.stringify(line)));
      } catch (error) {
        broken = true;
        session.tell(`Events are no longer written: ${harmless(String((error as Error).message))}\n`);
      }
    },
  };
}

/** Tells problems and notes, each in an event of its own. */
export function emitDiagnostics(events: EventSink | undefined, diagnostics: readonly Diagnostic[]): void {
  for (const { sourceLine: _, ...diagnostic } of diagnostics) {
    const message = [`${diagnostic.summary}.`, diagnostic.detail].filter((text) => text !== "").join(" ");
    events?.emit("diagnostic", LEVELS[diagnostic.severity], `${diagnostic.code} ${message}`, { diagnostic });
  }
}

const LEVELS: Readonly<Record<Severity, EventLevel>> = { error: "error", warning: "warn", note: "info" };

/** The last line: whoever does not find it knows that the run was killed. */
function emitEnd(events: EventSink, exit: number): void {
  events.emit("log", "info", `The command ended with ${exit}.`, {});
}
