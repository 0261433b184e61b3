import { systemHost } from "../../host/system-host.ts";
import type { Session } from "../session.ts";

/** Who approves unless told: git's own variable first, so that the name is the one that stands in the commit. */
export function nameApprover(session: Session): string {
  const { env } = session.io;
  return env["GIT_AUTHOR_EMAIL"] ?? env["EMAIL"] ?? systemHost.user;
}
