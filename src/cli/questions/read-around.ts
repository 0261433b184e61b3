import { readAround as readOpened } from "../../engine/read-around.ts";
import type { Address } from "../../model/address.ts";
import type { Observation } from "../../model/plan.ts";
import { openReading } from "../context.ts";
import { hearIn } from "../hear-in.ts";
import type { Session } from "../session.ts";

export { listUnread } from "../../engine/read-around.ts";

/** Reads the account as far as some places need, or the whole of it, and tells what could not be known. */
export async function readAround(
  session: Session,
  places: readonly Address[] | undefined,
  checkAccount: (accountUrl: string) => void = () => {},
): Promise<Observation> {
  const reading = await openReading(session);
  try {
    checkAccount(reading.accountUrl);
    return await readOpened(reading, places, hearIn(session));
  } finally {
    await reading.close();
  }
}
