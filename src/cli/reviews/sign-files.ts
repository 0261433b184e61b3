import { resolve } from "node:path";
import { runKeygen } from "../../engine/run-ssh-keygen.ts";
import { DiagnosedError } from "../../model/errors.ts";
import { openKeygen, signPaths } from "../approvals/sign-approval.ts";
import type { Session } from "../session.ts";

/** What a signature is for: one that was made for something else does not count. */
const NAMESPACE = "axcess-review";

/** Signs files with an SSH key, each beside itself as FILE.sig. Throws DiagnosedError where ssh-keygen does not. */
export async function signFiles(session: Session, key: string, paths: readonly string[]): Promise<readonly string[]> {
  const signatures = paths.map((path) => `${path}.sig`);
  // ssh-keygen asks before it writes over one.
  for (const signature of signatures) await session.files.remove(signature);
  if (await signPaths(session, { keyFile: key, namespace: NAMESPACE, paths })) return signatures;
  throw new DiagnosedError([
    {
      code: "AX393",
      severity: "error",
      summary: "The files were not signed",
      detail: `ssh-keygen did not sign with the key "${key}".`,
      fix: "Name a private key. One with a passphrase needs a terminal, or an agent that holds it: then name its public key.",
    },
  ]);
}

export interface Signers {
  /** A file of allowed signers, as ssh-keygen reads it. */
  readonly file: string;
  /** The name in it of whoever must have signed. */
  readonly signer: string;
}

/** Whether a file with this content is as its signer signed it. */
export async function isSigned(
  session: Session,
  { path, content }: { readonly path: string; readonly content: Uint8Array },
  { file, signer }: Signers,
): Promise<boolean> {
  const signature = `${path}.sig`;
  if ((await session.files.kind(signature)) !== "file") return false;
  // What is no UTF-8 was not written here, and comes out as something else than was signed.
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(content);
  const [allowed, proof] = [resolve(session.folder, file), resolve(session.folder, signature)];
  const words = ["-Y", "verify", "-f", allowed, "-I", signer, "-n", NAMESPACE, "-s", proof];
  return (await runKeygen(await openKeygen(session), words, { input: text })) === 0;
}
