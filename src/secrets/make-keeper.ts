import { isAbsolute, join } from "node:path";
import type { SecretKeeper } from "../apply/apply-plan.ts";
import type { Address } from "../model/address.ts";
import type { Step } from "../model/change.ts";
import type { LedgerLine } from "../model/ledger.ts";
import type { Files, Programs } from "../model/ports.ts";
import { describeSink, type Secret, type SecretSink } from "../model/secret.ts";
import { whyNotWritable } from "./check-place.ts";
import { hasVariable, setVariable } from "./dotenv.ts";

/** What keeping secrets needs of the outside. */
export interface KeeperOptions {
  readonly files: Files;
  readonly programs: Programs;
  /** Variables that hold the account's own key: no business of the programs that take secrets. */
  readonly keyVariables: readonly string[];
  /** The folder that paths in the manifest are read from. */
  readonly home: string;
  /** Where the manifest wants each secret. */
  readonly sinks: ReadonlyMap<Address, SecretSink>;
  /** The ledger before the steps of this run: what axcess put somewhere, it may write over. Asked for where a place is taken. */
  readonly history: () => Promise<readonly LedgerLine[]>;
}

/** Only its owner may read what holds a secret. */
const PRIVATE = 0o600;

/** Puts secrets where the manifest wants them, one after the other, since two may go into one file. */
export function makeKeeper(options: KeeperOptions): SecretKeeper {
  const { sinks } = options;
  let last: Promise<void> = Promise.resolve();
  return {
    whyNotReady: async (step) => {
      const sink = sinks.get(step.address);
      return sink === undefined ? "The manifest names no place for its secret." : whyNotReady(step, sink, options);
    },
    deliver: (step, secret) => {
      const delivery = last.then(() => deliver(sinks.get(step.address), secret, options));
      last = delivery.catch(() => undefined);
      return delivery;
    },
  };
}

async function whyNotReady(step: Step, sink: SecretSink, options: KeeperOptions): Promise<string | undefined> {
  const { files, home } = options;
  const path = pathOf(sink);
  if (path === undefined) return undefined;
  const because = await whyNotWritable(files, home, path);
  if (because !== undefined) return because;
  const place = within(home, path);
  if ((await files.size(place)) === undefined) return undefined;
  if (sink.to === "env" && !hasVariable(await readText(files, place), sink.name)) return undefined;
  const lines = await options.history();
  if (mayOverwrite(step, sink, lines)) return undefined;
  const what = sink.to === "env" ? `${sink.name} in ${path}` : path;
  const holder = findHolder(sink, lines);
  if (holder?.isGone === true) return undefined;
  // What another key is still used with can be shown to nobody again.
  const whose = holder ? `with the secret of ${holder.address}` : "and axcess did not put it there";
  return `${what} is there already, ${whose}. Move it away, or name another place.`;
}

/** How the ledger says that something is gone. */
const GONE: ReadonlySet<string> = new Set(["done", "absent", "settled-done"]);

/** Whose secret axcess put into a place last, or meant to, and whether the ledger says that this is gone since. */
function findHolder(
  sink: SecretSink,
  lines: readonly LedgerLine[],
): { readonly address: Address; readonly isGone: boolean } | undefined {
  const words = describeSink(sink);
  const at = lines.findLastIndex(({ entry }) => entry.type === "intent" && entry.to?.["secret"] === words);
  const put = lines[at]?.entry;
  if (put?.type !== "intent") return undefined;
  return { address: put.address, isGone: isGoneBy(lines.slice(at + 1), put.address) };
}

/** True where something was deleted, by itself or with what it is in. */
function isGoneBy(lines: readonly LedgerLine[], address: Address): boolean {
  const takers = new Set<Address>();
  return lines.some(({ entry }) => {
    if (entry.type === "outcome") return takers.has(entry.address) && GONE.has(entry.result);
    if (entry.type !== "intent") return false;
    const takes = entry.op === "delete" && [entry.address, ...(entry.cascade ?? [])].includes(address);
    if (takes) takers.add(entry.address);
    else takers.delete(entry.address);
    return false;
  });
}

async function deliver(sink: SecretSink | undefined, secret: Secret, options: KeeperOptions): Promise<void> {
  const { files, home } = options;
  if (sink === undefined) throw new Error("The manifest names no place for its secret.");
  const path = pathOf(sink);
  // Asked again, since the disk may have changed meanwhile.
  const because = path === undefined ? undefined : await whyNotWritable(files, home, path);
  if (because !== undefined) throw new Error(because);
  switch (sink.to) {
    case "file":
      return files.replace(within(home, sink.path), secret(), PRIVATE);
    case "env": {
      const place = within(home, sink.file);
      const text = (await files.size(place)) === undefined ? "" : await readText(files, place);
      return files.replace(place, setVariable(text, sink.name, secret()), PRIVATE);
    }
    case "command":
      return runProgram(sink.command, secret, options);
    case "github":
      return runProgram(["gh", "secret", "set", sink.name, "--repo", sink.repo], secret, options);
  }
}

async function runProgram(
  argv: readonly string[],
  secret: Secret,
  { programs, home, keyVariables }: KeeperOptions,
): Promise<void> {
  const code = await programs.run(argv, secret(), { folder: home, without: keyVariables });
  if (code !== 0) throw new Error(`${argv[0]} ended ${code === undefined ? "before it was done" : `with ${code}`}.`);
}

/** What axcess put into a place, or meant to after it had found the place free, it may write over. */
function mayOverwrite(step: Step, sink: SecretSink, lines: readonly LedgerLine[]): boolean {
  if (step.op === "update" && step.fields.every(({ field }) => field !== "secret")) return true;
  const words = describeSink(sink);
  const id = step.remote?.["id"];
  const names = new Set([step.address]);
  // Where the space was renamed, the same key was made under another address.
  for (const { entry } of lines) {
    if (entry.type === "outcome" && id !== undefined && entry.remote?.["id"] === id) names.add(entry.address);
  }
  return lines.some(
    ({ entry }) => entry.type === "intent" && names.has(entry.address) && entry.to?.["secret"] === words,
  );
}

function pathOf(sink: SecretSink): string | undefined {
  if (sink.to === "file") return sink.path;
  return sink.to === "env" ? sink.file : undefined;
}

function within(home: string, path: string): string {
  return isAbsolute(path) ? path : join(home, path);
}

async function readText(files: Files, path: string): Promise<string> {
  return new TextDecoder().decode(await files.read(path));
}
