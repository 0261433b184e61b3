import { dirname, join } from "node:path";
import type { Session } from "./session.ts";

/**
 * The folder that things are kept beside: of the first manifest path, the folder itself, a file's folder, or of a glob the part
 * before its first pattern. It depends on what was asked for only, so that a new file in a folder moves nothing.
 */
export async function findManifestHome(session: Session): Promise<string> {
  const first = session.globals.files[0] ?? ".";
  if ((await session.files.kind(first)) === "directory") return first;
  const segments = first.split("/");
  const glob = segments.findIndex((segment) => /[*?]/u.test(segment));
  if (glob < 0) return dirname(first);
  return segments.slice(0, glob).join("/") || (first.startsWith("/") ? "/" : ".");
}

/** Where the ledger is: as the flag says, else beside the manifest; the simulated account has one of its own. */
export async function findLedger(session: Session): Promise<string> {
  const { ledger, sandbox } = session.globals;
  if (ledger !== undefined) return ledger;
  if (sandbox !== undefined) return `${sandbox.replace(/\/+$/u, "")}-ledger.jsonl`;
  return join(await findManifestHome(session), ".axcess", "ledger.jsonl");
}
