import { type Address, formatAddress, kindOf, pathOf, pathPart } from "../../model/address.ts";
import type { Diagnostic } from "../../model/diagnostic.ts";
import type { Observation } from "../../model/plan.ts";
import type { DriftItem } from "../../plan/find-drift.ts";
import { spellGlobals } from "../flags/globals.ts";
import { quoteShellWord } from "../render/quote-shell-word.ts";
import type { Session } from "../session.ts";

/** What of an account's side cannot be written, and why. */
export interface Refusal {
  readonly address: Address;
  readonly because: string;
}

/** What there is to know of what was found beside it. */
interface Found {
  readonly items: readonly DriftItem[];
  readonly observation: Pick<Observation, "world" | "coverage">;
}

/** Says why something cannot be taken into the manifest, and what to do: where what it hangs on is gone, about that. */
export function adviseRefusal({ globals }: Session, { address, because }: Refusal, found: Found): Diagnostic {
  const place = findGonePlace(address, found);
  if (place !== undefined) {
    return describe(
      `${address}: ${place} is not there any more, and a group still gives something in it.`,
      `Take the block of ${place} out of the manifest, or have the account follow the manifest: axcess plan`,
    );
  }
  const person = findGonePerson(address, found.observation);
  if (person !== undefined) {
    const command = ["axcess", "offboard", person, ...spellGlobals(globals)].map(quoteShellWord).join(" ");
    return describe(
      `${address}: ${person} is not in the account any more, and a group still names them.`,
      `Take them out of every place: ${command}`,
    );
  }
  return describe(
    `${address}: ${because}.`,
    "Edit the manifest by hand, or have the account follow the manifest: axcess plan",
  );
}

function describe(detail: string, fix: string): Diagnostic {
  return { code: "AX348", severity: "error", summary: "The account's side cannot be written", detail, fix };
}

const GRANTS: readonly string[] = ["org-member", "space-member", "binding"];
const PLACES = ["organization", "space", "project"] as const;

/** The outermost place around a missing grant that is missing itself, and was not only given another name. */
function findGonePlace(address: Address, { items, observation }: Found): Address | undefined {
  if (!isMissingGrant(address, observation)) return undefined;
  const names = pathOf(address).slice(0, -1);
  const around = PLACES.slice(0, names.length).map((kind, depth) => formatAddress(kind, names.slice(0, depth + 1)));
  const gone = around.find((place) => !observation.world.has(place));
  const isMoved = items.some(({ address: other, movedTo }) => other === gone && movedTo !== undefined);
  return isMoved ? undefined : gone;
}

/** Whoever a missing grant was for, where nobody of that e-mail is left in a list of people that was read whole. */
function findGonePerson(address: Address, { world, coverage }: Found["observation"]): string | undefined {
  if (!isMissingGrant(address, { world }) || coverage.get("user") !== "complete") return undefined;
  const person = pathPart(address, -1);
  return world.has(`user:${address.slice(address.lastIndexOf("/") + 1)}`) ? undefined : person;
}

function isMissingGrant(address: Address, { world }: Pick<Observation, "world">): boolean {
  return GRANTS.includes(kindOf(address)) && !world.has(address);
}
