import { PlatformError } from "../model/errors.ts";
import type { JsonObject } from "../model/json.ts";
import { ENDLESS, type Holding } from "./allowance.ts";
import type { Graphql, GraphqlAnswer } from "./graphql.ts";
import { isObject } from "./json-shape.ts";
import { packByCost } from "./packing.ts";
import { findRefusedParts } from "./refused-parts.ts";
import type { OptionalPart } from "./roster.ts";

/** A question about one object, to be asked together with others. */
export interface NodeQuestion {
  /** The platform's id; also what the answer is found under. */
  readonly id: string;
  readonly cost: number;
  readonly cursor: string | undefined;
  /** True where another question will follow from the answer: it is asked before those of which none will. */
  readonly goesOn?: boolean;
  /** The selection on `node`; `cursor` names the variable that holds where to go on. */
  select(dropped: ReadonlySet<OptionalPart>, cursor: string): string;
}

export type NodeAnswer =
  | { readonly state: "answered"; readonly node: JsonObject }
  /** `node` was null, and nobody said why: gone, or not visible. */
  | { readonly state: "absent" }
  /** The server answered, but not this. */
  | { readonly state: "refused"; readonly because: string }
  /** No GraphQL answer came. */
  | { readonly state: "failed"; readonly because: string };

/** What was found out about a server, and is found out further while asking. */
export interface AskContext {
  readonly graphql: Graphql;
  readonly optional: ReadonlySet<OptionalPart>;
  readonly dropped: Set<OptionalPart>;
  /** Points that one query may cost. */
  budget: number;
}

/** What a query may cost where one that was filled to the brim was refused: the arithmetic is a little off. Below it, it is wrong. */
const CAREFUL_BUDGET = 900;

/** Queries that are under way side by side. */
const MOST_AT_ONCE = 8;

/**
 * Asks many questions in as few queries as the budget allows. Each has an answer, which is handed on as it comes, so that whoever
 * takes the little that is needed of it lets go of the rest; only an interruption throws.
 */
export async function askMany(
  context: AskContext,
  questions: readonly NodeQuestion[],
  take: (id: string, answer: NodeAnswer) => void,
): Promise<void> {
  const next = packAsNeeded(context, questions);
  // Counted as if all answers were held until the last one came.
  const holding = context.graphql.allowance.open("answers");
  const askOn = async (): Promise<void> => {
    for (let batch = next(); batch !== undefined; batch = next()) await askBatch({ context, holding, take }, batch);
  };
  try {
    await Promise.all(Array.from({ length: MOST_AT_ONCE }, askOn));
  } finally {
    holding.release();
  }
}

/** Hands out batches that fill the budget, also once it has sunk because one was refused. */
function packAsNeeded(
  context: AskContext,
  questions: readonly NodeQuestion[],
): () => readonly NodeQuestion[] | undefined {
  let budget = context.budget;
  const pack = (rest: readonly NodeQuestion[]): (readonly NodeQuestion[])[] => {
    const packed = packByCost(rest, ({ cost }) => cost, budget).toReversed();
    const isLast = (batch: readonly NodeQuestion[]): boolean => !batch.some(({ goesOn }) => goesOn === true);
    return [...packed.filter(isLast), ...packed.filter((batch) => !isLast(batch))];
  };
  let batches = pack(questions);
  return () => {
    if (context.budget < budget) {
      budget = context.budget;
      batches = pack(batches.flat());
    }
    return batches.pop();
  };
}

interface Asking {
  readonly context: AskContext;
  readonly holding: Holding;
  readonly take: (id: string, answer: NodeAnswer) => void;
}

async function askBatch(asking: Asking, batch: readonly NodeQuestion[]): Promise<void> {
  const { context, holding, take } = asking;
  const takeAll = (answer: NodeAnswer): void => {
    for (const { id } of batch) take(id, answer);
  };
  const cost = batch.reduce((sum, question) => sum + question.cost, 0);
  // The budget may have sunk since the batch was packed.
  if (batch.length > 1 && cost > context.budget) return askHalves(asking, batch);
  let answer: GraphqlAnswer;
  try {
    answer = await askWithout(context, batch);
  } catch (error) {
    if (!(error instanceof PlatformError) || error.failure === "interrupted") throw error;
    return takeAll({ state: "failed", because: error.message });
  }
  const { data, faults } = answer;
  const whole = data === undefined || faults.some((fault) => !/^n\d+$/.test(fault.path[0] ?? ""));
  if (faults.length > 0 && whole && batch.length > 1) {
    if (faults.some((fault) => /cost|complex/i.test(fault.message)))
      context.budget = Math.min(context.budget, cost > CAREFUL_BUDGET ? CAREFUL_BUDGET : cost / 2);
    return askHalves(asking, batch);
  }
  if (!holding.take(answer.characters)) {
    holding.take(-answer.characters);
    return takeAll({ state: "failed", because: `the list ${ENDLESS}` });
  }
  batch.forEach(({ id }, at) => {
    take(id, judgeNode(answer, at, batch.length));
  });
}

async function askHalves(asking: Asking, batch: readonly NodeQuestion[]): Promise<void> {
  const middle = Math.ceil(batch.length / 2);
  const halves = [batch.slice(0, middle), batch.slice(middle)];
  await Promise.all(halves.map((half) => askBatch(asking, half)));
}

/** Asks, and asks again without the parts that the server says it does not know. */
async function askWithout(context: AskContext, batch: readonly NodeQuestion[]): Promise<GraphqlAnswer> {
  for (;;) {
    const asked = new Set([...context.optional].filter((part) => !context.dropped.has(part)));
    const answer = await context.graphql.ask(writeQuery(context, batch), writeVariables(batch));
    const refused = answer.data === undefined ? findRefusedParts(answer.faults, asked) : new Set<OptionalPart>();
    if (refused.size === 0) return answer;
    for (const part of refused) context.dropped.add(part);
  }
}

function writeQuery(context: AskContext, batch: readonly NodeQuestion[]): string {
  const selections = batch.map((question, at) => {
    const selection = question.select(context.dropped, `c${at}`);
    return { selection, usesCursor: selection.includes(`$c${at})`) };
  });
  const variables = selections.map(({ usesCursor }, at) => `$i${at}: ID!${usesCursor ? `, $c${at}: String` : ""}`);
  const nodes = selections.map(({ selection }, at) => `n${at}: node(id: $i${at}) { ${selection} }`);
  return `query Members(${variables.join(", ")}) { ${nodes.join(" ")} }`;
}

function writeVariables(batch: readonly NodeQuestion[]): JsonObject {
  const variables: Record<string, string> = {};
  batch.forEach(({ id, cursor }, at) => {
    variables[`i${at}`] = id;
    if (cursor !== undefined) variables[`c${at}`] = cursor;
  });
  return variables;
}

/** One question's part of an answer. Any fault beneath it spoils it: half a list is worse than none. */
function judgeNode(answer: GraphqlAnswer, at: number, questions: number): NodeAnswer {
  const alias = `n${at}`;
  const fault = answer.faults.find(({ path }) => path[0] === alias || questions === 1);
  if (fault !== undefined) return { state: "refused", because: fault.message };
  if (answer.data === undefined) return { state: "refused", because: answer.faults[0]?.message ?? "no answer" };
  const node = answer.data[alias];
  return isObject(node) ? { state: "answered", node } : { state: "absent" };
}
