import { readAround as readOpened, type Scope } from "../../engine/read-around.ts";
import type { Observation } from "../../model/plan.ts";
import { openReading } from "../context.ts";
import { hearIn } from "../hear-in.ts";
import type { Session } from "../session.ts";

export { listUnread } from "../../engine/read-around.ts";

/** Reads the account as far as a scope needs, and tells what could not be known. */
export async function readAround(
  session: Session,
  scope: Scope,
  checkAccount: (accountUrl: string) => void = () => {},
): Promise<Observation> {
  const reading = await openReading(session);
  try {
    checkAccount(reading.accountUrl);
    return await readOpened(reading, scope, hearIn(session));
  } finally {
    await reading.close();
  }
}
