import { KINDS } from "../../kinds/registry.ts";
import { type LoadedManifest, loadManifest } from "../../manifest/load-manifest.ts";
import { compareDiagnostics, type Diagnostic, hasErrors } from "../../model/diagnostic.ts";
import { makeDesired } from "../../state/desired.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { spellFiles } from "../flags/globals.ts";
import { readVersion } from "../package-files.ts";
import { judgeWorld } from "../questions/judge-world.ts";
import { reportVerdict } from "../questions/report-verdict.ts";
import { renderGithubAnnotations } from "../render/diagnostics-github.ts";
import { renderDiagnosticsMarkdown } from "../render/diagnostics-markdown.ts";
import { renderSarif } from "../render/diagnostics-sarif.ts";
import { renderDiagnostics } from "../render/diagnostics-text.ts";
import { prettyJson } from "../render/pretty-json.ts";
import type { Outcome, Session } from "../session.ts";

export type ValidateFormat = "text" | "json" | "markdown" | "sarif" | "github";

/** Checks the manifest without asking any account, what it declares included, and tells the problems in the format that was asked for. */
export async function runValidate(session: Session, format: ValidateFormat): Promise<Outcome> {
  const loaded = await loadManifest({ files: session.files, paths: session.globals.files });
  const { files } = loaded;
  const diagnostics = [...loaded.diagnostics, ...checkDeclared(session, loaded)].sort(compareDiagnostics);
  if (!session.globals.json || format !== "text") session.print(await render(session, format, diagnostics));
  if (format === "text") session.tell(summary(files.length, diagnostics));
  return { exit: validateExit(loaded, diagnostics), diagnostics, document: { files } };
}

/** What must hold, held against what the manifest declares; nothing where there are errors already. */
function checkDeclared(session: Session, { manifest, sources }: LoadedManifest): readonly Diagnostic[] {
  if (manifest === undefined || manifest.assertions.length + manifest.policy.separate.length === 0) return [];
  const { world } = makeDesired({ manifest, kinds: KINDS, now: session.clock.now() });
  return reportVerdict(judgeWorld(world, manifest), { world, sources });
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
    case "markdown":
      return renderDiagnosticsMarkdown(diagnostics, spellFiles(session.globals));
    case "sarif":
      return renderSarif(diagnostics, { version: await readVersion(), place: spellFiles(session.globals)[0] });
    case "github":
      return renderGithubAnnotations(diagnostics);
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
