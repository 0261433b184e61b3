import { KINDS } from "../../kinds/registry.ts";
import type { Address } from "../../model/address.ts";
import type { Observation, ReadSelection } from "../../model/plan.ts";
import { observeAccount } from "../../state/observe.ts";
import { listClassesAround } from "../../state/place-reads.ts";
import { openReading } from "../context.ts";
import { renderDiagnostics } from "../render/diagnostics-text.ts";
import type { Session } from "../session.ts";

/** Reads the account as far as some places need, or the whole of it, and tells what could not be known. */
export async function readAround(
  session: Session,
  places: readonly Address[] | undefined,
  checkAccount: (accountUrl: string) => void = () => {},
): Promise<Observation> {
  const reading = await openReading(session);
  try {
    checkAccount(reading.accountUrl);
    const selection: ReadSelection =
      places === undefined
        ? { classes: new Set(), under: [""] }
        : { classes: new Set(places.flatMap(listClassesAround)), under: [] };
    const observation = await observeAccount({ reader: reading.reader, kinds: KINDS, selection, onlyToTell: true });
    session.tell(renderDiagnostics(observation.notes, session.errorPaint));
    return observation;
  } finally {
    await reading.close();
  }
}

/** Classes and kinds that were not read whole, sorted. */
export function listUnread({ coverage }: Observation): readonly string[] {
  return [...coverage].flatMap(([key, state]) => (state === "complete" ? [] : [key])).sort();
}
