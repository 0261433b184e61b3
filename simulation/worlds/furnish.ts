import { send } from "../faults/edit-by-hand.ts";
import type { Machine } from "../machine/machine.ts";
import type { Call } from "../story/scenario.ts";

/** Puts into the account what is there before axcess comes. Throws where a call is refused. */
export async function furnish(machine: Machine, calls: readonly Call[]): Promise<void> {
  machine.state.actor = "furniture";
  const ids = new Map<string, string>();
  for (const call of calls) {
    const answer = (await send(machine, fillIn(call, ids))) as { readonly id?: string };
    if (call.as !== undefined && answer?.id !== undefined) ids.set(call.as, answer.id);
    else if (call.as !== undefined)
      throw new Error(`The furniture ${JSON.stringify(call)} was refused: ${JSON.stringify(answer)}`);
  }
}

/** Puts ids into the places of `{name}`. */
function fillIn({ method, target, body }: Call, ids: ReadonlyMap<string, string>): Call {
  const fill = (text: string, spell: (id: string) => string): string =>
    text.replace(/\{(\w+)\}/gu, (_all, name: string) => spell(ids.get(name) ?? name));
  const filled = body === undefined ? undefined : (JSON.parse(fill(JSON.stringify(body), (id) => id)) as unknown);
  return { method, target: fill(target, encodeURIComponent), ...(filled !== undefined && { body: filled }) };
}
