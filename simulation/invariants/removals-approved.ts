import type { ChangeId } from "../../src/model/change.ts";
import type { IntentEntry } from "../../src/model/ledger.ts";
import type { Invariant, Moment } from "./invariant.ts";
import { findIntents } from "./which-intent.ts";

/** No removal was sent whose very step nobody had approved, whether or not it took effect. */
export const removalsApproved: Invariant = {
  name: "removals-approved",
  claim: "no removal is sent whose step was not approved",
  watch: (tell) => {
    const approved = new Set<ChangeId>();
    return {
      see: (happening, moment) => {
        if (happening.type === "approved") for (const change of happening.changes) approved.add(change);
        if (happening.type !== "request") return;
        const { method, target } = happening;
        if (method === "DELETE" && !mayGo(findIntents(moment.open, target), approved)) {
          tell(`DELETE ${target} was sent, and no approved intent says so`);
        }
        if (/^\/v2\/api-keys\/[^/]+\/revoke$/u.test(target) && !mayRevoke(target, moment, approved)) {
          tell(`${target} was sent: a key whose secret is in use, and nobody approved it`);
        }
      },
    };
  },
};

function mayGo(intents: readonly IntentEntry[], approved: ReadonlySet<ChangeId>): boolean {
  return intents.some(({ approvedBy = [], change, gate }) => {
    return gate === "expired" || (approvedBy.length > 0 && approved.has(change));
  });
}

/** A key that the ledger does not know as made has nobody who uses it. */
function mayRevoke(target: string, { open, lines }: Moment, approved: ReadonlySet<ChangeId>): boolean {
  const id = decodeURIComponent(target.split("/")[3] ?? "");
  const isKnown = lines.some(
    ({ entry }) => entry.type === "outcome" && entry.remote?.["id"] === id && entry.result === "done",
  );
  return !isKnown || mayGo(findIntents(open, target), approved);
}
