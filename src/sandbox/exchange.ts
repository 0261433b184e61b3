import { setTimeout as sleep } from "node:timers/promises";
import type { Account } from "./account.ts";
import type { FaultRule, Faults } from "./faults.ts";
import { mixNumber, seedNumber } from "./ids.ts";
import type { LoggedRequest, RequestLog } from "./request-log.ts";
import type { Outcome, WireAnswer, WireRequest } from "./wire.ts";
import { applyEffect, writeAnswer } from "./wire.ts";

/** What conducting a request needs besides the request. */
export interface ExchangeParts {
  readonly account: Account;
  readonly faults: Faults;
  readonly log: RequestLog;
}

/** Takes a request through latency and faults around its real work, and logs it once its answer is certain. */
export async function conductExchange(
  parts: ExchangeParts,
  request: WireRequest,
  work: { readonly operation: string | undefined; readonly run: () => Outcome | Promise<Outcome> },
): Promise<WireAnswer> {
  const rule = parts.faults.strike({ method: request.method, path: request.path, operation: work.operation });
  await waitFor(chooseDelay(parts, rule));
  const skipsWork = rule !== undefined && isFailure(rule) && rule.stage !== "after";
  const outcome = skipsWork ? { status: 0 } : await work.run();
  const plain = writeAnswer(outcome);
  const answer = rule === undefined ? plain : applyEffect(plain, rule.effect, request);
  parts.log.append(describeRequest(parts, { request, outcome, answer, operation: work.operation, rule }));
  return answer;
}

/** Effects that stand in for the answer; the others change a real one. */
function isFailure(rule: FaultRule): boolean {
  return rule.effect.kind === "status" || rule.effect.kind === "reset";
}

function chooseDelay(parts: ExchangeParts, rule: FaultRule | undefined): number {
  const { latencyMs, latencyJitterMs } = parts.account.switches();
  const extra = rule?.effect.kind === "delay" ? rule.effect.ms : 0;
  if (latencyJitterMs === 0) return latencyMs + extra;
  const seed = seedNumber(parts.account.store.settings().seed);
  return latencyMs + (mixNumber(parts.log.entries.length, seed) % latencyJitterMs) + extra;
}

async function waitFor(ms: number): Promise<void> {
  if (ms > 0) await sleep(ms);
}

function describeRequest(
  parts: ExchangeParts,
  seen: {
    readonly request: WireRequest;
    readonly outcome: Outcome;
    readonly answer: WireAnswer;
    readonly operation: string | undefined;
    readonly rule: FaultRule | undefined;
  },
): Omit<LoggedRequest, "seq"> {
  const { request, outcome, answer, rule } = seen;
  const operation = outcome.operation ?? seen.operation;
  return {
    at: parts.account.now().toISOString(),
    method: request.method,
    path: request.path,
    query: request.query.toString(),
    status: answer === "reset" ? 0 : answer.status,
    ...(outcome.caller === undefined ? {} : { caller: outcome.caller }),
    ...(operation === undefined ? {} : { operation }),
    ...(outcome.requestBody === undefined ? {} : { body: outcome.requestBody }),
    ...(outcome.graphql === undefined ? {} : { graphql: outcome.graphql }),
    ...(rule === undefined ? {} : { fault: rule.name ?? rule.effect.kind }),
  };
}
