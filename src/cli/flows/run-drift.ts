import { checkAssertions } from "../../access/assertions.ts";
import { findRecords, type LastRecord } from "../../engine/find-records.ts";
import { lookAtPart } from "../../engine/look-at-part.ts";
import { KINDS } from "../../kinds/registry.ts";
import type { AssertionFailure } from "../../model/assertion.ts";
import { UsageError } from "../../model/errors.ts";
import type { Shard } from "../../model/shard.ts";
import { type Drift, type DriftItem, findDrift } from "../../plan/find-drift.ts";
import { openReading } from "../context.ts";
import { takeDrift } from "../edits/take-drift.ts";
import { emitDrift } from "../events/drift-events.ts";
import { emitFailures } from "../events/plan-events.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { spellGlobals } from "../flags/globals.ts";
import type { DriftFormat } from "../flags/plan-formats.ts";
import { loadInputs } from "../load-inputs.ts";
import { readAccount, recallReading } from "../plans/plan-account.ts";
import { writeDrift } from "../plans/write-drift.ts";
import { renderDiagnostics } from "../render/diagnostics-text.ts";
import { renderUnread } from "../render/verdict-text.ts";
import type { Outcome, Session } from "../session.ts";

/** What `drift` was asked for. */
export interface DriftRequest {
  readonly write: boolean;
  readonly formats: readonly DriftFormat[];
  /** The part of the account that is looked at; undefined: all of it. */
  readonly shard?: Shard | undefined;
}

/** Tells what on the account is otherwise than axcess left it, or takes it into the manifest. It is only ever handed a reader. */
export async function runDrift(session: Session, { write, formats, shard }: DriftRequest): Promise<Outcome> {
  refuseMixing({ write, formats, shard });
  const { manifest, diagnostics } = await loadInputs(session);
  const reading = await openReading(session);
  try {
    const memory = await recallReading(session, { manifest });
    if (memory.lastWritten.size === 0) {
      session.tell("The ledger tells of nothing that axcess wrote here: nothing can be told as changed or missing.\n");
    }
    const sight = lookAtPart(await readAccount(session, { manifest, reading, memory, shard }), memory);
    const drift = findDrift({ ...sight, memory, kinds: KINDS });
    const failures = checkAssertions(sight.desired.assertions, sight.observation.world, manifest.policy.assume);
    const { records, because } = await findRecords(reading.reader, drift, sight.observation);
    const view = { drift, failures, records, because, flags: spellGlobals(session.globals) };
    emitDrift(session.events, drift, records);
    emitFailures(session.events, failures);
    await writeDrift(session, { view, formats, account: sight.account, document: describe(drift, records) });
    session.tell(renderUnread(drift.unread));
    session.tell(renderDiagnostics(drift.notes, session.errorPaint));
    const changes = write ? await takeDrift(session, { drift, sight, memory }) : undefined;
    const left = write ? drift.items.filter(({ sort }) => sort === "expired") : drift.items;
    return {
      exit: driftExit({ ...drift, items: left }, failures),
      diagnostics: [...diagnostics, ...sight.observation.notes, ...drift.notes],
      document: { ...describe(drift, records), assertions: failures, ...(changes && { changes }) },
    };
  } finally {
    await reading.close();
  }
}

/** What is written into the manifest is told on stdout, where a program would read a document; and it is planned as a whole. */
function refuseMixing({ write, formats, shard }: DriftRequest): void {
  if (write && shard !== undefined) {
    throw new UsageError(
      "--write is for the whole account.",
      "Leave --shard out, or look at the drift of the part without --write.",
    );
  }
  if (!write || formats.every(({ format, file }) => format === "text" || file !== undefined)) return;
  throw new UsageError("--write and --format both want stdout.", "Give the format a file: --format markdown=drift.md");
}

/** What is seen to be wrong is told by the exit code, however much was not seen. */
function driftExit({ items, unread }: Drift, failures: readonly AssertionFailure[]): ExitCode {
  if (failures.length > 0) return EXIT.held;
  if (items.length > 0) return EXIT.changes;
  return unread.length > 0 ? EXIT.incomplete : EXIT.done;
}

function describe(
  { items, ahead, unread }: Drift,
  records: ReadonlyMap<DriftItem, LastRecord>,
): Readonly<Record<string, unknown>> {
  return { drift: items.map((item) => ({ ...item, lastRecorded: records.get(item) })), ahead, unread };
}
