import { createHash } from "node:crypto";

/** The file that names all others of a review with their digests, as `sha256sum --check` reads it. */
export const FILE_LIST = "index.sha256";

/** SHA-256 in hex. */
export function digestOf(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Writes the list of files: digest, two blanks, name, line by line. */
export function writeFileList(files: readonly { readonly name: string; readonly text: string }[]): string {
  return files.map(({ name, text }) => `${digestOf(text)}  ${name}\n`).join("");
}

/**
 * Reads a list of files: digests by name. Undefined for a text that was not written here, such as a list with a name that no file
 * of a review has: neither a folder nor anything else can be named by it.
 */
export function readFileList(text: string): ReadonlyMap<string, string> | undefined {
  const files = new Map<string, string>();
  for (const line of text.split(/(?<=\n)/u)) {
    const [, digest, name] = LINE.exec(line) ?? [];
    if (digest === undefined || name === undefined || files.has(name)) return undefined;
    files.set(name, digest);
  }
  return files;
}

const LINE = /^([0-9a-f]{64}) {2}((?![.-])[a-z0-9@._+=-]+\.(?:md|html|csv))\n$/u;

/** True for a name that a packet could have, or be taken for one. */
export function looksLikePacket(name: string): boolean {
  return /\.(?:md|html?|csv)$/iu.test(name);
}
