import { KINDS } from "../../kinds/registry.ts";
import type { Diagnostic } from "../../model/diagnostic.ts";
import type { Manifest } from "../../model/manifest.ts";
import type { World } from "../../model/resource.ts";
import { makeDesired } from "../../state/desired.ts";
import { observeAccount } from "../../state/observe.ts";
import { selectPlaceReads } from "../../state/place-reads.ts";
import { openReading } from "../context.ts";
import { checkAccount } from "../plans/plan-account.ts";
import type { SourceOf } from "../render/access-text.ts";
import { renderDiagnostics } from "../render/diagnostics-text.ts";
import type { Session } from "../session.ts";
import { listUnread } from "./read-around.ts";
import { seePlanned } from "./see-planned.ts";
import { makeSourceOf } from "./see-world.ts";

/** A world that assertions are checked on. */
export interface TestedWorld {
  readonly world: World;
  /** Where the manifest writes a grant. */
  readonly sourceOf: SourceOf;
  /** Classes and kinds that were not read whole, so that more may be wrong than is seen; sorted. */
  readonly unread: readonly string[];
  readonly notes: readonly Diagnostic[];
}

/** Gives the world to check a manifest's assertions on. */
export type SeeTested = (session: Session, manifest: Manifest) => Promise<TestedWorld>;

/** The world as the manifest declares it. */
export const seeTestedDeclared: SeeTested = async (session, manifest) => {
  const { world } = makeDesired({ manifest, kinds: KINDS, now: session.clock.now() });
  return { world, sourceOf: makeSourceOf(world), unread: [], notes: [] };
};

/** The account as it is, read as far as the assertions speak of it. */
export const seeTestedLive: SeeTested = async (session, manifest) => {
  const declared = await seeTestedDeclared(session, manifest);
  const reading = await openReading(session);
  try {
    await checkAccount(manifest, reading.reader);
    const selection = selectPlaceReads(listPatterns(manifest));
    const observation = await observeAccount({ reader: reading.reader, kinds: KINDS, selection, onlyToTell: true });
    session.tell(renderDiagnostics(observation.notes, session.errorPaint));
    return { ...declared, world: observation.world, unread: listUnread(observation), notes: observation.notes };
  } finally {
    await reading.close();
  }
};

/** Every pattern that says of which places something must hold; permissions kept apart everywhere are so in the whole account. */
function listPatterns({ assertions, policy }: Manifest): readonly string[] {
  return [...assertions.flatMap(({ on }) => on), ...policy.separate.map(({ on }) => on ?? "**")];
}

/** The account once a saved plan is done, all of it: what a plan renames or makes may be what an assertion speaks of. */
export function seeTestedPlanned(file: string): SeeTested {
  return async (session) => {
    const { world, sourceOf, unread, diagnostics } = await seePlanned(session, file, undefined);
    return { world, sourceOf, unread, notes: diagnostics };
  };
}
