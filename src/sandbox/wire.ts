import type { FaultEffect } from "./faults.ts";
import type { ProblemBody } from "./problems.ts";

/** A request as it came over the wire, its body read. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly header: (name: string) => string | undefined;
  readonly text: string;
}

/** What a request led to, before it is written to the wire. */
export interface Outcome {
  readonly status: number;
  /** JSON to answer; absent for no content. */
  readonly body?: unknown;
  readonly isProblem?: boolean;
  readonly retryAfter?: string;
  /** The user whose key was recognised. */
  readonly caller?: string;
  readonly operation?: string;
  readonly requestBody?: unknown;
  readonly graphql?: { readonly type: "query" | "mutation"; readonly cost: number };
}

/** An answer as it goes over the wire; undefined text for none. "reset" means that the connection is cut instead. */
export type WireAnswer =
  | "reset"
  | { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly text: string | undefined };

/** Makes the outcome of a refused request. */
export function refuse(problem: ProblemBody, retryAfter: number | undefined): Outcome {
  const wait = retryAfter === undefined ? {} : { retryAfter: String(retryAfter) };
  return { status: problem.status, body: problem, isProblem: true, ...wait };
}

/** Writes an outcome as it goes over the wire. */
export function writeAnswer(outcome: Outcome): Exclude<WireAnswer, "reset"> {
  const wait: Record<string, string> = outcome.retryAfter === undefined ? {} : { "retry-after": outcome.retryAfter };
  if (outcome.body === undefined) return { status: outcome.status, headers: wait, text: undefined };
  const type = outcome.isProblem === true ? "application/problem+json" : "application/json";
  return { status: outcome.status, headers: { "content-type": type, ...wait }, text: JSON.stringify(outcome.body) };
}

/** Changes an answer as a fault wants it. */
export function applyEffect(
  answer: Exclude<WireAnswer, "reset">,
  effect: FaultEffect,
  request: WireRequest,
): WireAnswer {
  switch (effect.kind) {
    case "reset":
      return "reset";
    case "delay":
      return answer;
    case "truncate":
      return { ...answer, text: answer.text?.slice(0, Math.ceil(answer.text.length / 2)) };
    case "repeat-cursor":
      return { ...answer, text: repeatCursor(answer.text ?? "{}", request.query.get("cursor")) };
    case "status":
      return writeFailure(effect, request.path);
    default:
      return effect satisfies never;
  }
}

function writeFailure(effect: Extract<FaultEffect, { kind: "status" }>, path: string): WireAnswer {
  const wait: Record<string, string> = effect.retryAfter === undefined ? {} : { "retry-after": effect.retryAfter };
  const { status } = effect;
  const title = `Injected ${status}`;
  switch (effect.body ?? "problem") {
    case "problem": {
      const text = JSON.stringify({ status, title, detail: "A fault was injected.", instance: path });
      return { status, headers: { "content-type": "application/problem+json", ...wait }, text };
    }
    case "json":
      return { status, headers: { "content-type": "application/json", ...wait }, text: '{"message":"injected"}' };
    case "html": {
      const text = `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
      return { status, headers: { "content-type": "text/html", ...wait }, text };
    }
    default:
      return { status, headers: { "content-length": "0", ...wait }, text: undefined };
  }
}

function repeatCursor(text: string, asked: string | null): string {
  const body = JSON.parse(text) as { pagination?: { next_cursor?: string } };
  if (body.pagination === undefined) return text;
  const next_cursor = asked ?? body.pagination.next_cursor ?? "stuck";
  return JSON.stringify({ ...body, pagination: { has_more: true, next_cursor } });
}
