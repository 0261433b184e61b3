import { type HearPart, loadManifest } from "../manifest/load-manifest.ts";
import { type Diagnostic, hasErrors } from "../model/diagnostic.ts";
import { DiagnosedError } from "../model/errors.ts";
import type { Manifest } from "../model/manifest.ts";
import { renderDiagnostics } from "./render/diagnostics-text.ts";
import type { Session } from "./session.ts";

/** A manifest without errors, and what is worth knowing about it. */
export interface Inputs {
  readonly manifest: Manifest;
  readonly diagnostics: readonly Diagnostic[];
}

/** Loads the manifest and tells its warnings. Throws DiagnosedError when it has errors. */
export async function loadInputs(session: Session, onPart?: HearPart): Promise<Inputs> {
  session.io.onLoaded?.();
  const { manifest, diagnostics } = await loadManifest({
    ...{ files: session.files, paths: session.globals.files },
    ...(onPart !== undefined && { onPart }),
  });
  if (manifest === undefined || hasErrors(diagnostics)) throw new DiagnosedError(diagnostics);
  session.tell(renderDiagnostics(diagnostics, session.errorPaint));
  return { manifest, diagnostics };
}
