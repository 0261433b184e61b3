import { KINDS } from "../../kinds/registry.ts";
import { loadManifest } from "../../manifest/load-manifest.ts";
import { type Diagnostic, hasErrors } from "../../model/diagnostic.ts";
import { DiagnosedError } from "../../model/errors.ts";
import type { Memory, Observation, Plan } from "../../model/plan.ts";
import type { Limits } from "../../model/policy.ts";
import type { Resource } from "../../model/resource.ts";
import { makeDesired } from "../../state/desired.ts";
import { loadInputs } from "../load-inputs.ts";
import type { Session } from "../session.ts";
import { planFrom } from "./plan-account.ts";

/** A plan by two manifests alone, and what is worth knowing about the second. */
interface Comparison {
  readonly plan: Plan;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Plans the manifest as if the account were exactly what another manifest declares. No account is asked, so neither drift, nor
 * what nobody declared, nor the ledger counts, and the ids of such a plan fit no real one. Throws DiagnosedError.
 */
export async function compareManifests(
  session: Session,
  { base, limits }: { readonly base: readonly string[]; readonly limits: Limits },
): Promise<Comparison> {
  const { manifest: from, diagnostics: faults } = await loadManifest({ files: session.files, paths: base });
  if (from === undefined || hasErrors(faults)) throw new DiagnosedError(faults);
  const { manifest, diagnostics } = await loadInputs(session);
  const now = session.clock.now();
  const [before, desired] = [from, manifest].map((one) => makeDesired({ manifest: one, kinds: KINDS, now }));
  if (before === undefined || desired === undefined) throw new DiagnosedError(faults);
  const account = { name: "the manifests alone", url: "no account" };
  const sight = { desired, observation: pretend(before.world.values()), account };
  const ours = [...before.managed].flatMap(([key, mode]) => (mode === "authoritative" ? [key] : []));
  const memory: Memory = { owned: new Map(), lastWritten: new Map(), managed: new Set(ours) };
  return { plan: planFrom(sight, { memory, limits }), diagnostics };
}

function pretend(declared: Iterable<Resource>): Observation {
  return {
    world: new Map([...declared].map((resource) => [resource.address, asLive(resource)])),
    coverage: new Map(KINDS.map(({ name }) => [name, "complete"])),
    covered: new Set(),
    belongings: new Map(),
    caller: {
      userId: undefined,
      email: undefined,
      accountName: undefined,
      accountAdmin: "yes",
      graphql: "available",
    },
    notes: [NOT_ASKED],
  };
}

/** What is declared, as it would be there; its address stands for the ids that only the account could tell. */
function asLive({ kind, address, spec }: Resource): Resource {
  return { kind, address, spec, origin: { from: "platform", remote: { id: address } } };
}

const NOT_ASKED: Diagnostic = {
  code: "AX380",
  severity: "warning",
  summary: "By the manifests alone: the account was not asked",
  detail:
    "This is what changes from one manifest to the other. What is on the account and stands in neither, what was changed there by hand, and what axcess wrote before do not count.",
  fix: "Only a plan of the account can be approved and applied.",
};
