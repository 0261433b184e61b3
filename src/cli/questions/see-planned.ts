import { KINDS } from "../../kinds/registry.ts";
import type { Address } from "../../model/address.ts";
import type { Step } from "../../model/change.ts";
import type { Diagnostic } from "../../model/diagnostic.ts";
import { UsageError } from "../../model/errors.ts";
import type { Plan } from "../../model/plan.ts";
import type { Resource, World } from "../../model/resource.ts";
import { indexKinds } from "../../plan/kinds-by-name.ts";
import { findFormerAddress, predictWorld } from "../../plan/predict-world.ts";
import { loadSavedPlan } from "../plans/saved-plan.ts";
import { renderDiagnostics } from "../render/diagnostics-text.ts";
import { harmless } from "../render/harmless.ts";
import type { Session } from "../session.ts";
import { listUnread, readAround } from "./read-around.ts";
import { findDeclared, type SeenWorld } from "./see-world.ts";

/**
 * The world once a saved plan is done on the account as it is now, read as far as one place, or the whole account, needs.
 * Tells where the account no longer fits the plan. Throws UsageError when the plan is for another account.
 */
export async function seePlanned(
  session: Session,
  file: string,
  place: Address | undefined,
): Promise<SeenWorld & { readonly before: World; readonly unread: readonly string[] }> {
  const plan = await loadSavedPlan(session, file);
  const { steps } = plan;
  const kinds = indexKinds(KINDS);
  const declared = await findDeclared(session);
  // A place that the plan renames is read under both names: the plan may have been applied since.
  const places = place && [place, findFormerAddress(place, steps, kinds)];
  const observation = await readAround(session, places, (accountUrl) => requireAccount(plan, accountUrl));
  const { before, after, covered, moved } = predictWorld(observation, steps, kinds);
  const movement = moved.length === 0 ? [] : [describeMovement(moved)];
  session.tell(renderDiagnostics(movement, session.errorPaint));
  const sources = new Map(steps.map(({ address, source }) => [address, source]));
  return {
    world: markInvited(after, steps),
    before,
    sourceOf: (grant) => sources.get(grant) ?? declared.sourceOf(grant),
    hidden: new Set([...covered].filter((grant) => !after.has(grant))),
    settings: declared.settings,
    unread: listUnread(observation),
    diagnostics: [...observation.notes, ...movement],
  };
}

function requireAccount({ account }: Plan, accountUrl: string): void {
  if (account.url === accountUrl) return;
  throw new UsageError(
    `The plan is for the account at ${harmless(account.url)}, and this is ${harmless(accountUrl)}.`,
    "Ask with the key of that account, or save a plan for this one.",
  );
}

function describeMovement(moved: readonly Address[]): Diagnostic {
  return {
    code: "AX333",
    severity: "warning",
    summary: "The account moved since the plan was made",
    detail: `It is otherwise than the plan found it: ${moved.join(", ")}. The answer is about the plan applied to what is there now.`,
    fix: "Plan again to see what would be done now: axcess plan --out plan.json",
  };
}

/** Whoever the plan invites has not come when it is done. */
export function markInvited(world: World, steps: readonly Step[]): World {
  const marked = new Map<Address, Resource>(world);
  for (const { op, kind, address, creation } of steps) {
    const person = world.get(address);
    const isInvited = op === "create" && kind === "user" && creation?.["invite"] !== "none";
    if (isInvited && person !== undefined) marked.set(address, { facts: { status: "INVITED" }, ...person });
  }
  return marked;
}
