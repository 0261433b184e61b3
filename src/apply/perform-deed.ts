import type { Step } from "../model/change.ts";
import { Impossible, PlatformError } from "../model/errors.ts";
import type { KindWrites, WriteContext } from "../model/kind.ts";
import type { PlatformReader, PlatformWriter } from "../model/platform.ts";
import type { Deed } from "./deed.ts";
import type { KnownIds } from "./known-ids.ts";
import { type SecretKeeper, settleSecret } from "./settle-secret.ts";

/**
 * Has the effect of a step. Only a refusal of the platform is known to have had none: after a lost answer, an interruption or a
 * fault of ours in the middle nobody can say, and the result is `unknown`.
 */
export async function performDeed(
  step: Step,
  kind: KindWrites,
  run: {
    readonly writer: PlatformWriter;
    readonly reader: PlatformReader;
    readonly ids: KnownIds;
    readonly isApproved: boolean;
    readonly secrets: SecretKeeper;
  },
): Promise<Deed> {
  const context: WriteContext = {
    writer: run.isApproved ? run.writer : withoutRemoval(run.writer, step),
    reader: run.reader,
    address: step.address,
    remote: step.remote,
    from: step.from,
    to: step.to,
    fields: step.fields,
    creation: step.creation ?? {},
    idOf: run.ids.idOf,
  };
  try {
    switch (step.op) {
      case "create":
        return await settleSecret(step, await kind.create(context), run.secrets);
      case "update":
        return await settleSecret(step, await kind.update(context), run.secrets);
      case "delete":
        return { result: (await kind.remove(context)) === "absent" ? "absent" : "done", notes: [] };
    }
  } catch (cause) {
    return { result: hadNoEffect(cause) ? "failed" : "unknown", notes: [], cause };
  }
}

/** What an open step is handed: whatever its kind tries, no deletion leaves this house without an approval. */
function withoutRemoval(writer: PlatformWriter, step: Step): PlatformWriter {
  return {
    write: (request) => writer.write(request),
    remove: () => Promise.reject(new Impossible(`${step.op} ${step.address} tried to delete without an approval`)),
  };
}

function hadNoEffect(cause: unknown): boolean {
  return cause instanceof PlatformError && !cause.ambiguous && cause.failure !== "interrupted";
}
