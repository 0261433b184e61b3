import { systemHost } from "../../host/system-host.ts";
import { DiagnosedError } from "../../model/errors.ts";
import type { FoundLock, LedgerStore, LockHolder } from "../../model/ledger-store.ts";
import { openStore } from "../../state/open-store.ts";
import { EXIT } from "../exit.ts";
import { findLedgerPlace } from "../manifest-home.ts";
import { canAsk, openPrompt } from "../prompt.ts";
import { renderDiagnostics } from "../render/diagnostics-text.ts";
import { harmless } from "../render/harmless.ts";
import type { Outcome, Session } from "../session.ts";

/** Tells whose the lock of the ledger is, and takes it away from the run that a person names, or types. */
export async function runUnlock(session: Session, run: string | undefined): Promise<Outcome> {
  const store = await openStore(await findLedgerPlace(session));
  try {
    const found = await store.findLock({ host: systemHost, clock: session.clock });
    const ledger = store.shown;
    if (found === undefined) {
      session.print(`Nobody holds the lock of the ledger at ${harmless(ledger)}.\n`);
      return { exit: EXIT.done, diagnostics: [], document: { ledger, released: false } };
    }
    session.print(describeLock(found, ledger));
    return await releaseFound(session, store, { found, run });
  } finally {
    await store.close();
  }
}

/** Releases the lock that was found. A refusal tells whose it is as well: with `--json` nothing else would. */
async function releaseFound(
  session: Session,
  store: LedgerStore,
  { found, run }: { readonly found: FoundLock; readonly run: string | undefined },
): Promise<Outcome> {
  const document = { ledger: store.shown, lock: toldOf(found) };
  try {
    const holder = requireReleasable(found);
    const named = run ?? (await askForRun(session));
    if (named === undefined) {
      session.tell(`It was not released. To release it: axcess unlock --run ${harmless(holder.run)}\n`);
      return { exit: EXIT.error, diagnostics: [], document: { ...document, released: false } };
    }
    await release(session, store, named);
    session.print(`The lock of ${harmless(holder.run)} is released.\n`);
    return { exit: EXIT.done, diagnostics: [], document: { ...document, released: true } };
  } catch (error) {
    if (!(error instanceof DiagnosedError)) throw error;
    const { diagnostics } = error;
    session.io.stderr.write(renderDiagnostics(diagnostics, session.errorPaint));
    return { exit: EXIT.error, diagnostics, document: { ...document, released: false } };
  }
}

/** The holder that may lose the lock. A run on this machine that is at work is not argued with. */
function requireReleasable({ holder }: FoundLock): LockHolder {
  if (holder === undefined) {
    throw refuse("Who holds it cannot be read, so no run can be named.", "Remove the file of the lock by hand.");
  }
  const { hostname, pid } = holder;
  if (hostname === systemHost.hostname && pid !== systemHost.pid && systemHost.isAlive(pid)) {
    throw refuse(`Process ${pid} is at work on this machine.`, "Wait for it, or end it first: it gives the lock back.");
  }
  return holder;
}

async function askForRun(session: Session): Promise<string | undefined> {
  if (!canAsk(session)) return undefined;
  const prompt = openPrompt(session, new AbortController().signal);
  try {
    session.io.stderr.write("If that run is still at work somewhere, it will stop half-way.\n");
    const answer = await prompt.ask("Type the id of the run to release its lock: ");
    return answer === "" ? undefined : answer;
  } finally {
    await prompt.close();
  }
}

async function release(session: Session, store: LedgerStore, run: string): Promise<void> {
  const claim = { host: systemHost, clock: session.clock, run };
  if (await store.breakLock(claim)) return;
  throw refuse(`The lock is not that of the run "${harmless(run)}".`, "Look whose it is now: axcess unlock");
}

function refuse(detail: string, fix: string): DiagnosedError {
  return new DiagnosedError([
    { code: "AX514", severity: "error", summary: "The lock of the ledger was not released", detail, fix },
  ]);
}

function describeLock({ holder, idle, isOver }: FoundLock, ledger: string): string {
  const lines = [
    `The ledger at ${harmless(ledger)} is locked.`,
    ...(holder === undefined
      ? []
      : [
          `  run      ${harmless(holder.run)}`,
          `  by       ${harmless(holder.user)} on ${harmless(holder.hostname)}, process ${holder.pid}`,
          `  since    ${harmless(holder.startedAt)}`,
          `  renewed  ${describeIdle(idle)}`,
          `  over     ${isOver ? "yes: the next run takes it over by itself" : "no"}`,
        ]),
  ];
  return `${lines.join("\n")}\n`;
}

function describeIdle(idle: number | undefined): string {
  const seconds = Math.max(0, Math.round((idle ?? 0) / 1000));
  return seconds === 1 ? "1 second ago" : `${seconds} seconds ago`;
}

function toldOf({ holder, idle, isOver }: FoundLock): Readonly<Record<string, unknown>> {
  return { ...holder, ...(idle !== undefined && { idle_seconds: Math.max(0, Math.round(idle / 1000)) }), over: isOver };
}
