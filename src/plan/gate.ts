import type { Finding, Gate, HazardCode, Step } from "../model/change.ts";
import { isLapseAlone } from "../model/lapsed.ts";
import type { Limits, Policy } from "../model/policy.ts";
import { BLOCKING, UNPASSABLE } from "./guards.ts";
import type { Draft } from "./match.ts";

/** Hazards that hold a change whatever the policy says. */
const HOLDING: readonly HazardCode[] = [
  "removes-access",
  "cascades",
  "irreversible",
  "blind",
  "first-managed",
  "exposes",
  "interrupts",
];

/** What a change is judged by beside its findings. */
interface Judging {
  readonly policy: Policy;
  readonly limits: Limits;
  /** What goes with it, and who has less by it. */
  readonly removal?: Pick<Step, "cascade" | "loses">;
}

/**
 * Decides whether a change runs, waits for an approval, or cannot be approved. A deletion always waits, whatever its hazards.
 * What blocks names every flag that lets it through; passing them releases nothing that is held. The one deletion that may be
 * open is that of a grant whose time is over, where the policy says so and it takes from nobody but its holder.
 */
export function judgeGate(draft: Draft, findings: readonly Finding[], judging: Judging): Gate {
  const { policy, limits } = judging;
  const blocking = findings.filter((finding) => blocks(finding, policy) && !isPassed(finding, limits));
  if (blocking.length > 0) return { state: "blocked", by: codesOf(blocking), release: adviseAll(blocking) };
  const holding = codesOf(
    findings.filter(({ code, holds }) => holds === true || HOLDING.includes(code) || policy.hold.includes(code)),
  );
  if (mayLapse(draft, findings, judging)) return { state: "open", by: ["expired"] };
  if (draft.op === "delete") return { state: "held", by: holding.length > 0 ? holding : codesOf(findings) };
  return holding.length > 0 ? { state: "held", by: holding } : { state: "open" };
}

/** What takes all of the blocks away at once: sentences for those that no flag passes, and the flags for the others. */
function adviseAll(blocking: readonly Finding[]): string {
  const sentences = new Set<string>();
  const flags = new Map<string, number | undefined>();
  for (const { code, release } of blocking) {
    const advice = release ?? BLOCKING[code] ?? `--allow ${code}`;
    // Stryker disable next-line ArrayDeclaration: a list of one holds neither flag nor number, like an empty one.
    const [, flag, number] = /^(--\S+) (\d+)$/u.exec(advice) ?? [];
    if (UNPASSABLE.includes(code)) sentences.add(advice);
    else if (flag === undefined) flags.set(advice, undefined);
    else flags.set(flag, widestOf(flag, flags.get(flag), Number(number)));
  }
  const words = [...flags].map(([flag, number]) => (number === undefined ? flag : `${flag} ${number}`)).join(" ");
  const rest = words !== "" && sentences.size > 0 ? `Then give ${words}` : words;
  return [...sentences, ...(rest === "" ? [] : [rest])].join(" ");
}

/** Of two numbers for one flag the one that lets both through: what must remain the smaller, what may go the larger. */
function widestOf(flag: string, one: number | undefined, other: number): number {
  if (one === undefined) return other;
  return flag === "--min-admins" ? Math.min(one, other) : Math.max(one, other);
}

function blocks({ code, blocks: isBlocked }: Finding, policy: Policy): boolean {
  return isBlocked === true || BLOCKING[code] !== undefined || policy.forbid.includes(code);
}

function mayLapse(draft: Draft, findings: readonly Finding[], { policy, removal }: Judging): boolean {
  const { op, reason, address, origin } = draft;
  if (policy.expire !== "automatic" || policy.hold.includes("removes-access") || removal === undefined) return false;
  const expires = origin?.from === "manifest" ? origin.expires : undefined;
  const { cascade, loses } = removal;
  const from = draft.before?.spec;
  return isLapseAlone({ op, reason, address, expires, cascade, from, loses, hazards: findings });
}

function isPassed({ code }: Finding, limits: Limits): boolean {
  return !UNPASSABLE.includes(code) && limits.allow.includes(code);
}

function codesOf(findings: readonly Finding[]): readonly HazardCode[] {
  return [...new Set(findings.map(({ code }) => code))];
}
