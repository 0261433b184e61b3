import type { Diagnostic } from "../model/diagnostic.ts";
import { DiagnosedError } from "../model/errors.ts";
import type { AccountIdentity } from "../model/ledger.ts";
import type { Memory } from "../model/plan.ts";
import type { Recollection } from "../state/memory.ts";
import type { AccountReading } from "./account-reading.ts";

type Remembered = Pick<Memory, "account">;

/** Refuses to write into the ledger of another account: what is remembered of both would be mixed from then on. Throws DiagnosedError. */
export function requireLedgerAccount(memory: Remembered, now: AccountIdentity): void {
  const wrong = judgeLedgerAccount(memory, now, "error");
  if (wrong.length > 0) throw new DiagnosedError(wrong);
}

/**
 * The same before anything is read: what an earlier run left in doubt is settled first, and the URL alone tells no two accounts
 * of one vendor apart. Throws DiagnosedError; rejects where the caller cannot be asked.
 */
export async function requireOwnDoubts(
  { account, inDoubt }: Recollection,
  { reader, accountUrl: url }: AccountReading,
): Promise<void> {
  const name = inDoubt.length > 0 && account?.name !== undefined ? (await reader.identify()).accountName : undefined;
  requireLedgerAccount({ ...(account !== undefined && { account }) }, { url, ...(name !== undefined && { name }) });
}

/** What is to be told where a ledger was written for another account. */
export function judgeLedgerAccount(
  { account: before }: Remembered,
  now: AccountIdentity,
  severity: "error" | "warning",
): readonly Diagnostic[] {
  if (before === undefined || !isOther(before, now)) return [];
  return [
    {
      ...{ code: "AX515", severity, summary: "The ledger is of another account" },
      detail: `It was written for ${spell(before)}, and this is ${spell(now)}.`,
      fix: "Name the ledger of this account: --ledger. Where the account itself was renamed or moved, begin a new ledger at an empty place, and axcess adopt there what is yours.",
    },
  ];
}

/** Accounts of one vendor share a URL, and one name may stand on two installations: either tells them apart. */
function isOther(before: AccountIdentity, now: AccountIdentity): boolean {
  const isRenamed = before.name !== undefined && now.name !== undefined && before.name !== now.name;
  return isRenamed || placeOf(before) !== placeOf(now);
}

/** Whatever is not https: is on this machine, where ports and spellings of folders change from run to run. */
function placeOf({ url }: AccountIdentity): string {
  return url.startsWith("https:") ? url.toLowerCase().replace(/\/+$/u, "") : "here";
}

function spell({ url, name }: AccountIdentity): string {
  return name === undefined ? url : `"${name}" (${url})`;
}
