import { type Address, kindOf } from "../model/address.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { PlanInput } from "./draft-plan.ts";

/** How many of a list are named. */
const MOST_NAMED = 3;

/** What a plan of targets was judged by where only what they need was read. */
export function describeTargetPart({ part, desired, observation, limits, kinds }: PlanInput): readonly Diagnostic[] {
  if (part === undefined) return [];
  const { focus } = part;
  const assumed = [...(observation.glimpse?.assumed ?? [])].sort();
  const sentences = [
    `Read was what ${nameSome(limits.targets)} ${limits.targets.length === 1 ? "needs" : "need"}, and not the rest of the account: shares, admins and what is in use are judged by that.`,
    ...(focus?.people.some((person) => limits.targets.includes(person)) !== true
      ? []
      : [describePlaces([...(focus?.named ?? [])].filter((address) => isContainer(address, kinds)))]),
    ...(assumed.length === 0
      ? []
      : [`Of ${nameSome(assumed)} the role was not looked at: by the ledger axcess wrote it as the manifest has it.`]),
    ...(desired.assertions.length === 0 ? [] : ["Assertions were not checked."]),
  ];
  return [
    {
      code: "AX426",
      severity: "note",
      summary: "Only what the targets need was read",
      detail: sentences.join(" "),
      fix: "A plan without `--target` looks at everything.",
    },
  ];
}

function isContainer(address: Address, kinds: PlanInput["kinds"]): boolean {
  return kinds.some(({ parentKind }) => parentKind === kindOf(address));
}

function describePlaces(places: readonly Address[]): string {
  return `Grants were looked for in ${places.length === 0 ? "no place" : nameSome([...places].sort())}, where the manifest or the ledger has some; what was given elsewhere was not looked for, and is not removed.`;
}

function nameSome(texts: readonly string[]): string {
  const others = texts.length - MOST_NAMED;
  const named = texts.slice(0, MOST_NAMED).join(", ");
  return others > 0 ? `${named} and ${others} more` : named;
}
