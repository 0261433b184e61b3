import type { RowOf } from "../../src/sandbox/rows.ts";
import type { Operation } from "../../src/sandbox/store.ts";
import { send } from "../faults/edit-by-hand.ts";
import { type Machine, START } from "../machine/machine.ts";
import { LEDGER } from "./evidence.ts";
import type { Call, LeftLock } from "./scenario.ts";

/** Lets time pass. */
export async function pass({ timeline }: Machine, milliseconds: number): Promise<void> {
  await new Promise<void>((resolve) => timeline.after(milliseconds, resolve));
}

/** Leaves the lock of a run that is dead, or that died on another machine. */
export function leaveLock({ timeline, disk, note }: Machine, { hostname, minutes }: LeftLock): void {
  const renewedAt = new Date(START + timeline.now() - minutes * 60_000).toISOString();
  disk.leave(`${LEDGER}.lock`, JSON.stringify({ ...DEAD, hostname, startedAt: renewedAt, renewedAt }));
  note({ type: "fault", name: `the lock of a dead run: ${hostname} ${minutes}`, at: renewedAt });
}

const DEAD = { pid: 99_999, user: "otto", run: "left-behind" } as const;

/**
 * Puts an older copy in the place of the ledger, the first lines of it, and lets somebody give back by hand what the stage took so
 * far: now old approvals fit again.
 */
export async function putBack(machine: Machine, share: number): Promise<void> {
  const { disk, note, state } = machine;
  // What a killed run had sent still arrives: its intents were written before that.
  await pass(machine, 60_000);
  const lines = (disk.text(LEDGER) ?? "").split("\n").slice(0, -1);
  const text = lines.slice(0, Math.floor(lines.length * share)).map((line) => `${line}\n`);
  disk.leave(LEDGER, text.join(""));
  note({ type: "put-back", text: text.join("") });
  state.actor = "person";
  for (const call of listTaken(machine)) await send(machine, call);
}

/** Memberships that are no more, as calls that make them; what is refused was no loss. */
function listTaken({ state }: Machine): readonly Call[] {
  const known = new Map<string, Operation[2]>();
  const calls: Call[] = [];
  for (const [verb, table, row] of state.transactions.flat()) {
    if (table !== "org_members" && table !== "space_members") continue;
    if (verb === "put") known.set(row.id, row);
    else calls.push(describeMember(known.get(row) as Member));
  }
  // Memberships in spaces need the one in the organization, which went last.
  return calls.toReversed();
}

type Member = RowOf["org_members"] | RowOf["space_members"];

function describeMember(row: Member): Call {
  const place =
    "space_id" in row
      ? `spaces/${encodeURIComponent(row.space_id)}`
      : `organizations/${encodeURIComponent(row.organization_id)}`;
  return {
    method: "POST",
    target: `/v2/${place}/users`,
    body: { user_id: row.user_id, role: { type: "PREDEFINED", name: row.role } },
  };
}
