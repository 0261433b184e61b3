import { ASSUMPTIONS } from "../model/access.ts";
import { HAZARD_TITLES, REASON_WORDS } from "../model/change.ts";
import { isLedgerHead } from "../model/ledger.ts";
import {
  hasParts,
  isAddress,
  isFlag,
  isListOf,
  isMapOf,
  isNumber,
  isOneOf,
  isPlainText,
  isSpec,
  isText,
  type Shape,
} from "../model/shape.ts";

const TEXTS = isListOf(isText);
const ADDRESSES = isListOf(isAddress);
const HAZARD = isOneOf(Object.keys(HAZARD_TITLES));
const HAZARDS = isListOf(HAZARD);

const POSITION = hasParts({ file: isText, line: isNumber, column: isNumber, length: isNumber });

const DIAGNOSTIC = hasParts(
  { code: isText, severity: isOneOf(["error", "warning", "note"]), summary: isText, detail: isText },
  { fix: isText, at: POSITION, sourceLine: isText, related: isListOf(hasParts({ at: POSITION, message: isText })) },
);

const GATES: readonly Shape[] = [
  hasParts({ state: isOneOf(["open"]) }, { by: isListOf(isOneOf(["expired"])) }),
  hasParts({ state: isOneOf(["held"]), by: HAZARDS }),
  hasParts({ state: isOneOf(["blocked"]), by: HAZARDS, release: isText }),
];

const STEP = hasParts(
  {
    ...{ id: isPlainText, op: isOneOf(["create", "update", "delete"]), kind: isPlainText, address: isAddress },
    reason: isOneOf(Object.keys(REASON_WORDS)),
    fields: isListOf(hasParts({ field: isText }, { added: TEXTS, removed: TEXTS })),
    dependsOn: ADDRESSES,
    hazards: isListOf(hasParts({ code: HAZARD, detail: isText })),
    gate: (value) => GATES.some((gate) => gate(value)),
    ...{ cascade: ADDRESSES, notes: TEXTS },
  },
  {
    ...{ renamedFrom: isAddress, source: isText, group: isText, justification: isText, expires: isPlainText },
    ...{ remote: isMapOf(isText), from: isSpec, to: isSpec, creation: isMapOf(isText), loses: ADDRESSES },
  },
);

const SIDE = hasParts({ permissions: isText, roles: TEXTS, isLowerBound: isFlag });

const SHIFT = hasParts(
  {
    ...{ person: isAddress, place: (value) => value === "account" || isAddress(value) },
    within: hasParts({ spaces: isNumber, projects: isNumber }),
    ...{ before: SIDE, after: SIDE, gained: isText, lost: isText },
    ...{ through: ADDRESSES, givenBy: ADDRESSES, takenBy: ADDRESSES, isPending: isFlag, isBot: isFlag },
    assumptions: isListOf(isOneOf(Object.keys(ASSUMPTIONS))),
  },
  { until: isPlainText },
);

const FAILURE = hasParts(
  {
    ...{ source: isText, statement: isText, detail: isText, place: isAddress },
    paths: isListOf(hasParts({ reason: isText, grant: isAddress, role: isText })),
  },
  { person: isAddress },
);

const RULES = hasParts(
  { needed: isMapOf(isNumber), notBy: TEXTS, signed: isFlag },
  { by: TEXTS, allowedSigners: isText },
);

const APPROVALS = hasParts(
  { rules: RULES, needed: isMapOf(isNumber) },
  { change: hasParts({ id: isPlainText, weaker: TEXTS, before: RULES }) },
);

const SHARD = hasParts({
  part: (value) => value === "account" || isNumber(value),
  ...{ of: isNumber, by: isText, whole: isText, elsewhere: isNumber },
  allows: hasParts({ maxRemovals: isNumber, maxRemovalPercent: isNumber }),
  breaks: TEXTS,
  counts: isMapOf(hasParts({ total: isNumber, gone: isNumber })),
});

const ROTATED = hasParts({ address: isAddress, at: isText });

/** Whether a value has everything that a plan of format 1 has, so that whoever shows or runs it finds what it looks for. */
export const isPlan: Shape = hasParts(
  {
    digest: isText,
    account: hasParts({ url: isText }, { name: isText }),
    basis: hasParts({ desired: isText, policy: isText }, { undo: isText, rotate: ROTATED, ledger: isLedgerHead }),
    limits: hasParts(
      { allow: HAZARDS, targets: TEXTS, excludes: TEXTS },
      { maxRemovals: isNumber, maxRemovalPercent: isNumber, minAdmins: isNumber },
    ),
    steps: isListOf(STEP),
    access: hasParts({ sets: isMapOf(TEXTS), shifts: isListOf(SHIFT), unseen: TEXTS }),
    assertions: isListOf(FAILURE),
    ...{ unknowns: isListOf(DIAGNOSTIC), withheld: ADDRESSES, incomplete: TEXTS, notes: isListOf(DIAGNOSTIC) },
    lapses: isListOf(hasParts({ address: isAddress, expires: isPlainText, source: isText })),
    ...{ unmanaged: isMapOf(isNumber), authoritative: TEXTS },
  },
  { approvals: APPROVALS, shard: SHARD },
);
