import type { Address } from "../model/address.ts";
import type { Step } from "../model/change.ts";
import { DiagnosedError } from "../model/errors.ts";
import type { Observation } from "../model/plan.ts";
import type { PlatformReader } from "../model/platform.ts";
import { remoteOf } from "../model/resource.ts";
import { readStanding } from "./caller-standing.ts";
import { judgeRight, placeOf } from "./judge-right.ts";
import { WRITE_NEEDS } from "./write-needs.ts";

/** How many changes are named; of more the number is told. */
const MOST_NAMED = 5;

/**
 * Refuses a run that the key surely may not do, before its first change: a key that only reads shall not fail in the middle.
 * Nothing is asked of an account admin, or of somebody who may be one. Throws DiagnosedError (AX420).
 */
export async function requireRights(
  reader: PlatformReader,
  steps: readonly Step[],
  { caller, world }: Pick<Observation, "caller" | "world">,
): Promise<void> {
  if (caller.accountAdmin !== "no" || steps.length === 0) return;
  const idOf = (address: Address): string | undefined => remoteOf(world.get(address))?.["id"];
  const places = new Map(steps.map((step) => [step, placeOf(step.address, idOf)]));
  const standing = await readStanding(reader, caller, {
    organizations: listIds([...places.values()].map(({ organization }) => organization)),
    spaces: listIds([...places.values()].map(({ space }) => space)),
  });
  const lacking = steps.filter((step) => {
    const place = places.get(step);
    return place !== undefined && judgeRight(WRITE_NEEDS[step.kind][step.op], standing, place) === "lacks";
  });
  if (lacking.length > 0) throw refuse(lacking, steps.length, caller.email);
}

function listIds(ids: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(ids.filter((id) => id !== undefined))].sort();
}

function refuse(lacking: readonly Step[], all: number, email: string | undefined): DiagnosedError {
  const named = lacking.slice(0, MOST_NAMED).map(({ op, address }) => `${op} ${address}`);
  const more = lacking.length > MOST_NAMED ? `, and ${lacking.length - MOST_NAMED} more` : "";
  return new DiagnosedError([
    {
      code: "AX420",
      severity: "error",
      summary: "The key may not do this",
      detail: `The key${email === undefined ? "" : ` of ${email}`} lacks the right to ${lacking.length} of ${all} changes: ${named.join(", ")}${more}. Nothing of the plan was done.`,
      fix: "Apply with a key that has it. axcess doctor tells what a key may do.",
    },
  ]);
}
