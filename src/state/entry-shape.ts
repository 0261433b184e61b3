import {
  hasParts,
  isAddress,
  isFlag,
  isListOf,
  isMapOf,
  isNumber,
  isOneOf,
  isSpec,
  isText,
  type Shape,
} from "../model/shape.ts";
import { MOST_SHARDS, SHARD_UNITS } from "../model/shard.ts";

const OP = isOneOf(["create", "update", "delete"]);
const REMOTE = isMapOf(isText);
const isCount: Shape = (value) => Number.isInteger(value) && (value as number) > 0 && (value as number) <= MOST_SHARDS;
const RESULTS = ["done", "absent", "failed", "unknown", "settled-done", "settled-not-done"];

const PACE = hasParts(
  { perMinute: isNumber },
  { burst: isNumber, window: hasParts({ requests: isNumber, milliseconds: isNumber }) },
);

const isWhole: Shape = (value) => Number.isSafeInteger(value) && (value as number) >= 0;

const INTENT = hasParts(
  { change: isText, op: OP, kind: isText, address: isAddress },
  {
    ...{ renamedFrom: isAddress, remote: REMOTE, from: isSpec, to: isSpec, cascade: isListOf(isAddress) },
    taken: isListOf(hasParts({ address: isAddress, spec: isSpec, remote: REMOTE })),
  },
);

const ACCOUNT = hasParts({ url: isText }, { name: isText });

const PACES = hasParts({}, { reads: PACE, writes: PACE });

const RULES = hasParts(
  { needed: isMapOf(isNumber), notBy: isListOf(isText), signed: isFlag },
  {
    ...{ by: isListOf(isText), allowedSigners: isText },
    signers: hasParts({ text: isText, digest: isText }),
  },
);

const POSITIONS = isListOf(hasParts({ lines: isWhole, bytes: isWhole, before: isText, last: isText }));

const DIVISION = hasParts({
  ...{ by: isOneOf(SHARD_UNITS), of: isCount },
  parts: (value) => POSITIONS(value) && isCount((value as readonly unknown[]).length),
});

const isOwner: Shape = (value) => value === false || REMOTE(value);

const SHAPES: ReadonlyMap<unknown, Shape> = new Map([
  ["run", hasParts({ command: isText, by: isText, flags: isListOf(isText) }, { plan: isText, account: ACCOUNT })],
  ["intent", INTENT],
  [
    "outcome",
    hasParts(
      { change: isText, op: OP, address: isAddress, result: isOneOf(RESULTS) },
      { remote: REMOTE, to: isSpec, error: isText },
    ),
  ],
  ["adoption", hasParts({ address: isAddress, remote: REMOTE, spec: isSpec })],
  ["approval", hasParts({ change: isText, by: isText, reason: isText }, { key: isText })],
  ["rules", hasParts({ rules: RULES })],
  ["managed", hasParts({ classes: isListOf(isText) })],
  ["shards", hasParts({ of: isCount, by: isOneOf(SHARD_UNITS) })],
  [
    "remembered",
    hasParts({
      specs: isListOf(isSpec),
      things: isListOf(hasParts({ address: isAddress, remote: REMOTE }, { spec: isWhole, owned: isOwner })),
    }),
  ],
  [
    "checkpoint",
    hasParts(
      { before: isText, lines: isWhole, bytes: isWhole, inDoubt: isListOf(INTENT), managed: isListOf(isText) },
      { rules: hasParts({ rules: RULES, line: isText }), account: ACCOUNT, paces: PACES, division: DIVISION },
    ),
  ],
  ["end", hasParts({ exit: isNumber }, { paces: PACES })],
]);

/** Whether the entry of a ledger line has what axcess writes into one of its type; of a type that it does not know, it asks nothing. */
export function isEntry(entry: Readonly<Record<string, unknown>>): boolean {
  return isText(entry["run"]) && (SHAPES.get(entry["type"])?.(entry) ?? true);
}
