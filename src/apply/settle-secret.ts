import type { Step } from "../model/change.ts";
import type { Written } from "../model/kind.ts";
import type { Secret } from "../model/secret.ts";
import type { Deed } from "./deed.ts";

/** Who puts secrets where they belong. */
export interface SecretKeeper {
  /** Why the secret of a step could not be put where it belongs; undefined where nothing speaks against it. Changes nothing. */
  whyNotReady(step: Step): Promise<string | undefined>;
  /** Resolves once the secret is where it belongs, and rejects where it is not. */
  deliver(step: Step, secret: Secret): Promise<void>;
}

/** A keeper where there is no place for secrets. */
export const NO_KEEPER: SecretKeeper = {
  whyNotReady: async () => "There is no place for its secret.",
  deliver: () => Promise.reject(new Error("There is no place for its secret.")),
};

/** The secret of something that was made reached nobody. */
class SecretLost extends Error {
  constructor(message: string) {
    super(message);
    this.name = "SecretLost";
  }
}

/**
 * Hands a secret that was just shown to its keeper. Where it was lost or cannot be kept, what it belongs to is made worthless
 * before anything else happens; where even that fails the result is `unknown`, so that the next run does it. What lives on without its secret stays: it is done,
 * and its step fails with what people can do.
 */
export async function settleSecret(step: Step, written: Written, keeper: SecretKeeper): Promise<Deed> {
  const { remote, notes, secret } = written;
  if (secret === undefined) return { result: "done", remote, notes };
  const lost = secret.text === undefined ? "The answer was lost." : await whyNotKept(step, secret.text, keeper);
  if (lost === undefined) return { result: "done", remote, notes, secret: "delivered" };
  if (!("retract" in secret)) {
    const cause = new SecretLost(`It was made, but its secret reached nobody. ${lost} ${secret.remedy}`);
    return { result: "done", remote, notes, secret: "lost", cause };
  }
  try {
    await secret.retract();
  } catch (cause) {
    return { result: "unknown", notes: [`Its secret reached nobody, and it could not be revoked. ${lost}`], cause };
  }
  const cause = new SecretLost(`Its secret reached nobody, so what was made was revoked. ${lost}`);
  return { result: "failed", notes: [], cause, secret: "revoked" };
}

async function whyNotKept(step: Step, secret: Secret, keeper: SecretKeeper): Promise<string | undefined> {
  try {
    await keeper.deliver(step, secret);
    return undefined;
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
}
