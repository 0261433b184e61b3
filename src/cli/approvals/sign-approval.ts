import { tmpdir } from "node:os";
import { resolve } from "node:path";
import { type KeygenPlace, runKeygen, withTemporary } from "../../engine/run-ssh-keygen.ts";
import { NAMESPACE, signedText } from "../../engine/ssh-signature.ts";
import { systemRandom } from "../../host/system-random.ts";
import type { Approval } from "../../model/approval.ts";
import { isApproverEmail } from "../../model/approval-rules.ts";
import { UsageError } from "../../model/errors.ts";
import { findManifestHome } from "../manifest-home.ts";
import { harmless } from "../render/harmless.ts";
import type { Session } from "../session.ts";

/** What ssh-keygen needs of this machine, where no account is opened. */
export async function openKeygen(session: Session): Promise<KeygenPlace> {
  const { files, programs, clock, folder } = session;
  const home = resolve(folder, await findManifestHome(session));
  return { files, programs, clock, random: systemRandom, home, temporary: tmpdir(), keyVariables: ["ARIZE_API_KEY"] };
}

/** Signs an approval with a key file, or the public half of a key that an agent holds. Throws UsageError where that fails. */
export async function signApproval(session: Session, approval: Approval, keyFile: string): Promise<Approval> {
  if (!isApproverEmail(approval.by)) {
    throw new UsageError(
      `A signed approval is given by an e-mail, and "${harmless(approval.by)}" is none.`,
      "Give --by EMAIL.",
    );
  }
  const place = await openKeygen(session);
  if ((await session.files.kind(keyFile)) !== "file") {
    throw new UsageError(`There is no key file "${harmless(keyFile)}".`);
  }
  return withTemporary(place, { text: signedText(approval) }, async ({ text }) => {
    const signed = `${text}.sig`;
    try {
      if (!(await signPaths(session, { keyFile, namespace: NAMESPACE, paths: [text] }))) {
        throw new UsageError(
          `ssh-keygen could not sign with "${harmless(keyFile)}".`,
          "Make sure that it is an SSH key that you may use: ssh-keygen -y -f KEYFILE",
        );
      }
      return { ...approval, signature: new TextDecoder().decode(await session.files.read(signed)) };
    } finally {
      if ((await session.files.kind(signed)) !== undefined) await session.files.remove(signed);
    }
  });
}

/** So many files are signed by one call: a command line has an end. */
const MOST_AT_ONCE = 500;

/**
 * Has ssh-keygen sign files, each beside itself as FILE.sig, where none may be yet. All go into one call, so that a passphrase is
 * asked for once. False where it did not sign.
 */
export async function signPaths(
  session: Session,
  {
    keyFile,
    namespace,
    paths,
  }: { readonly keyFile: string; readonly namespace: string; readonly paths: readonly string[] },
): Promise<boolean> {
  const place = await openKeygen(session);
  const at = (path: string): string => resolve(session.folder, path);
  session.tell(`Signing with ${harmless(keyFile)}; touch the key, or type its passphrase, where it asks for that.\n`);
  for (let from = 0; from < paths.length; from += MOST_AT_ONCE) {
    const some = paths.slice(from, from + MOST_AT_ONCE).map(at);
    const words = ["-q", "-Y", "sign", "-n", namespace, "-f", at(keyFile), ...some];
    if ((await runKeygen(place, words, { interactive: true })) !== 0) return false;
  }
  return true;
}
