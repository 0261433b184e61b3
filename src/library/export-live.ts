import { type ExportedAccount, exportAccount } from "../engine/export-account.ts";
import { withReading } from "./open-account.ts";
import { openWorkplace } from "./open-workplace.ts";
import type { ExportOptions } from "./options.ts";

/** Writes an account as a manifest that is proved to change nothing. Only a reader is made. */
export async function exportLive(options: ExportOptions): Promise<ExportedAccount> {
  const workplace = openWorkplace(options);
  const { scopes = [], groups: hasGroups = false, split = "none" } = options;
  const wish = { scopes, hasGroups, split, out: undefined, headOf: () => [], now: workplace.clock.now() };
  return withReading(workplace, options, (account) => exportAccount(account, wish, workplace.hear));
}
