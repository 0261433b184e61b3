import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { systemRandom } from "../../host/system-random.ts";
import type { Approval, HeldApproval } from "../../model/approval.ts";
import { isApproverEmail, normalizeApprover, type SignerList } from "../../model/approval-rules.ts";
import type { Diagnostic } from "../../model/diagnostic.ts";
import { DiagnosedError, UsageError } from "../../model/errors.ts";
import { harmless } from "../render/harmless.ts";
import type { Session } from "../session.ts";
import { NAMESPACE, readFingerprint, signedText, spellVerifyTime } from "./ssh-signature.ts";

/** Approvals whose signatures were looked at, and those that are refused for theirs. */
export interface CheckedSignatures {
  readonly approvals: readonly HeldApproval[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Looks at the signature of each approval that has one, at the moment of this run. One that does not fit what it signs is left
 * out and told, whether it is needed or not. By which lists of signers it is that of `by` stands in the approval afterwards.
 */
export async function checkSignatures(
  session: Session,
  approvals: readonly Approval[],
  lists: readonly SignerList[],
): Promise<CheckedSignatures> {
  const held: HeldApproval[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const approval of approvals) {
    const { signature } = approval;
    const key = signature === undefined ? undefined : readFingerprint(signature);
    if (signature === undefined) held.push(approval);
    else if (key === undefined || !(await isSound(session, approval, signature)))
      diagnostics.push(describeUnsound(approval));
    else held.push({ ...approval, key, provedBy: await findProofs(session, { approval, signature, lists }) });
  }
  return { approvals: held, diagnostics };
}

/** Signs an approval with a key file, or the public half of a key that an agent holds. Throws UsageError where that fails. */
export async function signApproval(session: Session, approval: Approval, keyFile: string): Promise<Approval> {
  if (!isApproverEmail(approval.by)) {
    throw new UsageError(
      `A signed approval is given by an e-mail, and "${harmless(approval.by)}" is none.`,
      "Give --by EMAIL.",
    );
  }
  const key = resolve(session.folder, keyFile);
  if ((await session.files.kind(key)) !== "file") throw new UsageError(`There is no key file "${harmless(keyFile)}".`);
  session.tell(`Signing with ${harmless(keyFile)}; touch the key, or type its passphrase, where it asks for that.\n`);
  return withTemporary(session, { text: signedText(approval) }, async ({ text }) => {
    const signed = `${text}.sig`;
    try {
      const code = await runKeygen(session, ["-q", "-Y", "sign", "-n", NAMESPACE, "-f", key, text], {
        interactive: true,
      });
      if (code !== 0) {
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

function isSound(session: Session, approval: Approval, signature: string): Promise<boolean> {
  return withTemporary(session, { signature }, async (paths) => {
    const argv = ["-Y", "check-novalidate", "-n", NAMESPACE, "-s", paths.signature];
    return (await runKeygen(session, argv, { input: signedText(approval) })) === 0;
  });
}

async function findProofs(
  session: Session,
  { approval, signature, lists }: { approval: Approval; signature: string; lists: readonly SignerList[] },
): Promise<readonly SignerList["digest"][]> {
  const email = normalizeApprover(approval.by);
  if (!isApproverEmail(email)) return [];
  const time = `-Overify-time=${spellVerifyTime(session.clock.now())}`;
  const proofs: SignerList["digest"][] = [];
  for (const { digest, text } of lists) {
    const isProved = await withTemporary(session, { signature, signers: text }, async (paths) => {
      const who = ["-I", email, "-n", NAMESPACE, "-f", paths.signers, "-s", paths.signature];
      return (await runKeygen(session, ["-Y", "verify", time, ...who], { input: signedText(approval) })) === 0;
    });
    if (isProved) proofs.push(digest);
  }
  return proofs;
}

/** Its exit code; anything but 0 means no. */
async function runKeygen(
  session: Session,
  words: readonly string[],
  { input = "", interactive = false }: { readonly input?: string; readonly interactive?: boolean },
): Promise<number | undefined> {
  try {
    const where = { folder: session.folder, without: ["ARIZE_API_KEY"], interactive };
    return await session.programs.run(["ssh-keygen", ...words], input, where);
  } catch (cause) {
    throw new DiagnosedError([
      {
        code: "AX373",
        severity: "error",
        summary: "ssh-keygen cannot be started",
        detail: `Signatures of approvals are made and verified by ssh-keygen: ${(cause as Error).message}.`,
        fix: "Install the OpenSSH client, version 8.9 or newer, so that ssh-keygen is in the PATH.",
      },
    ]);
  }
}

/** Puts texts into files that nobody else can read for as long as something is done with them. */
async function withTemporary<K extends string, T>(
  { files }: Session,
  texts: Readonly<Record<K, string>>,
  use: (paths: Readonly<Record<K, string>>) => Promise<T>,
): Promise<T> {
  const base = join(tmpdir(), `axcess-${systemRandom.id()}`);
  const names = Object.keys(texts) as K[];
  const paths = Object.fromEntries(names.map((name) => [name, `${base}.${name}`])) as Record<K, string>;
  try {
    for (const name of names) await files.replace(paths[name], texts[name], 0o600);
    return await use(paths);
  } finally {
    for (const path of Object.values<string>(paths))
      if ((await files.kind(path)) !== undefined) await files.remove(path);
  }
}

function describeUnsound({ by, at, changes }: Approval): Diagnostic {
  return {
    code: "AX368",
    severity: "error",
    summary: "The signature of an approval does not verify",
    detail: `What ${by} is said to have approved on ${at} (${changes.join(", ")}) is not what was signed, so it counts for nothing.`,
    fix: "Find out who changed the file, and have it approved and signed again.",
  };
}
