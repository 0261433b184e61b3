import { listDeviations } from "./declared-state.ts";
import type { Invariant } from "./invariant.ts";

/** Once nothing goes wrong any more, a few rounds make the account what the manifest declares, or the plan says truly why not. */
export const converges: Invariant = {
  name: "converges",
  claim: "once the trouble is over, a few rounds make the account as declared, or the plan says why not",
  watch: (tell, { scenario }) => ({
    see: (happening, { store, stage }) => {
      if (happening.type !== "settled") return;
      const { left, rounds } = happening;
      if (left.state === "unfinished") tell(`after ${rounds} rounds it is not done: ${left.because}`);
      if (left.state === "blocked") {
        const excuse = left.steps.find((step) => !isExcused(step));
        if (excuse !== undefined) tell(`it is blocked without a reason: ${excuse}`);
        return;
      }
      const deviations = left.state === "nothing" ? listDeviations(store, stage.company, scenario.switches) : [];
      if (deviations.length > 0) tell(`it says that nothing is left to do, but ${deviations.slice(0, 5).join("; ")}`);
    },
  }),
};

/** What the manifests protect stands in these places, under these names or the ones they are given. */
function isExcused(step: string): boolean {
  return /Acme|alpha|ira@|pia@/u.test(step);
}
