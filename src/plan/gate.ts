import type { Gate, Hazard, HazardCode } from "../model/change.ts";
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

/**
 * Decides whether a change runs, waits for an approval, or cannot be approved. A deletion always waits, whatever its hazards.
 * `release` is the flag that lets a mass removal through.
 */
export function judgeGate(
  draft: Draft,
  hazards: readonly Hazard[],
  options: { readonly policy: Policy; readonly limits: Limits; readonly release: string | undefined },
): Gate {
  const { policy, limits, release } = options;
  const codes = [...new Set(hazards.map(({ code }) => code))];
  const blocking = codes.filter(
    (code) =>
      UNPASSABLE.includes(code) ||
      ((BLOCKING[code] !== undefined || policy.forbid.includes(code)) && !limits.allow.includes(code)),
  );
  const [first] = blocking;
  if (first !== undefined) {
    const advice = first === "mass-removal" ? release : BLOCKING[first];
    return { state: "blocked", by: blocking, release: advice ?? `--allow ${first}` };
  }
  const holding = codes.filter((code) => HOLDING.includes(code) || policy.hold.includes(code));
  if (draft.op === "delete") return { state: "held", by: holding.length > 0 ? holding : codes };
  return holding.length > 0 ? { state: "held", by: holding } : { state: "open" };
}
