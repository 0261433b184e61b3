import type { Scope } from "../../engine/read-around.ts";
import { KINDS } from "../../kinds/registry.ts";
import { type AccessSettings, ASSUMED } from "../../model/access.ts";
import type { Address } from "../../model/address.ts";
import { type Diagnostic, formatPosition } from "../../model/diagnostic.ts";
import type { World } from "../../model/resource.ts";
import { makeDesired } from "../../state/desired.ts";
import { loadInputs } from "../load-inputs.ts";
import type { SourceOf } from "../render/access-text.ts";
import type { Session } from "../session.ts";
import { readAround } from "./read-around.ts";

/** A world that questions are asked of. */
export interface SeenWorld {
  readonly world: World;
  /** The account before the plan, under the names of afterwards, where the question is asked of a plan. */
  readonly before: World | undefined;
  /** Where the manifest, or the plan, writes a grant. */
  readonly sourceOf: SourceOf;
  /** Grants that an inherited admin right hides, so that they may be there or not. */
  readonly hidden: ReadonlySet<Address>;
  /** How the points are settled on which the documentation is silent. */
  readonly settings: AccessSettings;
  readonly diagnostics: readonly Diagnostic[];
}

/** What the manifest says beside the world that is asked of; without a manifest nothing is written and the usual is assumed. */
export type Declared = Pick<SeenWorld, "sourceOf" | "settings">;

/** The world as the manifest declares it, without asking the account. */
export async function seeDeclared(session: Session): Promise<SeenWorld> {
  const { manifest, diagnostics } = await loadInputs(session);
  const { world } = makeDesired({ manifest, kinds: KINDS, now: session.clock.now() });
  return {
    world,
    before: undefined,
    sourceOf: makeSourceOf(world),
    hidden: new Set(),
    settings: manifest.policy.assume,
    diagnostics,
  };
}

/** The world as the account is, read as far as a scope needs. Where the manifest writes a grant is told if there is one. */
export async function seeLive(session: Session, scope: Scope): Promise<SeenWorld> {
  const { sourceOf, settings } = await findDeclared(session);
  const { world, covered, notes } = await readAround(session, scope);
  return { world, before: undefined, sourceOf, hidden: covered, settings, diagnostics: notes };
}

/** What the manifest says, if there is one. */
export async function findDeclared(session: Session): Promise<Declared> {
  return (await hasManifest(session)) ? await seeDeclared(session) : { sourceOf: () => undefined, settings: ASSUMED };
}

async function hasManifest({ files, globals }: Session): Promise<boolean> {
  const found = await Promise.all(globals.files.map((path) => files.kind(path)));
  return found.every((kind) => kind !== undefined);
}

/** Tells where the manifest writes a grant of its declared world. */
export function makeSourceOf(world: World): SourceOf {
  return (grant) => {
    const origin = world.get(grant)?.origin;
    return origin?.from === "manifest" ? formatPosition(origin.at) : undefined;
  };
}
