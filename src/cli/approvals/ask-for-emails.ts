import { pathPart } from "../../model/address.ts";
import type { ChangeId, Step } from "../../model/change.ts";
import type { Prompt } from "../prompt.ts";
import { harmless } from "../render/harmless.ts";

/**
 * Asks for the e-mail of each person who is to be deleted, since nothing brings them back, and gives the changes for which it
 * was not typed: these stay held.
 */
export async function askForEmails(prompt: Prompt, steps: readonly Step[]): Promise<readonly ChangeId[]> {
  const doubted: ChangeId[] = [];
  for (const { id, op, kind, address } of steps) {
    if (op !== "delete" || kind !== "user") continue;
    const email = pathPart(address, 0);
    const answer = await prompt.ask(
      `${harmless(email)} is deleted for good and can never be invited again. Type the e-mail to confirm: `,
    );
    if (answer?.toLowerCase() !== email) doubted.push(id);
  }
  return doubted;
}
