import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Makes an SSH key without a passphrase in a folder, by the real ssh-keygen; gives the text of its public half. */
export function makeSshKey(folder: string, name: string): string {
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", join(folder, name)]);
  return readFileSync(join(folder, `${name}.pub`), "utf8").trim();
}
