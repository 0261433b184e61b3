import { KINDS } from "../../kinds/registry.ts";
import type { LoadedManifest } from "../../manifest/load-manifest.ts";
import type { Diagnostic } from "../../model/diagnostic.ts";
import type { Manifest } from "../../model/manifest.ts";
import { makeDesired } from "../../state/desired.ts";
import { judgeWorld } from "./judge-world.ts";
import { reportVerdict } from "./report-verdict.ts";

/** What must hold, held against what the manifest declares. */
export function checkDeclared(
  manifest: Manifest,
  { now, sources }: { readonly now: Date; readonly sources: LoadedManifest["sources"] },
): readonly Diagnostic[] {
  const { world } = makeDesired({ manifest, kinds: KINDS, now });
  return reportVerdict(judgeWorld(world, manifest), { world, sources });
}
