import type { Step } from "../model/change.ts";
import { Impossible, PlatformError } from "../model/errors.ts";
import type { KindWrites, WriteContext, Written } from "../model/kind.ts";
import type { PlatformWriter } from "../model/platform.ts";
import type { RemoteRef } from "../model/resource.ts";
import type { KnownIds } from "./known-ids.ts";

/** What came of having the effect of a step. */
export interface Deed {
  readonly result: "done" | "absent" | "failed" | "unknown";
  readonly remote?: RemoteRef;
  readonly notes: readonly string[];
  /** What was thrown. */
  readonly cause?: unknown;
}

/**
 * Has the effect of a step. Only a refusal of the platform is known to have had none: after a lost answer, an interruption or a
 * fault of ours in the middle nobody can say, and the result is `unknown`.
 */
export async function performDeed(
  step: Step,
  kind: KindWrites,
  run: { readonly writer: PlatformWriter; readonly ids: KnownIds; readonly isApproved: boolean },
): Promise<Deed> {
  const context: WriteContext = {
    writer: run.isApproved ? run.writer : withoutRemoval(run.writer, step),
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
        return describeWritten(await kind.create(context));
      case "update":
        return describeWritten(await kind.update(context));
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
    editIdentityProvider: (edit) =>
      writer.editIdentityProvider({
        id: edit.id,
        change: (current) => {
          const wanted = edit.change(current);
          const kept = new Set(wanted.mappings.map(({ id }) => id));
          if (current.mappings.every(({ id }) => kept.has(id))) return wanted;
          throw new Impossible(`${step.op} ${step.address} tried to delete without an approval`);
        },
      }),
  };
}

function describeWritten({ remote, notes }: Written): Deed {
  return { result: "done", remote, notes };
}

function hadNoEffect(cause: unknown): boolean {
  return cause instanceof PlatformError && !cause.ambiguous && cause.failure !== "interrupted";
}
