import type { Address } from "../model/address.ts";
import { canonicalJson, isSameJson } from "../model/json.ts";
import type { CheckpointEntry, PartPosition, RememberedEntry, RememberedThing } from "../model/ledger.ts";
import type { RemoteRef, Spec } from "../model/resource.ts";
import { divide } from "./ledger-parts.ts";
import { type Recalling, type Recollection, startRecalling } from "./memory.ts";

/** A line of some 15 kB: what is a hundred times as long as other lines takes memory of another kind, which is given back late. */
const THINGS_IN_A_LINE = 100;

/** Before so many lines a checkpoint is not worth its own length. */
export const LEAST_LINES = 1000;

/**
 * Whether so many lines since the last checkpoint are worth another one. As each is about as long as what is remembered, they come
 * when as many lines came: all of them together are no longer than the rest of the ledger.
 */
export function isCheckpointDue(lines: number, { owned }: Recollection, least: number): boolean {
  return lines >= Math.max(least, owned.size);
}

/** What is remembered of addresses, as it is written down before a checkpoint. */
export function listRemembered(
  { owned, lastWritten }: Pick<Recollection, "owned" | "lastWritten">,
  run: string,
): readonly RememberedEntry[] {
  const known: readonly KnownThing[] = [
    ...[...owned].map(([address, remote]) => ({ address, owned: remote, written: lastWritten.get(address) })),
    ...[...lastWritten].flatMap(([address, written]) =>
      owned.has(address) ? [] : [{ address, owned: undefined, written }],
    ),
  ];
  const entries: RememberedEntry[] = [];
  for (let first = 0; first < known.length; first += THINGS_IN_A_LINE) {
    const specs = new Map<string, { readonly at: number; readonly spec: Spec }>();
    const placeOf = (spec: Spec): number => {
      const text = canonicalJson(spec);
      const place = specs.get(text) ?? { at: specs.size, spec };
      specs.set(text, place);
      return place.at;
    };
    const things = known.slice(first, first + THINGS_IN_A_LINE).map((thing) => describeThing(thing, placeOf));
    entries.push({ type: "remembered", run, specs: [...specs.values()].map(({ spec }) => spec), things });
  }
  return entries;
}

type KnownThing = { readonly address: Address } & (
  | { readonly owned: RemoteRef; readonly written: Written | undefined }
  | { readonly owned: undefined; readonly written: Written }
);

interface Written {
  readonly spec: Spec;
  readonly remote: RemoteRef;
}

function describeThing({ address, owned, written }: KnownThing, placeOf: (spec: Spec) => number): RememberedThing {
  if (owned === undefined) return { address, remote: written.remote, spec: placeOf(written.spec), owned: false };
  if (written === undefined) return { address, remote: owned };
  const { remote } = written;
  const thing = { address, remote, spec: placeOf(written.spec) };
  return isSameJson(owned, remote) ? thing : { ...thing, owned };
}

/** The end of a checkpoint: what is remembered beside addresses, and what it stands on. */
export function describeCheckpoint(
  { managed, rules, account, paces, inDoubt, division }: Recollection,
  { run, shards, ...rest }: CheckpointPlace & { readonly run: string },
): CheckpointEntry {
  return {
    ...{ type: "checkpoint", run, ...rest, inDoubt, managed: [...managed] },
    ...(rules !== undefined && { rules }),
    ...(account !== undefined && { account }),
    ...(paces !== undefined && { paces }),
    ...(division !== undefined && { division: { of: division.of, by: division.by, parts: shards } }),
  };
}

/** What a checkpoint stands on. */
interface CheckpointPlace extends Pick<CheckpointEntry, "before" | "lines" | "bytes"> {
  /** How far the part of each shard had come, that of shard 1 first; none where there are no shards. */
  readonly shards: readonly PartPosition[];
}

/** Recalls from the first line of a checkpoint on. */
export function recallFromCheckpoint(): Recalling {
  let parts: RememberedEntry[] | undefined = [];
  let recalling = startRecalling();
  return {
    take: (line) => {
      const { entry } = line;
      if (parts !== undefined && entry.type === "remembered") parts.push(entry);
      if (parts !== undefined && entry.type === "checkpoint") {
        recalling = startRecalling(readCheckpoint(parts, entry));
        parts = undefined;
      }
      recalling.take(line);
    },
    recall: () => recalling.recall(),
    copy: () => recalling.copy(),
  };
}

/** What a checkpoint says that is remembered; of the ledger's end it knows nothing. */
function readCheckpoint(
  parts: readonly RememberedEntry[],
  { managed, rules, account, paces, inDoubt, division }: CheckpointEntry,
): Omit<Recollection, "head"> {
  const owned = new Map<Address, RemoteRef>();
  const lastWritten = new Map<Address, Written>();
  for (const { specs, things } of parts) {
    for (const { address, remote, spec: at, owned: ownedBy = remote } of things) {
      if (ownedBy !== false) owned.set(address, ownedBy);
      const spec = at === undefined ? undefined : specs[at];
      if (spec !== undefined) lastWritten.set(address, { spec, remote });
    }
  }
  return {
    ...{ owned, lastWritten, managed: new Set(managed), inDoubt },
    ...(rules !== undefined && { rules }),
    ...(account !== undefined && { account }),
    ...(paces !== undefined && { paces }),
    ...recallDivision(division),
  };
}

function recallDivision(division: CheckpointEntry["division"]): Pick<Recollection, "division"> {
  return division === undefined ? {} : { division: divide({ ...division, most: division.parts.length }, division) };
}
