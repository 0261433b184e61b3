import { resolve } from "node:path";
import { runKeygen } from "../../engine/run-ssh-keygen.ts";
import type { Diagnostic } from "../../model/diagnostic.ts";
import { DiagnosedError } from "../../model/errors.ts";
import { openKeygen } from "../approvals/sign-approval.ts";
import type { Session } from "../session.ts";

/** What a signature is for: one that was made for something else does not count. */
const NAMESPACE = "axcess-review";

/** Signs files with an SSH key, each beside itself as FILE.sig. Throws DiagnosedError where ssh-keygen does not. */
export async function signFiles(session: Session, key: string, paths: readonly string[]): Promise<readonly string[]> {
  const signed: string[] = [];
  for (const path of paths) {
    const signature = `${path}.sig`;
    // ssh-keygen asks before it writes over one.
    await session.files.remove(signature);
    const words = ["-Y", "sign", "-f", resolve(session.folder, key), "-n", NAMESPACE, resolve(session.folder, path)];
    if ((await runKeygen(await openKeygen(session), words)) !== 0) {
      throw new DiagnosedError([
        describe("AX393", "A file was not signed", {
          detail: `ssh-keygen did not sign "${path}" with the key "${key}".`,
          fix: "Name a private key that needs no passphrase, or load it into an agent and name its public key.",
        }),
      ]);
    }
    signed.push(signature);
  }
  return signed;
}

export interface Signers {
  /** A file of allowed signers, as ssh-keygen reads it. */
  readonly file: string;
  /** The name in it of whoever must have signed. */
  readonly signer: string;
}

/** Checks that each file is as its signer signed it. Throws DiagnosedError with all that are not. */
export async function verifyFiles(session: Session, paths: readonly string[], signers: Signers): Promise<void> {
  const faults: Diagnostic[] = [];
  for (const path of paths) {
    if (!(await isSigned(session, path, signers))) {
      faults.push(
        describe("AX394", "A signature does not count", {
          detail: `"${path}" has no signature by ${signers.signer} that fits it.`,
          fix: "Get the files again from whoever signed them, or correct the allowed signers.",
        }),
      );
    }
  }
  if (faults.length > 0) throw new DiagnosedError(faults);
}

async function isSigned(session: Session, path: string, { file, signer }: Signers): Promise<boolean> {
  const signature = `${path}.sig`;
  if ((await session.files.kind(signature)) !== "file") return false;
  // What is no UTF-8 was not written here, and comes out as something else than was signed.
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(await session.files.read(path));
  const [allowed, proof] = [resolve(session.folder, file), resolve(session.folder, signature)];
  const words = ["-Y", "verify", "-f", allowed, "-I", signer, "-n", NAMESPACE, "-s", proof];
  return (await runKeygen(await openKeygen(session), words, { input: text })) === 0;
}

function describe(
  code: Diagnostic["code"],
  summary: string,
  said: { readonly detail: string; readonly fix: string },
): Diagnostic {
  return { code, severity: "error", summary, ...said };
}
