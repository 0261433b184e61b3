import type { Ended, Machine } from "./machine.ts";

/** Hides a secret in the log of the job, line by line, since the log is written by lines. */
export function maskSecret({ print }: Machine, secret: string): void {
  for (const line of secret.split(/\r?\n/u)) if (line.trim() !== "") print(`::add-mask::${escapeCommand(line)}\n`);
}

/** Prints what a program printed. Its lines are no commands, whatever names stand in them. */
export function printOutput({ print, token }: Machine, title: string, ended: Ended): void {
  const end = token();
  const text = `${ended.stderr}${ended.stdout}`.replace(/\n?$/u, "\n");
  print(`::group::${escapeCommand(title)}\n::stop-commands::${end}\n${text}::${end}::\n::endgroup::\n`);
}

/** Passes annotations on, and nothing else that a program printed. */
export function printAnnotations({ print }: Machine, text: string): void {
  for (const line of text.split("\n")) if (/^::(?:error|warning|notice) /u.test(line)) print(`${line}\n`);
}

/** An error of the job in one line. */
export function printError({ print }: Machine, message: string): void {
  print(`::error title=axcess::${escapeCommand(message)}\n`);
}

/** Something to know about the job in one line. */
export function printNotice({ print }: Machine, message: string): void {
  print(`::notice title=axcess::${escapeCommand(message)}\n`);
}

/** Sets outputs of the step; line breaks in values become blanks. */
export async function setOutputs(
  { env, append }: Machine,
  outputs: Readonly<Record<string, string | number>>,
): Promise<void> {
  const file = env["GITHUB_OUTPUT"];
  if (file === undefined || file === "") return;
  const lines = Object.entries(outputs).map(([name, value]) => `${name}=${String(value).replace(/[\r\n]+/gu, " ")}\n`);
  await append(file, lines.join(""));
}

/** Adds to the summary of the job. */
export async function addSummary({ env, append }: Machine, markdown: string): Promise<void> {
  const file = env["GITHUB_STEP_SUMMARY"];
  if (file !== undefined && file !== "") await append(file, `${markdown}\n`);
}

function escapeCommand(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}
