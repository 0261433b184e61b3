import { canonicalJson } from "../model/json.ts";
import type { FoundLock, Lock, LockClaim, LockHolder } from "../model/ledger-store.ts";
import type { Clock, Files } from "../model/ports.ts";
import { describeFall, describeHolder, describeLoss, parseHolder, refuseLock } from "./lock-texts.ts";
import { makeRenewal } from "./renewal.ts";

export interface LockOptions extends LockClaim {
  /** The ledger's path; the lock is a file beside it. */
  readonly path: string;
  readonly files: Files;
}

/** How long the lock of another machine, whose processes cannot be seen from here, holds from its last renewal on. */
const LEASE_MILLISECONDS = 60 * 60 * 1000;

/** How long after a renewal the next one is: several may fail before the lease is over. */
const RENEWAL_MILLISECONDS = LEASE_MILLISECONDS / 4;

/**
 * Takes the lock of a ledger, or throws a DiagnosedError that names its holder. A lock falls by itself when its process on this
 * machine is dead, or when it is another machine's and was not renewed for more than an hour.
 */
export async function takeLock(options: LockOptions): Promise<Lock> {
  const path = lockPath(options);
  const holder = makeHolder(options);
  const text = formatHolder(holder);
  if (await options.files.createExclusive(path, text)) return makeLock(options, { path, holder, notes: [] });
  const found = await readText(options.files, path);
  if (found === undefined) throw refuse("AX506", path, "It was being given back while this run asked for it.");
  const fall = judgeHolder(found, options);
  if (!fall.falls) throw refuse("AX505", path, fall.because);
  await takeOver(options, { path, text, found });
  return makeLock(options, { path, holder, notes: [describeFall(fall.because)] });
}

/** The lock as it lies beside the ledger; undefined where there is none. */
export async function findLock(options: Omit<LockOptions, "run">): Promise<FoundLock | undefined> {
  const text = await readText(options.files, lockPath(options));
  if (text === undefined) return undefined;
  const holder = parseFileHolder(text);
  if (holder === undefined) return { holder, idle: undefined, isOver: false };
  return { holder, idle: idleOf(holder, options.clock), isOver: judgeHolder(text, options).falls };
}

/** Removes the lock of a run, under the guard of those that take over; false where that run does not hold it. */
export async function breakLock(options: LockOptions): Promise<boolean> {
  const { files, run } = options;
  const path = lockPath(options);
  const guard = `${path}.takeover`;
  await takeGuard(options, { path: guard, text: formatHolder(makeHolder(options)) });
  try {
    if ((await findHolder(files, path))?.run !== run) return false;
    await files.remove(path);
    return true;
  } finally {
    await files.remove(guard);
  }
}

function lockPath({ path }: Pick<LockOptions, "path">): string {
  return `${path}.lock`;
}

interface FileHolder extends LockHolder {
  /** Locks of earlier versions were never renewed. */
  readonly renewedAt?: string;
}

function parseFileHolder(text: string | undefined): FileHolder | undefined {
  return parseHolder(text);
}

function makeHolder({ host, clock, run }: LockOptions): FileHolder {
  const { pid, hostname, user } = host;
  const startedAt = clock.now().toISOString();
  return { pid, hostname, user, run, startedAt, renewedAt: startedAt };
}

function formatHolder(holder: FileHolder): string {
  return `${canonicalJson(holder)}\n`;
}

interface Fall {
  readonly falls: boolean;
  readonly because: string;
}

/** Whether a lock falls to a run, or to whoever asks. */
function judgeHolder(
  text: string | undefined,
  { host, clock, run }: Omit<LockClaim, "run"> & { readonly run?: string },
): Fall {
  const holder = parseFileHolder(text);
  if (holder === undefined) return { falls: false, because: "Who holds it cannot be read." };
  const who = describeHolder(holder);
  if (holder.hostname === host.hostname) {
    // In a container every run may have the same number: a lock under our own number is of a run before us.
    const dead = holder.pid === host.pid ? holder.run !== run : !host.isAlive(holder.pid);
    return dead
      ? { falls: true, because: `It was held by ${who}; that process is gone.` }
      : { falls: false, because: `It is held by ${who}; that process lives.` };
  }
  return isOver(holder, clock)
    ? { falls: true, because: `It was held by ${who}, and was not renewed for more than an hour.` }
    : { falls: false, because: `It is held by ${who}.` };
}

/**
 * Replaces a fallen lock. A second file guards this, since two runs that find the same fallen lock could else each remove it,
 * the slower one the other's new lock.
 */
async function takeOver(
  options: LockOptions,
  lock: { readonly path: string; readonly text: string; readonly found: string | undefined },
): Promise<void> {
  const { files } = options;
  const guard = `${lock.path}.takeover`;
  await takeGuard(options, { path: guard, text: lock.text });
  try {
    if ((await readText(files, lock.path)) === lock.found) await files.remove(lock.path);
    if (!(await files.createExclusive(lock.path, lock.text))) {
      throw refuse("AX506", lock.path, "Another run took over the lock that was left behind.");
    }
  } finally {
    await files.remove(guard);
  }
}

/** A run that is killed while it takes a lock over leaves its guard behind. That falls as a lock does, under a guard of its own. */
async function takeGuard(options: LockOptions, guard: { readonly path: string; readonly text: string }): Promise<void> {
  const { files } = options;
  if (await files.createExclusive(guard.path, guard.text)) return;
  const found = await readText(files, guard.path);
  if (!judgeHolder(found, options).falls) {
    throw refuse("AX506", guard.path, "Another run is taking over a lock that was left behind.");
  }
  await takeOver(options, { ...guard, found });
}

function isOver(holder: FileHolder, clock: Clock): boolean {
  return idleOf(holder, clock) > LEASE_MILLISECONDS;
}

function idleOf({ startedAt, renewedAt = startedAt }: FileHolder, clock: Clock): number {
  return clock.now().getTime() - Date.parse(renewedAt);
}

function makeLock(
  { files, clock }: LockOptions,
  taken: Pick<Lock, "notes"> & { readonly path: string; readonly holder: FileHolder },
): Lock {
  const { path, notes } = taken;
  let { holder } = taken;
  let isLost = false;
  let seenOurs: string | undefined;
  const isOurs = async (): Promise<boolean> => {
    // Asked around every write of the ledger: what is as it was when it was read need not be read again.
    const stamp = await files.stamp?.(path);
    if (stamp !== undefined && stamp === seenOurs) return true;
    const isHeldByUs = (await findHolder(files, path))?.run === holder.run;
    seenOurs = isHeldByUs ? stamp : undefined;
    return isHeldByUs;
  };
  const renewal = makeRenewal(clock, RENEWAL_MILLISECONDS, async () => {
    // Once the lease is over somebody may be taking the lock over at this very moment.
    isLost ||= isOver(holder, clock) || !(await isOurs());
    // Stryker disable next-line BooleanLiteral: what is lost stays lost, and is not even looked at when asked again.
    if (isLost) return false;
    const renewed = { ...holder, renewedAt: clock.now().toISOString() };
    await files.replace(path, formatHolder(renewed));
    holder = renewed;
    return true;
  });

  return {
    notes,
    keep: renewal.start,
    ensureHeld: async () => {
      isLost ||= isOver(holder, clock) || !(await isOurs());
      if (isLost) {
        throw describeLoss(
          `It was not renewed for an hour, or somebody else took it over: another run may write to the ledger by now. The lock is ${path}.`,
        );
      }
    },
    release: async () => {
      await renewal.stop();
      if (await isOurs()) await files.remove(path);
    },
  };
}

async function findHolder(files: Files, path: string): Promise<FileHolder | undefined> {
  return parseFileHolder(await readText(files, path));
}

async function readText(files: Files, path: string): Promise<string | undefined> {
  if ((await files.size(path)) === undefined) return undefined;
  return new TextDecoder().decode(await files.read(path));
}

function refuse(code: "AX505" | "AX506", path: string, detail: string): Error {
  const fix =
    code === "AX505"
      ? "Wait for that run; if it surely is over, release the lock: axcess unlock"
      : "Run again; if it stays, remove the file.";
  return refuseLock(code, `${detail} The lock is ${path}.`, fix);
}
