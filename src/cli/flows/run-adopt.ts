import { requireLedgerAccount } from "../../engine/ledger-account.ts";
import { requireInWorld } from "../../engine/read-question.ts";
import { identifyAccount } from "../../engine/read-sight.ts";
import { settleRun } from "../../engine/settle-run.ts";
import { systemHost } from "../../host/system-host.ts";
import { KINDS } from "../../kinds/registry.ts";
import { type Address, compileAddressPattern, parseAddress } from "../../model/address.ts";
import { UsageError } from "../../model/errors.ts";
import { isSameJson } from "../../model/json.ts";
import type { AccountIdentity, LedgerEntry } from "../../model/ledger.ts";
import type { Memory, Observation } from "../../model/plan.ts";
import { type RemoteRef, remoteOf, type Spec } from "../../model/resource.ts";
import { makeDesired } from "../../state/desired.ts";
import { showLocation } from "../../state/ledger-location.ts";
import { observeAccount } from "../../state/observe.ts";
import { selectPlaceReads } from "../../state/place-reads.ts";
import { openReading, refuseOtherTimes } from "../context.ts";
import { EXIT } from "../exit.ts";
import { hearIn } from "../hear-in.ts";
import { runInterruptibly } from "../interruption.ts";
import { loadInputs } from "../load-inputs.ts";
import { findLedger } from "../manifest-home.ts";
import { checkAccount } from "../plans/plan-account.ts";
import { renderDiagnostics } from "../render/diagnostics-text.ts";
import { harmless } from "../render/harmless.ts";
import { type Run, withRun } from "../runs/open-run.ts";
import type { Outcome, Session } from "../session.ts";

/** Writes into the ledger that what fits the patterns is ours. The account is only read. */
export async function runAdopt(session: Session, patterns: readonly string[]): Promise<Outcome> {
  refuseOtherTimes(session);
  for (const pattern of patterns) checkPattern(pattern);
  const { manifest, diagnostics } = await loadInputs(session);
  return await runInterruptibly(session, (signal) =>
    withRun(session, async (run) => {
      refuseDoubts(run);
      const reading = await openReading(session, signal);
      try {
        await checkAccount(manifest, reading.reader);
        const selection = selectPlaceReads(patterns);
        const observation = await observeAccount({ reader: reading.reader, kinds: KINDS, selection });
        session.tell(renderDiagnostics(observation.notes, session.errorPaint));
        const account = identifyAccount(reading, observation);
        requireLedgerAccount(run.ledger.memory(), account);
        const desired = makeDesired({ manifest, kinds: KINDS, now: session.clock.now() });
        const memory = await settleRun(run, { observation, desired, isOurs: () => true }, hearIn(session));
        const adoption = chooseAdoption(listFitting(patterns, observation), memory);
        await recordAdoption(run, adoption, { ...observation, account });
        session.print(await describeAdoption(session, adoption));
        const { adopted, known } = adoption;
        const document = { adopted: adopted.map(({ address }) => address), known };
        return { exit: EXIT.done, diagnostics: [...diagnostics, ...observation.notes], document };
      } finally {
        await reading.close();
      }
    }),
  );
}

/** What broke off between a secret and its place is for an apply to make worthless: adopted it would live on. */
function refuseDoubts(run: Run): void {
  const doubts = run.ledger
    .memory()
    .inDoubt.filter(({ kind }) => KINDS.some(({ name, secrets }) => name === kind && secrets !== undefined));
  const [first] = doubts;
  if (first === undefined) return;
  throw new UsageError(
    `An earlier run broke off at ${harmless(first.address)}, whose secret may have reached nobody.`,
    "Run axcess apply first: it settles that.",
  );
}

const KIND_NAMES: readonly string[] = KINDS.map(({ name }) => name);

function checkPattern(pattern: string): void {
  const parsed = parseAddress(pattern);
  if (parsed !== undefined && (parsed.kind === "*" || KIND_NAMES.includes(parsed.kind))) return;
  throw new UsageError(
    `"${harmless(pattern)}" is no address and no pattern of addresses.`,
    `Write a kind and names, such as "space:Platform Team/*". The kinds are ${KIND_NAMES.join(", ")}.`,
  );
}

interface Found {
  readonly address: Address;
  readonly remote: RemoteRef;
  readonly spec: Spec;
}

/** What fits the patterns, in the order of the account. Throws UsageError where one fits nothing that could be anybody's. */
function listFitting(patterns: readonly string[], { world }: Observation): readonly Found[] {
  const tests = patterns.map((pattern) => {
    if (!pattern.includes("*")) requireInWorld(pattern as Address, world);
    return { pattern, fits: compileAddressPattern(pattern) };
  });
  const found = [...world.values()].flatMap((resource) => {
    const remote = remoteOf(resource);
    const isOurs = resource.builtin !== true && tests.some(({ fits }) => fits(resource.address));
    return isOurs && remote !== undefined ? [{ address: resource.address, remote, spec: resource.spec }] : [];
  });
  const idle = tests.find(({ fits }) => !found.some(({ address }) => fits(address)));
  if (idle === undefined) return found;
  throw new UsageError(
    idle.pattern.includes("*")
      ? `Nothing in the account fits ${harmless(idle.pattern)}.`
      : `${harmless(idle.pattern)} belongs to the platform, or to a service key: it cannot be adopted.`,
  );
}

interface Adoption {
  readonly adopted: readonly Found[];
  /** What the ledger has as ours already. */
  readonly known: readonly Address[];
}

function chooseAdoption(found: readonly Found[], { owned, lastWritten }: Memory): Adoption {
  const isKnown = ({ address, remote }: Found): boolean => isSameJson(owned.get(address), remote);
  // What the account does not show, and was written before, is remembered still.
  const rememberHidden = (each: Found): Found => {
    const written = lastWritten.get(each.address);
    return isSameJson(written?.remote, each.remote) ? { ...each, spec: { ...written?.spec, ...each.spec } } : each;
  };
  return {
    adopted: found.filter((each) => !isKnown(each)).map(rememberHidden),
    known: found.filter(isKnown).map(({ address }) => address),
  };
}

async function recordAdoption(
  { id, ledger }: Run,
  { adopted }: Adoption,
  { caller, account }: Observation & { readonly account: AccountIdentity },
): Promise<void> {
  if (adopted.length === 0) return;
  const by = caller.email ?? `${systemHost.user}@${systemHost.hostname}`;
  const entries = adopted.map((each): LedgerEntry => ({ type: "adoption", run: id, ...each }));
  await ledger.append([
    { type: "run", run: id, command: "adopt", by, flags: [], account },
    ...entries,
    { type: "end", run: id, exit: EXIT.done },
  ]);
}

async function describeAdoption(session: Session, { adopted, known }: Adoption): Promise<string> {
  const lines = adopted.map(({ address }) => `adopted  ${harmless(address)}`);
  const already = known.length === 0 ? "" : `; ${known.length} ${known.length === 1 ? "was" : "were"} already`;
  const place = adopted.length === 0 ? "" : ` Written to ${harmless(showLocation(await findLedger(session)))}.`;
  return [...lines, `${adopted.length} adopted${already}.${place}`].map((line) => `${line}\n`).join("");
}
