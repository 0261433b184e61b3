import { type LoadedManifest, loadManifest } from "../../manifest/load-manifest.ts";
import { compareDiagnostics, type Diagnostic, hasErrors } from "../../model/diagnostic.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { spellFiles } from "../flags/globals.ts";
import { readVersion } from "../package-files.ts";
import { renderDiagnostics } from "../render/diagnostics-text.ts";
import { prettyJson } from "../render/pretty-json.ts";
import type { Outcome, Session } from "../session.ts";

export type ValidateFormat = "text" | "json" | "markdown" | "sarif" | "github";

/** Checks the manifest without asking any account, what it declares included, and tells the problems in the format that was asked for. */
export async function runValidate(session: Session, format: ValidateFormat): Promise<Outcome> {
  session.io.onLoaded?.();
  const loaded = await loadManifest({ files: session.files, paths: session.globals.files });
  const { files } = loaded;
  const diagnostics = [...loaded.diagnostics, ...(await checkAsDeclared(session, loaded))].sort(compareDiagnostics);
  if (!session.globals.json || format !== "text") session.print(await render(session, format, diagnostics));
  if (format === "text") session.tell(summary(files.length, diagnostics));
  return { exit: validateExit(loaded, diagnostics), diagnostics, document: { files } };
}

/** What must hold, held against what the manifest declares; nothing where there are errors already, or nothing must hold. */
async function checkAsDeclared(
  session: Session,
  { manifest, sources }: LoadedManifest,
): Promise<readonly Diagnostic[]> {
  if (manifest === undefined || manifest.assertions.length + manifest.policy.separate.length === 0) return [];
  const { checkDeclared } = await import("../questions/check-declared.ts");
  return checkDeclared(manifest, { now: session.clock.now(), sources });
}

/** A manifest that says what it means, and means what it says must not be, is refused otherwise than one with a mistake. */
function validateExit({ manifest }: LoadedManifest, diagnostics: readonly Diagnostic[]): ExitCode {
  if (!hasErrors(diagnostics)) return EXIT.done;
  return manifest === undefined ? EXIT.error : EXIT.held;
}

async function render(session: Session, format: ValidateFormat, diagnostics: readonly Diagnostic[]): Promise<string> {
  switch (format) {
    case "text":
      return renderDiagnostics(diagnostics, session.paint);
    case "json":
      return prettyJson(diagnostics);
    case "markdown": {
      const { renderDiagnosticsMarkdown } = await import("../render/diagnostics-markdown.ts");
      return renderDiagnosticsMarkdown(diagnostics, spellFiles(session.globals));
    }
    case "sarif": {
      const { renderSarif } = await import("../render/diagnostics-sarif.ts");
      return renderSarif(diagnostics, { version: await readVersion(), place: spellFiles(session.globals)[0] });
    }
    case "github": {
      const { renderGithubAnnotations } = await import("../render/diagnostics-github.ts");
      return renderGithubAnnotations(diagnostics);
    }
  }
}

function summary(files: number, diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === "error").length;
  const warnings = diagnostics.filter((diagnostic) => diagnostic.severity === "warning").length;
  const read = `${files} ${files === 1 ? "file" : "files"}`;
  if (errors === 0 && warnings === 0) return `The manifest is valid (${read}).\n`;
  return `${errors === 0 ? "The manifest is valid" : "The manifest is not valid"} (${read}): ${count(errors, "error")}, ${count(warnings, "warning")}.\n`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
