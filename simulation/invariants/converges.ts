import { type Address, compileAddressPattern } from "../../src/model/address.ts";
import type { Store } from "../../src/sandbox/store.ts";
import type { Happening, Left, LeftStep } from "../story/evidence.ts";
import type { Company } from "../story/scenario.ts";
import { findByName } from "./by-name.ts";
import { listDeviations } from "./declared-state.ts";
import type { Invariant } from "./invariant.ts";

/** Once nothing goes wrong any more, a few rounds make the account what the manifest declares, or the plan says truly why not. */
export const converges: Invariant = {
  name: "converges",
  claim: "once the trouble is over, a few rounds make the account as declared, or the plan says why not",
  watch: (tell, { scenario: { switches } }) => {
    const byHand = new Set<string>();
    return {
      see: (happening, { store, stage, now }) => {
        if (happening.type === "commit") noteHands(byHand, happening);
        if (happening.type !== "settled") return;
        const { left, rounds } = happening;
        if (left.state === "unfinished") tell(`after ${rounds} rounds it is not done: ${left.because}`);
        if (left.state === "blocked") for (const breach of judgeBlocked(left, stage.company, store)) tell(breach);
        const deviations =
          left.state === "nothing" ? listDeviations(store, stage.company, { switches, now, byHand }) : [];
        if (deviations.length > 0) tell(`it says that nothing is left to do, but ${deviations.slice(0, 5).join("; ")}`);
      },
    };
  },
};

/** Which memberships of organizations a person wrote last. */
function noteHands(byHand: Set<string>, { by, operations }: Extract<Happening, { readonly type: "commit" }>): void {
  for (const [what, table, row] of operations) {
    if (what !== "put" || table !== "org_members") continue;
    if (by === "person") byHand.add(row.id);
    else byHand.delete(row.id);
  }
}

type Blocked = Extract<Left, { readonly state: "blocked" }>;

/** What is left, and for no reason that the plan tells and the account bears out. */
function judgeBlocked({ steps, unknown }: Blocked, company: Company, store: Store): readonly string[] {
  const excused = new Set<Address>();
  for (const step of steps) if (isProtectedTruly(step, { steps, company, store })) excused.add(step.address);
  for (const before = { size: -1 }; before.size < excused.size; ) {
    before.size = excused.size;
    const waits = steps.filter(
      ({ gate, dependsOn }) => gate.state !== "blocked" && dependsOn.some((one) => excused.has(one)),
    );
    for (const { address } of waits) excused.add(address);
  }
  const rest = [...steps.filter(({ address }) => !excused.has(address)).map(describeLeft), ...unknown];
  return rest.length === 0 ? [] : [`it is blocked without a reason: ${rest.slice(0, 3).join("; ")}`];
}

/** Such as: org-member:Acme/pia@acme.io is protected. Or: space-member:Acme/alpha/ira@acme.io goes with it and is to be left alone ("ignore"). */
const PROTECTED = /^(\S+:.+?) (?:is protected\.|goes with it and is to be left alone \("ignore"\)\.)$/u;

/** True where all that blocks a step is what the manifest spares, by its own patterns, and what is there. */
function isProtectedTruly(
  { gate, hazards }: LeftStep,
  { steps, company, store }: { readonly steps: readonly LeftStep[]; readonly company: Company; readonly store: Store },
): boolean {
  if (gate.state !== "blocked" || gate.by.join() !== "protected") return false;
  const spared = hazards.filter(({ code }) => code === "protected").map(({ detail }) => PROTECTED.exec(detail)?.[1]);
  const patterns = ["ignore", "protect"].flatMap((list) => (company[list] ?? []) as readonly string[]);
  return spared.every((address) => {
    if (address === undefined || !findByName(store, address, steps).isThere) return false;
    // Whoever is ignored is so with all that is theirs.
    const own = [address, `user:${address.slice(address.lastIndexOf("/") + 1)}`] as readonly Address[];
    return patterns.some((pattern) => own.some(compileAddressPattern(pattern)));
  });
}

function describeLeft({ op, address, gate, hazards }: LeftStep): string {
  return `${op} ${address} (${gate.state}: ${hazards.map(({ code, detail }) => `${code} ${detail}`).join(" ")})`;
}
