import { compareText, isSameJson } from "../model/json.ts";
import { parseJson } from "../model/parse-json.ts";
import type { Plan } from "../model/plan.ts";
import { hasParts, isListOf, isMapOf, isNumber, isOneOf, isText, type Shape } from "../model/shape.ts";
import { type KindCount, namePart, type PartName, type PlanShard, SHARD_UNITS, type Sharding } from "../model/shard.ts";
import type { Summary, SummaryBlock, SummaryPart } from "../model/summary.ts";
import { digestOf } from "./digest.ts";
import { PERCENT_FLOOR } from "./guards.ts";

/** The plan of a part. */
export type PartPlan = Plan & { readonly shard: PlanShard };

/** True for the plan of a part. */
export function isPartPlan(plan: Plan): plan is PartPlan {
  return plan.shard !== undefined;
}

/** Why plans are not those of all parts of one account and manifest, in sentences; empty where they are. */
export function findMisfits(plans: readonly Plan[]): readonly string[] {
  const parts = plans.filter(isPartPlan);
  const [first] = parts;
  if (first === undefined) return ["None of the plans is of a part of an account."];
  const { shard } = first;
  const others = parts.slice(1).flatMap((plan) => compareParts(first, plan));
  const named = parts.map((plan) => plan.shard.part);
  const counts = listParts(shard).map((part) => ({ part, times: named.filter((each) => each === part).length }));
  return [
    ...(parts.length < plans.length ? ["At least one of the plans is of the whole account."] : []),
    ...new Set(others),
    ...(others.length > 0 ? [] : counts.flatMap(({ part, times }) => tellTimes(part, times))),
  ];
}

function tellTimes(part: PartName, times: number): readonly string[] {
  if (times === 1) return [];
  return [times === 0 ? `The plan of ${namePart(part)} is missing.` : `There are ${times} plans of ${namePart(part)}.`];
}

function compareParts(one: PartPlan, other: PartPlan): readonly string[] {
  const { shard } = other;
  const differs: readonly (readonly [boolean, string])[] = [
    [shard.of !== one.shard.of || shard.by !== one.shard.by, "a plan of another division than"],
    [!isSameJson(other.account, one.account), "a plan of another account than"],
    [shard.whole !== one.shard.whole, "made from another manifest, or at another time that counts, than"],
    [!isSameJson(other.limits, one.limits), "made with other flags than"],
  ];
  return differs.flatMap(([isSo, words]) =>
    isSo ? [`That of ${namePart(shard.part)} is ${words} that of ${namePart(one.shard.part)}.`] : [],
  );
}

function listParts({ of }: Pick<Sharding, "of">): readonly PartName[] {
  return ["account", ...Array.from({ length: of }, (_, index) => index + 1)];
}

/** Judges the plans of all parts as one. They fit together. */
export function summarizeParts(plans: readonly [PartPlan, ...PartPlan[]], limits: Summary["limits"]): Summary {
  const [{ account, shard }] = plans;
  const order = listParts(shard);
  const parts = plans.map(describePart).sort((a, b) => order.indexOf(a.part) - order.indexOf(b.part));
  const counts = addCounts(plans);
  const content = {
    format: 1 as const,
    ...{ of: shard.of, by: shard.by, account, whole: shard.whole, limits, parts, counts },
    blocks: judgeWhole(plans, { limits, parts, counts }),
  };
  return { ...content, digest: digestOf(content) };
}

function describePart({ shard: { part }, digest, steps }: PartPlan): SummaryPart {
  const countOp = (op: string): number => steps.filter((step) => step.op === op).length;
  const countGate = (state: string): number => steps.filter(({ gate }) => gate.state === state).length;
  return {
    ...{ part, digest, creates: countOp("create"), updates: countOp("update"), deletes: countOp("delete") },
    ...{ held: countGate("held"), blocked: countGate("blocked") },
  };
}

function addCounts(plans: readonly PartPlan[]): Summary["counts"] {
  const sums = new Map<string, KindCount>();
  for (const [kind, { total, gone }] of plans.flatMap(({ shard }) => Object.entries(shard.counts))) {
    const sum = sums.get(kind) ?? { total: 0, gone: 0 };
    sums.set(kind, { total: sum.total + total, gone: sum.gone + gone });
  }
  return Object.fromEntries([...sums].sort(([a], [b]) => compareText(a, b)));
}

function judgeWhole(
  plans: readonly [PartPlan, ...PartPlan[]],
  { limits, parts, counts }: Pick<Summary, "limits" | "parts" | "counts">,
): readonly SummaryBlock[] {
  const [{ shard, limits: given }] = plans;
  const mostRemovals = limits.maxRemovals ?? given.maxRemovals ?? shard.allows.maxRemovals;
  const mostPercent = limits.maxRemovalPercent ?? given.maxRemovalPercent ?? shard.allows.maxRemovalPercent;
  const removals = parts.reduce((sum, { deletes }) => sum + deletes, 0);
  const blocks: SummaryBlock[] = [];
  if (removals > mostRemovals) {
    const detail = `All parts together remove ${removals} objects; the policy allows ${mostRemovals}.`;
    blocks.push({ code: "mass-removal", detail, release: `--max-removals ${removals}` });
  }
  for (const [kind, { total, gone }] of Object.entries(counts)) {
    const share = (gone * 100) / total;
    if (total < PERCENT_FLOOR || share <= mostPercent) continue;
    const percent = Math.ceil(share);
    const detail = `${gone} of ${total} in ${kind} go, ${percent} percent; the policy allows ${mostPercent}.`;
    blocks.push({ code: "mass-removal", detail, release: `--max-removal-percent ${percent}` });
  }
  for (const detail of plans.flatMap((plan) => plan.shard.breaks)) {
    blocks.push({ code: "assertion", detail, release: "--allow assertion" });
  }
  return blocks.filter(({ code }) => ![...limits.allow, ...given.allow].includes(code));
}

const PART = hasParts({
  part: (value) => value === "account" || isNumber(value),
  ...{ digest: isText, creates: isNumber, updates: isNumber, deletes: isNumber, held: isNumber, blocked: isNumber },
});

const isSummary = hasParts({
  ...{ format: isOneOf([1]), digest: isText, of: isNumber, by: isOneOf(SHARD_UNITS), whole: isText },
  account: hasParts({ url: isText }, { name: isText }),
  limits: hasParts({ allow: isListOf(isText) }, { maxRemovals: isNumber, maxRemovalPercent: isNumber }),
  parts: isListOf(PART),
  counts: isMapOf(hasParts({ total: isNumber, gone: isNumber })),
  blocks: isListOf(hasParts({ code: isText, detail: isText, release: isText })),
}) satisfies Shape as (value: unknown) => value is Summary;

/** Reads a saved summary; undefined where the text is none, or its digest does not fit. */
export function readSummary(text: string): Summary | undefined {
  const value: unknown = parseJson(text);
  if (!isSummary(value)) return undefined;
  const { digest, ...content } = value;
  return digestOf(content) === digest ? value : undefined;
}
