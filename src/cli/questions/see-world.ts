import { KINDS } from "../../kinds/registry.ts";
import type { Address } from "../../model/address.ts";
import type { Diagnostic } from "../../model/diagnostic.ts";
import type { ReadSelection } from "../../model/plan.ts";
import type { World } from "../../model/resource.ts";
import { makeDesired } from "../../state/desired.ts";
import { observeAccount } from "../../state/observe.ts";
import { listClassesAround } from "../../state/place-reads.ts";
import { openReading } from "../context.ts";
import { loadInputs } from "../load-inputs.ts";
import type { SourceOf } from "../render/access-text.ts";
import { renderDiagnostics } from "../render/diagnostics-text.ts";
import type { Session } from "../session.ts";

/** A world that questions are asked of. */
export interface SeenWorld {
  readonly world: World;
  /** Where the manifest writes a grant. */
  readonly sourceOf: SourceOf;
  /** Grants that an inherited admin right hides, so that they may be there or not. */
  readonly hidden: ReadonlySet<Address>;
  readonly diagnostics: readonly Diagnostic[];
}

/** The world as the manifest declares it, without asking the account. */
export async function seeDeclared(session: Session): Promise<SeenWorld> {
  const { manifest, diagnostics } = await loadInputs(session);
  const { world } = makeDesired({ manifest, kinds: KINDS, now: session.clock.now() });
  return { world, sourceOf: makeSourceOf(world), hidden: new Set(), diagnostics };
}

/** The world as the account is, read as far as one place, or the whole account, needs. Where the manifest writes a grant is told if there is one. */
export async function seeLive(session: Session, place: Address | undefined): Promise<SeenWorld> {
  const declared = (await hasManifest(session)) ? await seeDeclared(session) : undefined;
  const reading = await openReading(session);
  try {
    const selection: ReadSelection =
      place === undefined
        ? { classes: new Set(), under: [""] }
        : { classes: new Set(listClassesAround(place)), under: [] };
    const { world, covered, notes } = await observeAccount({ reader: reading.reader, kinds: KINDS, selection });
    session.tell(renderDiagnostics(notes, session.errorPaint));
    return { world, sourceOf: declared?.sourceOf ?? (() => undefined), hidden: covered, diagnostics: notes };
  } finally {
    await reading.close();
  }
}

async function hasManifest({ files, globals }: Session): Promise<boolean> {
  const found = await Promise.all(globals.files.map((path) => files.kind(path)));
  return found.every((kind) => kind !== undefined);
}

/** Tells where the manifest writes a grant of its declared world. */
export function makeSourceOf(world: World): SourceOf {
  return (grant) => {
    const origin = world.get(grant)?.origin;
    return origin?.from === "manifest" ? `${origin.at.file}:${origin.at.line}:${origin.at.column}` : undefined;
  };
}
