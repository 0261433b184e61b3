import type { Diagnostic, DiagnosticCode } from "../model/diagnostic.ts";
import { DiagnosedError } from "../model/errors.ts";
import { canonicalJson } from "../model/json.ts";
import type { Clock, Files, Host } from "../model/ports.ts";

export interface LockOptions {
  /** The ledger's path; the lock is a file beside it. */
  readonly path: string;
  readonly files: Files;
  readonly host: Host;
  readonly clock: Clock;
  readonly run: string;
}

/** The right to write to one ledger, until it is given back. */
export interface Lock {
  /** Told when the lock of a run that broke off was taken over. */
  readonly notes: readonly Diagnostic[];
  /** Renews the lease from time to time until the lock is given back. A renewal that fails is tried again at the next time. */
  keep(): void;
  /** Throws a DiagnosedError where the lock may be somebody else's by now: nothing may be written then. */
  ensureHeld(): Promise<void>;
  /** Gives it back, unless somebody else has taken it over meanwhile. */
  release(): Promise<void>;
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
  const path = `${options.path}.lock`;
  const holder = describeHolder(options);
  const text = formatHolder(holder);
  if (await options.files.createExclusive(path, text)) return makeLock(options, { path, holder, notes: [] });
  const found = await readText(options.files, path);
  if (found === undefined) throw refuse("AX506", path, "It was being given back while this run asked for it.");
  const fall = judgeHolder(found, options);
  if (!fall.falls) throw refuse("AX505", path, fall.because);
  await takeOver(options, { path, text, found });
  return makeLock(options, { path, holder, notes: [describeFall(fall.because)] });
}

interface Holder {
  readonly pid: number;
  readonly hostname: string;
  readonly user: string;
  readonly startedAt: string;
  /** Locks of earlier versions were never renewed. */
  readonly renewedAt?: string;
  readonly run: string;
}

function describeHolder({ host, clock, run }: LockOptions): Holder {
  const { pid, hostname, user } = host;
  const startedAt = clock.now().toISOString();
  return { pid, hostname, user, run, startedAt, renewedAt: startedAt };
}

function formatHolder(holder: Holder): string {
  return `${canonicalJson(holder)}\n`;
}

interface Fall {
  readonly falls: boolean;
  readonly because: string;
}

function judgeHolder(text: string, { host, clock, run }: LockOptions): Fall {
  const holder = parseHolder(text);
  if (holder === undefined) return { falls: false, because: "Who holds it cannot be read." };
  const who = `${holder.user} on ${holder.hostname} (process ${holder.pid}, run ${holder.run}) since ${holder.startedAt}`;
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
  lock: { readonly path: string; readonly text: string; readonly found: string },
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
  if (found === undefined || !judgeHolder(found, options).falls) {
    throw refuse("AX506", guard.path, "Another run is taking over a lock that was left behind.");
  }
  await takeOver(options, { ...guard, found });
}

function isOver({ startedAt, renewedAt = startedAt }: Holder, clock: Clock): boolean {
  return clock.now().getTime() - Date.parse(renewedAt) > LEASE_MILLISECONDS;
}

function makeLock(
  { files, clock }: LockOptions,
  taken: { readonly path: string; readonly holder: Holder; readonly notes: readonly Diagnostic[] },
): Lock {
  const { path, notes } = taken;
  const ending = new AbortController();
  let { holder } = taken;
  let isLost = false;
  let keeping: Promise<void> | undefined;
  const isOurs = async (): Promise<boolean> => (await readText(files, path)) === formatHolder(holder);

  const renew = async (): Promise<void> => {
    // Once the lease is over somebody may be taking the lock over at this very moment.
    isLost ||= isOver(holder, clock) || !(await isOurs());
    if (isLost) return;
    const renewed = { ...holder, renewedAt: clock.now().toISOString() };
    await files.replace(path, formatHolder(renewed));
    holder = renewed;
  };
  const renewUntilTheEnd = async (): Promise<void> => {
    while (!isLost) {
      await clock.sleep(RENEWAL_MILLISECONDS, ending.signal);
      if (ending.signal.aborted) return;
      await renew().catch(() => undefined);
    }
  };

  return {
    notes,
    keep: () => {
      keeping ??= renewUntilTheEnd();
    },
    ensureHeld: async () => {
      isLost ||= isOver(holder, clock);
      if (isLost) throw describeLoss(path);
    },
    release: async () => {
      ending.abort();
      await keeping;
      if (await isOurs()) await files.remove(path);
    },
  };
}

async function readText(files: Files, path: string): Promise<string | undefined> {
  if ((await files.size(path)) === undefined) return undefined;
  return new TextDecoder().decode(await files.read(path));
}

function parseHolder(text: string): Holder | undefined {
  try {
    const value = JSON.parse(text) as Holder;
    const texts = [value.hostname, value.user, value.startedAt, value.run];
    const whole = Number.isInteger(value.pid) && texts.every((member) => typeof member === "string");
    return whole ? value : undefined;
  } catch {
    return undefined;
  }
}

function refuse(code: DiagnosticCode, path: string, detail: string): DiagnosedError {
  return new DiagnosedError([
    {
      code,
      severity: "error",
      summary: code === "AX505" ? "The ledger is locked" : "The lock of the ledger is changing hands",
      detail: `${detail} The lock is ${path}.`,
      fix:
        code === "AX505"
          ? "Wait for that run; if it surely is over, remove the lock."
          : "Run again; if it stays, remove the file.",
    },
  ]);
}

function describeLoss(path: string): DiagnosedError {
  return new DiagnosedError([
    {
      code: "AX508",
      severity: "error",
      summary: "The lock of the ledger was lost",
      detail: `It was not renewed for an hour, or somebody else took it over: another run may write to the ledger by now. The lock is ${path}.`,
      fix: "Look at the lock, wait for the run that holds it, and run again: what was under way is settled then.",
    },
  ]);
}

function describeFall(because: string): Diagnostic {
  return {
    code: "AX507",
    severity: "note",
    summary: "A lock that was left behind was taken over",
    detail: because,
  };
}
