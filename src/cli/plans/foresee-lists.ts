import { KINDS } from "../../kinds/registry.ts";
import type { HearPart } from "../../manifest/load-manifest.ts";
import type { Address } from "../../model/address.ts";
import type { ListRequest } from "../../model/platform.ts";
import { mayExist } from "../../state/open-store.ts";
import { findLedgerPlace } from "../manifest-home.ts";
import type { Session } from "../session.ts";

/** Told of lists that will be asked for. */
export type TellLists = (lists: readonly ListRequest[]) => void;

/**
 * Hears of each part of a manifest as soon as it is parsed, and tells which lists of the whole account it will have asked for. What
 * stands in places is only told where there may be a ledger: an account that nothing was made in yet has none of it. Once a part
 * names the account nothing more is told: whether it is that one is asked before anything else.
 */
export function foreseeLists(session: Session, tell: TellLists): HearPart {
  const hasLedger = findLedgerPlace(session).then(mayExist);
  hasLedger.catch(() => undefined);
  return untilNamed(({ kinds: foretold }) => {
    const kinds = KINDS.filter(({ name }) => foretold.has(name));
    tell(kinds.filter(({ parentKind }) => parentKind === undefined).flatMap(({ lists = [] }) => lists));
    const placed = kinds.filter(({ parentKind }) => parentKind !== undefined).flatMap(({ lists = [] }) => lists);
    if (placed.length > 0) hasLedger.then((has) => has && tell(placed)).catch(() => undefined);
  });
}

/** The same for a plan of some people: what they have in places is only known once it is known who they are. */
export function foreseePeople(people: readonly Address[], tell: TellLists): HearPart {
  return untilNamed(({ kinds }) => {
    const roots = KINDS.filter(({ name, parentKind }) => parentKind === undefined && kinds.has(name));
    tell(roots.flatMap(({ lists = [], listsFor }) => listsFor?.(people) ?? lists));
  });
}

function untilNamed(hear: HearPart): HearPart {
  let namesAccount = false;
  return (part) => {
    namesAccount ||= part.namesAccount;
    if (!namesAccount) hear(part);
  };
}
