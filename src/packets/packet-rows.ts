import { nameRole, PATH_REASONS } from "../model/access-words.ts";
import type { Holding, KeyReview, PlaceReview } from "./make-packets.ts";
import type { GrantRecord } from "./recall-grants.ts";

/** What a packet tells, cell by cell; texts are as the account has them, and escaped by whoever writes them. */
export type PacketRow = readonly string[];

/** The heads of the cells of a row. */
export const HOLDING_HEADS: PacketRow = [
  "holder",
  "what",
  "role",
  "through",
  "grant",
  "since",
  "approved by",
  "expires",
  "manifest",
];

/** One row for each way in which somebody has access to the place, and one for each of its service keys. */
export function listRows({ holdings, keys }: PlaceReview): readonly PacketRow[] {
  return [...holdings.map(describeHolding), ...keys.map(describeKey)];
}

const UNKNOWN = "unknown";

const STATES: Readonly<Record<Holding["state"], string>> = {
  person: "person",
  invited: "invited, has not come",
  bot: "bot",
};

function describeHolding({ holder, state, role, reason, grant, record, written }: Holding): PacketRow {
  const group = written?.group === undefined ? "" : ` (group:${written.group})`;
  return [
    holder,
    STATES[state],
    nameRole(role),
    `${PATH_REASONS[reason]}${group}`,
    grant,
    tellSince(record),
    tellApproval(record),
    // What is not written has no end that anybody knows of, but what no manifest speaks of is nobody's promise.
    written === undefined ? UNKNOWN : (written.expires ?? "never"),
    written === undefined
      ? "not written"
      : `${written.source}${written.reason === undefined ? "" : `: ${written.reason}`}`,
  ];
}

function describeKey({ name, redacted, role, creator, spaces, used, expires, record }: KeyReview): PacketRow {
  return [
    name,
    "service key",
    role === undefined ? UNKNOWN : nameRole(role),
    `made by ${creator ?? UNKNOWN}, works in ${spaces.join(" and ")}`,
    redacted ?? UNKNOWN,
    tellSince(record),
    tellApproval(record),
    expires ?? "never",
    `last used: ${used ?? UNKNOWN}`,
  ];
}

function tellSince(record: GrantRecord | undefined): string {
  if (record === undefined) return UNKNOWN;
  return record.what === "adopted" ? `before ${record.at}` : `${record.at} (${record.what})`;
}

function tellApproval(record: GrantRecord | undefined): string {
  if (record === undefined || record.what === "adopted") return UNKNOWN;
  const { approvals, by = UNKNOWN } = record;
  if (approvals.length === 0) return `no approval was needed; applied by ${by}`;
  return approvals.map((approval) => `${approval.by}: ${approval.reason}`).join("; ");
}

/** What has to be said of a place beside its rows. */
export function describePlace({ place, isRestricted }: PlaceReview): string {
  if (!place.startsWith("project:")) return "";
  return isRestricted
    ? "The project is restricted: only these have access."
    : "Whoever has access to the space has it here, too. Beside them:";
}
