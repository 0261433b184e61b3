import type { Step } from "../model/change.ts";
import { Impossible, PlatformError } from "../model/errors.ts";
import type { KindWrites, WriteContext } from "../model/kind.ts";
import type { PlatformReader, PlatformWriter, WriteAnswer, WriteRequest } from "../model/platform.ts";
import type { RemoteRef } from "../model/resource.ts";
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
    readonly leave: Leave;
    readonly secrets: SecretKeeper;
  },
): Promise<Deed> {
  const context: WriteContext = {
    writer: narrowWriter(run.writer, step, run.leave),
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
        return kind.refusesDuplicates === true
          ? await createOnce(kind, context)
          : await settleSecret(step, await kind.create(context), run.secrets);
      case "update":
        return await settleSecret(step, await kind.update(context), run.secrets);
      case "delete":
        return { result: (await kind.remove(context)) === "absent" ? "absent" : "done", notes: [] };
    }
  } catch (cause) {
    return { result: hadNoEffect(cause) ? "failed" : "unknown", notes: [], cause };
  }
}

/** Makes something that nobody looked for before: a refusal because it is there must not pass for success. */
async function createOnce(kind: KindWrites, context: WriteContext): Promise<Deed> {
  const answers: WriteAnswer[] = [];
  const write = async (request: WriteRequest): Promise<WriteAnswer> => {
    const answer = await context.writer.write({ ...request, tellsTaken: true });
    answers.push(answer);
    return answer;
  };
  const { remote, notes } = await kind.create({ ...context, writer: { ...context.writer, write } });
  const deed: Deed = { result: "done", remote, notes };
  return answers.some(({ found }) => found) ? { ...deed, isFound: true } : deed;
}

/** What let a step run: an approval, its time being over, or that it needed neither. */
export type Leave = "approved" | "lapsed" | "open";

/** What a step is handed to write with: whatever its kind tries, no deletion leaves this house beyond its leave. */
function narrowWriter(writer: PlatformWriter, step: Step, leave: Leave): PlatformWriter {
  if (leave === "approved") return writer;
  return leave === "lapsed" ? removingItself(writer, step) : withoutRemoval(writer, step);
}

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

/** Can remove what the step names, once, and do nothing else. */
function removingItself(writer: PlatformWriter, step: Step): PlatformWriter {
  let isUsed = false;
  return {
    write: () => Promise.reject(new Impossible(`the removal of ${step.address} tried to write something`)),
    remove: (path) => {
      if (isUsed || !namesItself(path, step.remote ?? {})) {
        return Promise.reject(new Impossible(`the removal of ${step.address} tried to remove something else`));
      }
      isUsed = true;
      return writer.remove(path);
    },
    editIdentityProvider: () =>
      Promise.reject(new Impossible(`the removal of ${step.address} tried to edit something`)),
  };
}

/** True for the path of the very object: its own id at the end, or, without one, the ids of the two that it joins. */
function namesItself(path: string, { id, ...joined }: RemoteRef): boolean {
  const segments = path.split("/").map(decodeURIComponent);
  const endsWith = (one: string): boolean => segments.at(-1) === one;
  if (id !== undefined) return endsWith(id);
  const ids = Object.values(joined);
  return ids.some(endsWith) && ids.filter((one) => segments.includes(one)).length >= 2;
}

function hadNoEffect(cause: unknown): boolean {
  return cause instanceof PlatformError && !cause.ambiguous && cause.failure !== "interrupted";
}
