import { findClosest } from "../../engine/find-closest.ts";
import { type Address, parseAddress } from "../../model/address.ts";
import { UsageError } from "../../model/errors.ts";
import type { Limits } from "../../model/policy.ts";
import { listKeys } from "../../secrets/list-keys.ts";
import { loadInputs } from "../load-inputs.ts";
import { planAndShow } from "../plans/plan-and-show.ts";
import { harmless } from "../render/harmless.ts";
import type { Outcome, Session } from "../session.ts";
import { runApply } from "./run-apply.ts";

/** What `keys rotate` was asked for. */
export interface RotateRequest {
  /** The name of a key, or its address. */
  readonly key: string;
  readonly autoApprove: boolean;
  readonly approvals: readonly string[];
  readonly author: string | undefined;
  /** Where to save the plan, which is then approved and applied; undefined: it is done now. */
  readonly out: string | undefined;
}

/** Gives one service key of the manifest a new secret now, through everything an apply goes through. */
export async function runRotate(session: Session, request: RotateRequest): Promise<Outcome> {
  const { manifest } = await loadInputs(session);
  const rotate = findKey(
    listKeys(manifest).map(({ address, key }) => ({ address, name: key.name })),
    request.key,
  );
  const limits: Limits = { allow: [], targets: [rotate], excludes: [] };
  const { out, author } = request;
  if (out !== undefined) {
    return planAndShow(session, { out, formats: [], detailedExitcode: false, limits, rotate, author });
  }
  return runApply(session, {
    plan: undefined,
    autoApprove: request.autoApprove,
    approvals: request.approvals,
    author,
    limits,
    rotate,
  });
}

function findKey(keys: readonly { readonly address: Address; readonly name: string }[], word: string): Address {
  const isAddress = parseAddress(word)?.kind === "service-key";
  const found = keys.filter(({ address, name }) => (isAddress ? address === word : name === word));
  const [first] = found;
  if (first === undefined) {
    const closest = findClosest(
      word,
      keys.flatMap(({ address, name }) => [name, address]),
    );
    throw new UsageError(
      `The manifest has no service key "${harmless(word)}".`,
      closest === undefined ? "Write it under service_keys of its space." : `Did you mean ${harmless(closest)}?`,
    );
  }
  if (found.length > 1) {
    const addresses = found.map(({ address }) => harmless(address)).join(", ");
    throw new UsageError(
      `Several service keys are called "${harmless(word)}".`,
      `Name one by its address: ${addresses}`,
    );
  }
  // A pattern would take other keys along.
  if (first.address.includes("*")) throw new UsageError("A key with * in its name can only rotate by an apply.");
  return first.address;
}
