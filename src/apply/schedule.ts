import type { Address } from "../model/address.ts";
import type { Step } from "../model/change.ts";
import { Impossible } from "../model/errors.ts";

/** A step that will never run, and the step it waited for. */
export interface Doomed {
  readonly step: Step;
  readonly blocker: Step;
}

/** Which steps may run next. It waits for nothing and starts nothing: whoever drives it tells it what became of each step. */
export interface Schedule {
  /** The first step in plan order whose dependencies all cleared the way, each only once; undefined when there is none now. */
  next(): Step | undefined;
  /** Notes that a step cleared the way for those that wait for it. */
  clear(step: Step): void;
  /** Notes that a step did not: all that waits for it, directly or not, is taken out and returned. */
  doom(step: Step): readonly Doomed[];
  /** Takes out every step that has not been handed out, in plan order. */
  drain(): readonly Step[];
}

/** Makes the schedule of a plan. Two steps of one address, a dependency outside the plan and a cycle are each Impossible. */
export function makeSchedule(steps: readonly Step[]): Schedule {
  const nodes = linkNodes(steps);
  refuseCycles(nodes);
  // Sorted backwards, so that the first in plan order is taken from the end.
  const ready = [...nodes.values()].filter((node) => node.waitsFor.size === 0).reverse();
  const take = (node: Node): Step => {
    node.taken = true;
    return node.step;
  };
  return {
    next: () => {
      for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
        if (!node.taken) return take(node);
      }
      return undefined;
    },
    clear: (step) => {
      for (const node of nodeOf(nodes, step.address).dependents) {
        node.waitsFor.delete(step.address);
        if (node.waitsFor.size === 0) insertReady(ready, node);
      }
    },
    doom: (step) => {
      const doomed: Doomed[] = [];
      const reach = [nodeOf(nodes, step.address)];
      for (let blocker = reach.shift(); blocker !== undefined; blocker = reach.shift()) {
        for (const node of blocker.dependents) {
          if (node.taken) continue;
          doomed.push({ step: take(node), blocker: blocker.step });
          reach.push(node);
        }
      }
      return doomed;
    },
    drain: () => [...nodes.values()].filter((node) => !node.taken).map(take),
  };
}

interface Node {
  readonly step: Step;
  readonly index: number;
  readonly waitsFor: Set<Address>;
  readonly dependents: Node[];
  /** How many dependencies the search for cycles has not cleared yet. */
  unchecked: number;
  /** Handed out or taken out: it is no longer the schedule's. */
  taken: boolean;
}

function linkNodes(steps: readonly Step[]): ReadonlyMap<Address, Node> {
  const nodes = new Map<Address, Node>();
  for (const [index, step] of steps.entries()) {
    if (nodes.has(step.address)) throw new Impossible(`the plan has two steps for ${step.address}`);
    const waitsFor = new Set(step.dependsOn);
    nodes.set(step.address, { step, index, waitsFor, dependents: [], unchecked: waitsFor.size, taken: false });
  }
  for (const node of nodes.values()) {
    for (const address of node.waitsFor) nodeOf(nodes, address).dependents.push(node);
  }
  return nodes;
}

function nodeOf(nodes: ReadonlyMap<Address, Node>, address: Address): Node {
  const node = nodes.get(address);
  if (node === undefined) throw new Impossible(`the plan has no step for ${address}, which another step waits for`);
  return node;
}

function refuseCycles(nodes: ReadonlyMap<Address, Node>): void {
  const free = [...nodes.values()].filter((node) => node.unchecked === 0);
  let cleared = 0;
  for (let node = free.pop(); node !== undefined; node = free.pop()) {
    cleared += 1;
    for (const dependent of node.dependents) {
      dependent.unchecked -= 1;
      if (dependent.unchecked === 0) free.push(dependent);
    }
  }
  if (cleared < nodes.size) throw new Impossible("the steps of the plan wait for each other in a circle");
}

function insertReady(ready: Node[], node: Node): void {
  // From the far end of the plan, where what waited mostly stands.
  // Stryker disable next-line EqualityOperator: no two stand in the same place.
  const at = ready.findIndex((other) => other.index < node.index);
  ready.splice(at < 0 ? ready.length : at, 0, node);
}
