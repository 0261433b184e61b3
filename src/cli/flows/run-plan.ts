import { KINDS } from "../../kinds/registry.ts";
import type { HearPart } from "../../manifest/load-manifest.ts";
import { UsageError } from "../../model/errors.ts";
import type { Limits } from "../../model/policy.ts";
import type { Shard } from "../../model/shard.ts";
import { indexKinds } from "../../plan/kinds-by-name.ts";
import { listTargetPeople } from "../../plan/target-part.ts";
import type { Ahead } from "../account/ask-ahead.ts";
import type { PlanFormat } from "../flags/plan-formats.ts";
import { compareManifests } from "../plans/compare-manifests.ts";
import { foreseeLists, foreseePeople, type TellLists } from "../plans/foresee-lists.ts";
import { planAndShow, planExit } from "../plans/plan-and-show.ts";
import { writePlan } from "../plans/write-plan.ts";
import type { Outcome, Session } from "../session.ts";

/** What `plan` was asked for. */
export interface PlanRequest {
  readonly out: string | undefined;
  readonly formats: readonly PlanFormat[];
  readonly detailedExitcode: boolean;
  readonly limits: Limits;
  /** Paths of the manifest whose world stands for the account; empty: the account is asked. */
  readonly base: readonly string[];
  /** The part of the account that is planned; undefined: all of it. */
  readonly shard?: Shard | undefined;
}

/** Shows what would make the manifest true, and saves it where asked. */
export async function runPlan(session: Session, request: PlanRequest, { open, foresee }: Ahead): Promise<Outcome> {
  const onPart = chooseForesight(session, request, foresee);
  return planAndShow(session, request, { open, ...(onPart !== undefined && { onPart }) });
}

/** Of a part of the account less is asked than its manifest tells, but for some people it is known what. */
function chooseForesight(
  session: Session,
  { shard, limits: { targets } }: PlanRequest,
  foresee: TellLists,
): HearPart | undefined {
  if (shard !== undefined) return undefined;
  if (targets.length === 0) return foreseeLists(session, foresee);
  const people = listTargetPeople(targets, indexKinds(KINDS));
  return people && foreseePeople(people, foresee);
}

/** Shows what would change between what another manifest declares and this one, and asks no account. */
export async function compareAndShow(
  session: Session,
  { out, formats, detailedExitcode, shard, ...rest }: PlanRequest,
): Promise<Outcome> {
  if (shard !== undefined) {
    throw new UsageError("--base and --shard exclude each other.", "Two manifests are compared as a whole.");
  }
  if (out !== undefined) {
    throw new UsageError("--base and --out exclude each other.", "A plan that asked no account cannot be applied.");
  }
  const { plan, diagnostics } = await compareManifests(session, rest);
  await writePlan(session, plan, { formats, planFile: undefined, isUnasked: true });
  return { exit: planExit(plan, detailedExitcode), diagnostics, document: { plan } };
}
