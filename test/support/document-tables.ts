import { MANIFEST_CODES } from "../../src/manifest/diagnostic-codes.ts";
import { resolveSwitches } from "../../src/sandbox/switches.ts";
import { readDocument } from "./document.ts";

/** The tables that documents take from the code, by the name in `<!-- table: NAME -->`. */
const TABLES: Readonly<Record<string, () => readonly string[]>> = {
  "manifest codes": () => [
    "| code | severity | says | when |",
    "| --- | --- | --- | --- |",
    ...Object.entries(MANIFEST_CODES).map(
      ([code, { severity, summary, meaning }]) => `| ${code} | ${severity} | ${summary} | ${meaning} |`,
    ),
  ],
  "sandbox switches": () => [
    "| switch | default | what it decides |",
    "| --- | --- | --- |",
    ...listSwitches().map(([name, meaning]) => `| \`${name}\` | ${defaultOf(name)} | ${meaning} |`),
  ],
};

/** A document with every table under a marker made anew. A table goes on until the first line that is none of its rows. */
export function fillTables(text: string): string {
  const lines = text.split("\n");
  for (let at = lines.length - 1; at >= 0; at -= 1) {
    const name = /^<!-- table: (.*) -->$/u.exec(lines[at] ?? "")?.[1];
    if (name === undefined) continue;
    const rows = TABLES[name];
    if (rows === undefined) throw new Error(`there is no table called ${name}`);
    const end = lines.findIndex((line, index) => index > at + 1 && !line.startsWith("|"));
    const start = at + 2;
    lines.splice(start, Math.max(0, end - start), ...rows());
  }
  return lines.join("\n");
}

/** Switches with their comments, as the source has them. */
function listSwitches(): readonly (readonly [name: string, meaning: string])[] {
  const source = readDocument("src/sandbox/switches.ts");
  const [, body = ""] = /interface SandboxSwitches \{\n([\s\S]*?)\n\}/u.exec(source) ?? [];
  return [...body.matchAll(/\/\*\* ([\s\S]*?) \*\/\n\s*readonly (\w+):/gu)].map((match) => [
    match[2] ?? "",
    (match[1] ?? "").replace(/\s*\n\s*\*\s*/gu, " ").replaceAll("|", "\\|"),
  ]);
}

function defaultOf(name: string): string {
  const value = (resolveSwitches({}) as unknown as Readonly<Record<string, unknown>>)[name];
  return value === undefined ? "none" : `\`${JSON.stringify(value)}\``;
}
