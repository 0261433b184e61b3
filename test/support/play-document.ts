import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Block, listBlocks, ROOT } from "./document.ts";
import { makeWorkplace, type Workplace } from "./run-axcess.ts";

/** The moment as of which every command of a document answers. */
const NOW = "2027-01-15T09:00:00Z";
const WIDTH = 100;

/**
 * Runs every `console` block of a document, in one folder that has the examples, and gives the document back with the output
 * that really came. A line that begins with `$ ` is a command, and what follows is its output. Comments right above a block
 * prepare it: `<!-- run: axcess … -->` runs something unseen, `<!-- file: PATH -->` writes the block to a file.
 */
export async function playDocument(text: string): Promise<string> {
  const place = makeWorkplace();
  for (const folder of ["examples", "schema"]) {
    cpSync(fileURLToPath(new URL(folder, ROOT)), join(place.folder, folder), { recursive: true });
  }
  const lines = text.split("\n");
  let shift = 0;
  for (const block of listBlocks(text)) {
    await prepare(place, block);
    if (block.language !== "console") continue;
    const played = await playBlock(place, block);
    lines.splice(block.start + 1 + shift, block.body.length, ...played);
    shift += played.length - block.body.length;
  }
  return lines.join("\n");
}

async function prepare(place: Workplace, { marks, body }: Block): Promise<void> {
  for (const mark of marks) {
    const [, verb, rest = ""] = /^(run|file): (.*)$/u.exec(mark) ?? [];
    if (verb === "run") await runLine(place, rest);
    if (verb === "file") {
      mkdirSync(dirname(join(place.folder, rest)), { recursive: true });
      writeFileSync(join(place.folder, rest), `${body.join("\n")}\n`);
    }
  }
}

async function playBlock(place: Workplace, { body }: Block): Promise<readonly string[]> {
  const commands = body.filter((line) => line.startsWith("$ "));
  if (commands.length === 0) throw new Error("a console block has no command");
  const played: string[] = [];
  let exit = 0;
  for (const command of commands) {
    played.push(command);
    if (command === "$ echo $?") {
      played.push(String(exit));
      continue;
    }
    const ran = await runLine(place, command.slice(2));
    exit = ran.exit;
    played.push(...ran.shown);
  }
  return played;
}

interface Shown {
  readonly exit: number;
  readonly shown: readonly string[];
}

/** Runs one command line: `axcess …`, perhaps through `npx` and into `head -n` or `tail -n`, or `cat PATH`. */
async function runLine(place: Workplace, line: string): Promise<Shown> {
  const [command = "", filter] = line.split(" | ");
  const words = splitWords(command);
  const name = words[0] === "npx" ? words[1] : words[0];
  if (name === "cat") {
    const text = readFileSync(join(place.folder, words[1] ?? ""), "utf8");
    return { exit: 0, shown: cut(toLines(text), filter) };
  }
  if (name !== "axcess") throw new Error(`documents run axcess and cat, not ${line}`);
  let text = "";
  const argv = [...words.slice(words.indexOf("axcess") + 1), "--now", NOW];
  const { exit, stdout } = await place.run(argv, {
    env: { GIT_AUTHOR_EMAIL: "vera@acme.example" },
    onWrite: (written) => {
      text += written;
    },
  });
  const shown = filter === undefined ? text : stdout;
  return { exit, shown: cut(toLines(shown), filter) };
}

/** Words as a shell takes them apart, as far as documents need it: blanks, and double quotes. */
function splitWords(command: string): readonly string[] {
  return [...command.matchAll(/"([^"]*)"|(\S+)/gu)].map((match) => match[1] ?? match[2] ?? "");
}

function cut(lines: readonly string[], filter: string | undefined): readonly string[] {
  if (filter === undefined) return lines;
  const [, tool, count] = /^(head|tail) -n (\d+)$/u.exec(filter) ?? [];
  if (tool === undefined) throw new Error(`documents filter by head -n and tail -n, not ${filter}`);
  return tool === "head" ? lines.slice(0, Number(count)) : lines.slice(-Number(count));
}

/** Output as documents show it: what is made up at random in a fixed form, progress in a fixed order, long lines folded. */
function toLines(text: string): readonly string[] {
  const lines = mask(text).replace(/\n$/u, "").split("\n");
  return sortProgress(lines).flatMap(fold);
}

function mask(text: string): string {
  return text
    .replace(/chg_[0-9a-f]{16}/gu, "chg_…")
    .replace(/sha256:[0-9a-f]{64}/gu, "sha256:…")
    .replace(/run_[0-9A-Za-z-]+/gu, "run_…")
    .replace(/(last recorded change: by \S+ at )\S+/gu, "$1…")
    .replace(/"remote":\{[^{}]*\}/gu, '"remote":{…}')
    .replace(/approvals\/[0-9a-f]{12}[a-z0-9-]*\.yaml/gu, "approvals/….yaml");
}

/** Steps that run side by side end in any order. */
function sortProgress(lines: readonly string[]): readonly string[] {
  const isProgress = (line: string): boolean =>
    /^(done|already|held|skipped|failed|stale|blocked) {2,}[-+~] /u.test(line);
  const sorted: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const end = lines.findIndex((line, index) => index >= at && !isProgress(line));
    const run = lines.slice(at, end < 0 ? lines.length : end);
    sorted.push(...run.sort());
    if (end < 0) break;
    sorted.push(lines[end] ?? "");
    at = end + 1;
  }
  return sorted;
}

function fold(line: string): readonly string[] {
  const folded: string[] = [];
  const indent = " ".repeat(/^ */u.exec(line)?.[0].length ?? 0);
  let rest = line;
  while (rest.length > WIDTH) {
    const space = rest.lastIndexOf(" ", WIDTH);
    if (space <= indent.length + 4) break;
    folded.push(rest.slice(0, space));
    rest = `${indent}    ${rest.slice(space + 1)}`;
  }
  return [...folded, rest.trimEnd()];
}
