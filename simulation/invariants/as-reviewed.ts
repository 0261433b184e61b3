import type { Digest } from "../../src/model/change.ts";
import type { LedgerLine } from "../../src/model/ledger.ts";
import { parseJson } from "../../src/model/parse-json.ts";
import type { Plan } from "../../src/model/plan.ts";
import { type Happening, isLedger } from "../story/evidence.ts";
import type { Invariant } from "./invariant.ts";
import { isWrite } from "./one-writer.ts";

type Started = Extract<Happening, { type: "started" }>;
type Judged = Extract<Happening, { type: "judged" }>;

/**
 * What was reviewed is what is run: whoever applies a saved plan begins its steps and nothing else. Of a divided account, whoever shows
 * a summary changes nothing unless that was made of this very plan, and the parts together remove no more than whoever judged them allowed.
 */
export const asReviewed: Invariant = {
  name: "as-reviewed",
  claim: "a saved plan is run as it was reviewed, and judged as a whole",
  watch: (tell) => {
    const judged = new Map<Digest, Judged>();
    const runs = new Map<number, Started>();
    return {
      see: (happening) => {
        if (happening.type === "started") runs.set(happening.pid, happening);
        if (happening.type === "judged") judged.set(happening.summary, happening);
        if (happening.type === "request" && isWrite(happening)) {
          const refused = findRefusal(runs.get(happening.pid), judged);
          if (refused !== undefined) tell(`${happening.method} ${happening.target} was sent ${refused}`);
        }
        if (happening.type !== "write" || !isLedger(happening.path) || happening.change !== "append") return;
        const saved = runs.get(happening.pid)?.saved;
        for (const line of saved === undefined ? [] : listBegun(happening.text))
          if (!isStep(line, saved)) tell(`a run began ${line}, which is no step of the plan that was reviewed`);
      },
    };
  },
};

/** Why the whole does not allow this run; counted from the plans, and not from what the summary says. */
function findRefusal(run: Started | undefined, judged: ReadonlyMap<Digest, Judged>): string | undefined {
  if (run?.summary === undefined) return undefined;
  const whole = judged.get(run.summary);
  if (whole === undefined) return "by a summary that nobody made";
  if (!whole.plans.some(({ digest }) => digest === run.saved?.digest))
    return "for a plan that the summary does not name";
  const removals = whole.plans.flatMap(({ steps }) => steps).filter(({ op }) => op === "delete").length;
  return removals > whole.mostRemovals ? `where all parts remove ${removals} objects` : undefined;
}

/** The changes that these lines begin; what was cut off begins none. */
function listBegun(text: string): readonly string[] {
  return text.split("\n").flatMap((line) => {
    const entry = (parseJson(line) as LedgerLine | undefined)?.entry;
    return entry?.type === "intent" ? [entry.change] : [];
  });
}

function isStep(change: string, plan: Plan | undefined): boolean {
  return plan?.steps.some(({ id }) => id === change) === true;
}
