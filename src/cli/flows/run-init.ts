import { EXIT } from "../exit.ts";
import { harmless } from "../render/harmless.ts";
import type { Outcome, Session } from "../session.ts";
import { planSetup, type SetupFile, type SetupRequest } from "../setup/plan-setup.ts";

/** Writes what a new repository needs, and says what it made and what was there. What is there is never overwritten. */
export async function runInit(session: Session, request: SetupRequest): Promise<Outcome> {
  const files = await planSetup(session, request);
  if (request.isOnlyPrinted) session.print(files.map(showFile).join("\n"));
  else {
    for (const file of files) await writeFile(session, file);
    session.print(files.map(({ state, path }) => `${SAID[state]}  ${harmless(path)}\n`).join(""));
    session.tell(describeNext(session, request));
  }
  return { exit: EXIT.done, diagnostics: [], document: { files: files.map(({ path, state }) => ({ path, state })) } };
}

const SAID = { new: "made   ", added: "added  ", there: "existed" } as const;

function showFile({ path, state, text }: SetupFile): string {
  if (state === "there") return `# ${harmless(path)}: exists, nothing to write\n`;
  return `# ${harmless(path)}${state === "added" ? ": to be added" : ""}\n${text}`;
}

async function writeFile({ files }: Session, { path, state, text }: SetupFile): Promise<void> {
  if (state === "there") return;
  const before = state === "added" ? new TextDecoder("utf-8", { ignoreBOM: true }).decode(await files.read(path)) : "";
  await files.replace(path, before === "" || before.endsWith("\n") ? `${before}${text}` : `${before}\n${text}`);
}

function describeNext(session: Session, { ci, owners }: SetupRequest): string {
  const lines = [
    ...(owners.length > 0 || ci === "none" ? [] : ["Nobody owns the approvals yet: axcess init --owner @TEAM"]),
    ...(ci === "none" ? [] : ["The jobs take axcess from package.json: npm install --save-dev axcess"]),
    `Then: npx axcess plan --sandbox${session.globals.files[0] === "access.yaml" ? "" : " with the same --file"}`,
  ];
  return lines.map((line) => `${line}\n`).join("");
}
