import type { Arbitrary } from "fast-check";

/** Something that is handed what it does not expect. */
export interface Target {
  /** Inputs of the everyday suite: a few seconds. */
  readonly runs: number;
  readonly open: () => Promise<Trial>;
}

/** Inputs, and what must hold for each of them: `attempt` throws where it does not. */
export interface Trial {
  readonly inputs: Arbitrary<unknown>;
  readonly attempt: (input: unknown) => Promise<void>;
}

/** A trial whose inputs have a type. */
export function makeTrial<T>(inputs: Arbitrary<T>, attempt: (input: T) => Promise<void> | void): Trial {
  return { inputs, attempt: async (input) => attempt(input as T) };
}
