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
  /** Gives it back, unless somebody else has taken it over meanwhile. */
  release(): Promise<void>;
}

/** How long the lock of another machine, whose processes cannot be seen from here, holds. */
const LEASE_MILLISECONDS = 60 * 60 * 1000;

/**
 * Takes the lock of a ledger, or throws a DiagnosedError that names its holder. A lock falls by itself when its process on this
 * machine is dead, or when it is another machine's and more than an hour old: no apply may run longer than that elsewhere.
 */
export async function takeLock(options: LockOptions): Promise<Lock> {
  const path = `${options.path}.lock`;
  const text = formatHolder(options);
  if (await options.files.createExclusive(path, text)) return makeLock(options.files, { path, text, notes: [] });
  const found = await readText(options.files, path);
  if (found === undefined) throw refuse("AX506", path, "It was being given back while this run asked for it.");
  const fall = judgeHolder(found, options);
  if (!fall.falls) throw refuse("AX505", path, fall.because);
  await takeOver(options.files, { path, text, found });
  return makeLock(options.files, { path, text, notes: [describeFall(fall.because)] });
}

interface Holder {
  readonly pid: number;
  readonly hostname: string;
  readonly user: string;
  readonly startedAt: string;
  readonly run: string;
}

function formatHolder({ host, clock, run }: LockOptions): string {
  const { pid, hostname, user } = host;
  return `${canonicalJson({ pid, hostname, user, run, startedAt: clock.now().toISOString() } satisfies Holder)}\n`;
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
  const age = clock.now().getTime() - Date.parse(holder.startedAt);
  return age > LEASE_MILLISECONDS
    ? { falls: true, because: `It was held by ${who}; that is more than an hour ago.` }
    : { falls: false, because: `It is held by ${who}.` };
}

/**
 * Replaces a fallen lock. A second file guards this, since two runs that find the same fallen lock could else each remove it,
 * the slower one the other's new lock.
 */
async function takeOver(
  files: Files,
  lock: { readonly path: string; readonly text: string; readonly found: string },
): Promise<void> {
  const guard = `${lock.path}.takeover`;
  if (!(await files.createExclusive(guard, lock.text))) {
    throw refuse("AX506", guard, "Another run is taking over a lock that was left behind.");
  }
  try {
    if ((await readText(files, lock.path)) === lock.found) await files.remove(lock.path);
    if (!(await files.createExclusive(lock.path, lock.text))) {
      throw refuse("AX506", lock.path, "Another run took over the lock that was left behind.");
    }
  } finally {
    await files.remove(guard);
  }
}

function makeLock(
  files: Files,
  own: { readonly path: string; readonly text: string; readonly notes: readonly Diagnostic[] },
): Lock {
  return {
    notes: own.notes,
    release: async () => {
      if ((await readText(files, own.path)) === own.text) await files.remove(own.path);
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

function describeFall(because: string): Diagnostic {
  return {
    code: "AX507",
    severity: "note",
    summary: "A lock that was left behind was taken over",
    detail: because,
  };
}
