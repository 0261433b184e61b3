import type { Step } from "../../src/model/change.ts";
import type { Plan } from "../../src/model/plan.ts";
import type { Store } from "../../src/sandbox/store.ts";
import { findByName } from "./by-name.ts";

/** What a moment has too much or too little of. */
export type BadKind = "exposes" | "interrupts";

/** A moment in which a person has too much in a place, or too little, and a sentence that says so. */
export interface BadCell {
  readonly is: BadKind;
  /** `user:3 space:1/2`, by numbers. */
  readonly cell: string;
  readonly words: string;
}

/** The bad moments that plans told whoever approved them. */
export interface ToldMoments {
  readonly hear: (plan: Plan, store: Store) => void;
  /** Of some bad moments those that no plan told: neither named, nor among as many others as were counted. */
  readonly leaveUntold: (cells: readonly BadCell[]) => readonly BadCell[];
}

/** Such as: No order avoids that for a moment ana@acme.io has PROJECT_READ in space:Acme/alpha, which is so neither before nor after. 2 more such cases. */
const SENTENCE =
  /^No order avoids that for a moment (\S+) (?:has|lacks) .+ in ((?:organization|space|project):.+), which is .+?\.(?: (\d+) more such cases?\.)?$/u;

/** Gathers what the plans of a stage tell. */
export function gatherTold(): ToldMoments {
  const named = new Set<string>();
  const heard = new Set<string>();
  const others: Record<BadKind, number> = { exposes: 0, interrupts: 0 };
  const hearStep = (step: Step, steps: readonly Step[], store: Store): void => {
    for (const { code, detail } of step.hazards) {
      const [, person, place = "", more = "0"] = SENTENCE.exec(detail) ?? [];
      if (person === undefined || (code !== "exposes" && code !== "interrupts")) continue;
      const found = [findByName(store, `user:${person}`, steps).person, findByName(store, place, steps).place];
      named.add(`${code} ${found.join(" ")}`);
      if (!heard.has(`${step.address} ${detail}`)) others[code] += Number(more);
      heard.add(`${step.address} ${detail}`);
    }
  };
  return {
    hear: ({ steps }, store) => {
      for (const step of steps) hearStep(step, steps, store);
    },
    leaveUntold: (cells) => {
      const unnamed = cells.filter(({ is, cell }) => !named.has(`${is} ${cell}`));
      const count = (wanted: BadKind): number =>
        new Set(unnamed.flatMap(({ is, cell }) => (is === wanted ? [cell] : []))).size;
      const isCounted = {
        exposes: count("exposes") <= others.exposes,
        interrupts: count("interrupts") <= others.interrupts,
      };
      return unnamed.filter(({ is }) => !isCounted[is]);
    },
  };
}
