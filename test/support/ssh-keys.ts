import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Makes an SSH key without a passphrase in a folder, by the real ssh-keygen; gives the text of its public half. */
export function makeSshKey(folder: string, name: string): string {
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", join(folder, name)]);
  return readFileSync(join(folder, `${name}.pub`), "utf8").trim();
}

/** Signs a text as an approval, by hand. */
export function signText(folder: string, key: string, text: string): string {
  const words = ["-q", "-Y", "sign", "-n", "axcess-approval", "-f", join(folder, key)];
  return execFileSync("ssh-keygen", words, { input: text, encoding: "utf8" });
}
