import type { SecretKeeper } from "../apply/apply-plan.ts";
import type { PlatformWriter } from "../model/platform.ts";
import type { Ledger } from "../state/ledger.ts";

/**
 * A writer that changes nothing once the lock of the ledger may be another run's. It asks right before each sending: a change may
 * wait for its turn, for the end of a limit or after a lost answer long after its intent was written.
 */
export function writeWhileHeld(writer: PlatformWriter, { ensureHeld }: Pick<Ledger, "ensureHeld">): PlatformWriter {
  return {
    write: (request) => writer.write({ ...request, beforeSending: ensureHeld }),
    remove: (path) => writer.remove(path, ensureHeld),
    editIdentityProvider: (edit) => writer.editIdentityProvider({ ...edit, beforeSending: ensureHeld }),
  };
}

/** A keeper that hands on no secret then: another run may have put its own into the same place, and revoked what this one made. */
export function deliverWhileHeld(keeper: SecretKeeper, { ensureHeld }: Pick<Ledger, "ensureHeld">): SecretKeeper {
  return {
    whyNotReady: keeper.whyNotReady,
    deliver: async (step, secret) => {
      await ensureHeld();
      await keeper.deliver(step, secret);
    },
  };
}
