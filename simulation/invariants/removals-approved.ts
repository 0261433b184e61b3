import type { ChangeId } from "../../src/model/change.ts";
import type { IntentEntry, LedgerLine } from "../../src/model/ledger.ts";
import type { Operation } from "../../src/sandbox/store.ts";
import type { Happening } from "../story/evidence.ts";
import { mayLapse } from "./ended-grants.ts";
import type { Invariant, Moment } from "./invariant.ts";
import { findIntents } from "./which-intent.ts";

type Approved = Extract<Happening, { type: "approved" }>;
type Mapping = { readonly attributes: readonly (readonly [string, string])[] };

/** No removal was sent whose very step nobody had approved for the ledger as it is, whether or not it took effect. */
export const removalsApproved: Invariant = {
  name: "removals-approved",
  claim: "no removal is sent whose step was not approved",
  watch: (tell) => {
    const approvals: Approved[] = [];
    const mappings = new Map<string, readonly string[]>();
    return {
      see: (happening, moment) => {
        if (happening.type === "approved") approvals.push(happening);
        if (happening.type === "commit") {
          const gone = followMappings(mappings, happening.operations);
          const told = typeof happening.by !== "number" ? [] : gone.filter((one) => !mayLose(one, moment, approvals));
          for (const one of told) tell(`the role mapping ${one} was removed, and no approved intent says so`);
        }
        if (happening.type !== "request") return;
        const { method, target } = happening;
        if (method === "DELETE" && !mayGo(findIntents(moment.open, target), moment, approvals)) {
          tell(`DELETE ${target} was sent, and no approved intent says so`);
        }
        if (/^\/v2\/api-keys\/[^/]+\/revoke$/u.test(target) && !mayRevoke(target, moment, approvals)) {
          tell(`${target} was sent: a key whose secret is in use, and nobody approved it`);
        }
      },
    };
  },
};

function mayGo(intents: readonly IntentEntry[], moment: Moment, approvals: readonly Approved[]): boolean {
  return intents.some(({ approvedBy = [], change, gate, address }) => {
    if (gate === "expired") return mayLapse(moment.stage.company, address, moment.now);
    return approvedBy.length > 0 && isApproved(change, moment.lines, approvals);
  });
}

/**
 * True where more often approved than done: an approval lets a change happen once. It counts for a ledger that holds the line that was
 * the last when its plan was begun, and what that ledger does not tell of was not done for it.
 */
function isApproved(change: ChangeId, lines: readonly LedgerLine[], approvals: readonly Approved[]): boolean {
  const froms = approvals
    .filter(({ changes }) => changes.includes(change))
    .map(({ head }) => (head === undefined ? 0 : lines.findIndex(({ digest }) => digest === head) + 1 || undefined))
    .filter((from) => from !== undefined);
  if (froms.length === 0) return false;
  const done = lines
    .slice(Math.min(...froms))
    .filter(({ entry }) => entry.type === "outcome" && entry.change === change && DONE.includes(entry.result));
  return froms.length > done.length;
}

const DONE: readonly string[] = ["done", "settled-done"];

/** A key that the ledger does not know as made has nobody who uses it. */
function mayRevoke(target: string, moment: Moment, approvals: readonly Approved[]): boolean {
  const id = decodeURIComponent(target.split("/")[3] ?? "");
  const isKnown = moment.lines.some(
    ({ entry }) => entry.type === "outcome" && entry.remote?.["id"] === id && entry.result === "done",
  );
  return !isKnown || mayGo(findIntents(moment.open, target), moment, approvals);
}

/** A mapping has no call of its own: whose condition is there no more was removed. Gives their addresses, from behind the kind. */
function followMappings(known: Map<string, readonly string[]>, operations: readonly Operation[]): readonly string[] {
  return operations.flatMap(([verb, table, row]) => {
    if (verb !== "put" || table !== "saml_idps") return [];
    const { id, domains, mappings } = row as {
      id: string;
      domains: readonly { domain: string }[];
      mappings: readonly Mapping[];
    };
    const now = mappings.map(
      ({ attributes }) => `${domains[0]?.domain}/${attributes.map((pair) => pair.join("=")).join("&")}`,
    );
    const gone = (known.get(id) ?? []).filter((one) => !now.includes(one));
    known.set(id, now);
    return gone;
  });
}

function mayLose(mapping: string, moment: Moment, approvals: readonly Approved[]): boolean {
  const intents = moment.open.filter(({ address, op }) => op === "delete" && address === `saml-mapping:${mapping}`);
  return mayGo(intents, moment, approvals);
}
