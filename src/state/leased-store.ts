import type { LedgerStore, Lock, LockClaim, LockHolder } from "../model/ledger-store.ts";
import { describeFall, describeGrowth, describeHolder, describeLoss, refuseLock } from "./lock-texts.ts";
import { makeRenewal } from "./renewal.ts";

/** The lock as a store on another machine keeps it. */
export interface LeaseRecord {
  /** Grows each time the lock changes hands: what was begun under an older one cannot be written any more. */
  readonly epoch: number;
  /** Differs after each renewal, so that a lock that was just renewed is not taken over. */
  readonly mark: string;
  /** Undefined: nobody. */
  readonly holder: LockHolder | undefined;
  /** Milliseconds since it was taken or renewed last, by the clock of the store. */
  readonly idle: number;
}

/** What a store on another machine can do. Each of them is one atomic act there; where it cannot be done, they throw. */
export interface LeasedBackend {
  /** As LedgerStore has it. */
  readonly shown: string;
  readonly readInPieces: LedgerStore["readInPieces"];
  readLease(): Promise<LeaseRecord | undefined>;
  /** Gives the lock to a holder, or to nobody, in the next epoch; undefined where it is not as it was seen any more. */
  swapLease(seen: LeaseRecord | undefined, holder: LockHolder | undefined): Promise<number | undefined>;
  renewLease(epoch: number): Promise<"held" | "lost">;
  /** Adds whole lines under an epoch, where the end is still there; gives back the new end. */
  append(text: string, at: LeasedEnd): Promise<number | "lost" | "moved">;
  close(): Promise<void>;
}

export interface LeasedEnd {
  readonly epoch: number;
  /** The end as reading gave it, 0 where there was no ledger, or as the last append did. */
  readonly end: number;
}

const MINUTE = 60_000;

/** How long a lock holds from its last renewal on. Somebody who waits for a dead run waits so long at most. */
const LEASE = 3 * MINUTE;

/** Two renewals may fail before the lock is given up. */
const RENEWAL = MINUTE;

/**
 * How long a holder trusts a renewal, from the moment it was asked for, by a clock that only counts. Half a minute less than the
 * store does, for clocks of a store that are not quite the same, and for answers that are told in whole seconds.
 */
const TRUST = LEASE - MINUTE / 2;

/** Makes a store of a backend: the lock is a lease that falls by itself, and whoever lost it can add nothing. */
export function makeLeasedStore(backend: LeasedBackend): LedgerStore {
  let held: HeldLease | undefined;
  return {
    shown: backend.shown,
    readInPieces: backend.readInPieces,
    openEnd: async (seen = 0) => {
      let end = seen;
      return {
        append: async (text) => {
          if (text === "") return;
          if (held === undefined) throw describeLoss(`This run does not hold the lock of ${backend.shown}.`);
          end = await held.append(text, end);
        },
        close: async () => undefined,
      };
    },
    takeLock: async (claim) => {
      held = await takeLease(backend, claim);
      return held;
    },
    findLock: async () => {
      const found = await backend.readLease();
      if (found?.holder === undefined) return undefined;
      return { holder: found.holder, idle: found.idle, isOver: isOver(found) };
    },
    breakLock: ({ run }) => breakLease(backend, run),
    close: backend.close,
  };
}

function isOver({ idle }: LeaseRecord): boolean {
  return idle > LEASE;
}

interface HeldLease extends Lock {
  readonly append: (text: string, end: number) => Promise<number>;
}

async function takeLease(backend: LeasedBackend, claim: LockClaim): Promise<HeldLease> {
  const found = await backend.readLease();
  if (found?.holder !== undefined && !isOver(found)) {
    throw refuseLock(
      "AX505",
      `It is held by ${describeHolder(found.holder)}; renewed ${seconds(found.idle)} ago. The ledger is ${backend.shown}.`,
      `Wait for that run. If it is dead, the lock falls by itself in ${seconds(LEASE - found.idle)}, or at once: axcess unlock`,
    );
  }
  const began = claim.clock.monotonic();
  const epoch = await backend.swapLease(found, makeHolder(claim));
  if (epoch === undefined) {
    throw refuseLock(
      "AX506",
      `Another run took it while this one asked for it. The ledger is ${backend.shown}.`,
      "Run again.",
    );
  }
  const notes =
    found?.holder === undefined
      ? []
      : [
          describeFall(
            `It was held by ${describeHolder(found.holder)}, and was not renewed for ${seconds(found.idle)}.`,
          ),
        ];
  return makeLease(backend, { claim, epoch, began, notes });
}

function makeHolder({ host, clock, run }: LockClaim): LockHolder {
  const { pid, hostname, user } = host;
  return { pid, hostname, user, run, startedAt: clock.now().toISOString() };
}

function makeLease(
  backend: LeasedBackend,
  taken: Pick<Lock, "notes"> & { readonly claim: LockClaim; readonly epoch: number; readonly began: number },
): HeldLease {
  const {
    epoch,
    notes,
    claim: { clock },
  } = taken;
  let sure = taken.began;
  /** The same moment by the calendar, which goes on where a machine sleeps. */
  let sureAt = clock.now().getTime();
  let isLost = false;
  const loss = (): Error => {
    isLost = true;
    return describeLoss(
      `It was not renewed for ${seconds(TRUST)}, or somebody else took it over: another run may write to the ledger by now. The ledger is ${backend.shown}.`,
    );
  };
  const renew = async (): Promise<boolean> => {
    const [began, beganAt] = [clock.monotonic(), clock.now().getTime()];
    const answer = await backend.renewLease(epoch);
    if (answer === "lost") isLost = true;
    else [sure, sureAt] = [began, beganAt];
    return answer !== "lost";
  };
  const renewal = makeRenewal(clock, RENEWAL, renew);
  /** What several wait for is asked once. */
  let asking: Promise<unknown> | undefined;
  const askStore = async (): Promise<void> => {
    asking ??= renew().finally(() => {
      asking = undefined;
    });
    await asking;
  };
  return {
    notes,
    keep: renewal.start,
    ensureHeld: async () => {
      if (isLost || clock.monotonic() - sure > TRUST) throw loss();
      // The clock that only counts stands still while a machine sleeps. The calendar decides nothing, but makes ask.
      if (Math.abs(clock.now().getTime() - sureAt) > TRUST) await askStore();
      if (isLost) throw loss();
    },
    append: async (text, end) => {
      const added = await backend.append(text, { epoch, end });
      if (added === "lost") throw loss();
      if (added === "moved") throw describeGrowth(backend.shown);
      return added;
    },
    release: async () => {
      await renewal.stop();
      // Where the store cannot be reached the lock falls by itself, and what the run came to is what counts.
      await giveBack(backend, epoch).catch(() => undefined);
    },
  };
}

async function giveBack(backend: LeasedBackend, epoch: number): Promise<void> {
  const found = await backend.readLease();
  if (found?.epoch === epoch) await backend.swapLease(found, undefined);
}

/** A renewal may come between looking and taking away: then it is looked again. */
async function breakLease(backend: LeasedBackend, run: string): Promise<boolean> {
  for (;;) {
    const found = await backend.readLease();
    if (found?.holder?.run !== run) return false;
    if ((await backend.swapLease(found, undefined)) !== undefined) return true;
  }
}

function seconds(milliseconds: number): string {
  const number = Math.max(0, Math.ceil(milliseconds / 1000));
  return number === 1 ? "1 second" : `${number} seconds`;
}
