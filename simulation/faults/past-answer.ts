import type { HttpRequest, HttpResponse } from "../../src/model/ports.ts";
import { embedSandbox } from "../../src/sandbox/embed-sandbox.ts";
import type { Operation } from "../../src/sandbox/store.ts";
import { ask } from "../machine/ask.ts";
import { isQuestion } from "../machine/ask-again.ts";
import { type Machine, START } from "../machine/machine.ts";

/** Answers a question as it would have been before the last write; undefined for what is no question, and where nothing was written. */
export async function answerFromThePast(
  machine: Machine,
  request: HttpRequest,
  target: string,
): Promise<HttpResponse | undefined> {
  const last = machine.state.transactions.findLastIndex(isWrite);
  if (!isQuestion(request, target) || last < 0) return undefined;
  const now = new Date(START + machine.timeline.now());
  const past = await embedSandbox({ switches: machine.sandbox.account.switches(), seed: 0, now: () => now }, () => {});
  const { store } = past.account;
  for (const { id } of [...store.tables.users.all()]) store.replay(["drop", "users", id]);
  for (const { id } of [...store.tables.api_keys.all()]) store.replay(["drop", "api_keys", id]);
  for (const { id } of [...store.tables.roles.all()]) store.replay(["drop", "roles", id]);
  for (const operations of machine.state.transactions.slice(0, last)) for (const one of operations) store.replay(one);
  return ask(past, request, target);
}

/** That a key was used is written down too, and means nothing. */
function isWrite(operations: readonly Operation[]): boolean {
  return operations.some(([, table]) => table !== "api_keys") || operations.length > 1;
}
