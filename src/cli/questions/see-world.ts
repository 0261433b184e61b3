import { KINDS } from "../../kinds/registry.ts";
import { type AccessSettings, ASSUMED } from "../../model/access.ts";
import { type Address, type ClassKey, formatAddress, pathOf } from "../../model/address.ts";
import type { Diagnostic } from "../../model/diagnostic.ts";
import type { ReadSelection } from "../../model/plan.ts";
import type { World } from "../../model/resource.ts";
import { makeDesired } from "../../state/desired.ts";
import { observeAccount } from "../../state/observe.ts";
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
  /** How the points are settled on which the documentation is silent. */
  readonly settings: AccessSettings;
  readonly diagnostics: readonly Diagnostic[];
}

/** The world as the manifest declares it, without asking the account. */
export async function seeDeclared(session: Session): Promise<SeenWorld> {
  const { manifest, diagnostics } = await loadInputs(session);
  const { world } = makeDesired({ manifest, kinds: KINDS, now: session.clock.now() });
  return { world, sourceOf: makeSourceOf(world), hidden: new Set(), settings: manifest.policy.assume, diagnostics };
}

/** The world as the account is, read as far as one place, or the whole account, needs. Where the manifest writes a grant is told if there is one. */
export async function seeLive(session: Session, place: Address | undefined): Promise<SeenWorld> {
  const declared = (await hasManifest(session)) ? await seeDeclared(session) : undefined;
  const reading = await openReading(session);
  try {
    const selection: ReadSelection =
      place === undefined ? { classes: new Set(), under: [""] } : { classes: classesAround(place), under: [] };
    const { world, covered, notes } = await observeAccount({ reader: reading.reader, kinds: KINDS, selection });
    session.tell(renderDiagnostics(notes, session.errorPaint));
    return {
      world,
      sourceOf: declared?.sourceOf ?? (() => undefined),
      hidden: covered,
      settings: declared?.settings ?? ASSUMED,
      diagnostics: notes,
    };
  } finally {
    await reading.close();
  }
}

async function hasManifest({ files, globals }: Session): Promise<boolean> {
  const found = await Promise.all(globals.files.map((path) => files.kind(path)));
  return found.every((kind) => kind !== undefined);
}

function makeSourceOf(world: World): SourceOf {
  return (grant) => {
    const origin = world.get(grant)?.origin;
    return origin?.from === "manifest" ? `${origin.at.file}:${origin.at.line}:${origin.at.column}` : undefined;
  };
}

/** What decides on the access to a place: people, roles, and everything on the way from the account down to it. */
function classesAround(place: Address): ReadonlySet<ClassKey> {
  const [organization = "", space, project] = pathOf(place);
  const inOrganization = formatAddress("organization", [organization]);
  const classes: ClassKey[] = ["user@", "role@", "organization@", `org-member@${inOrganization}`];
  if (space !== undefined) {
    const inSpace = formatAddress("space", [organization, space]);
    classes.push(`space@${inOrganization}`, `space-member@${inSpace}`, `project@${inSpace}`);
    if (project !== undefined) {
      const onProject = formatAddress("project", [organization, space, project]);
      classes.push(`binding@${onProject}`, `restriction@${onProject}`);
    }
  }
  return new Set(classes);
}
