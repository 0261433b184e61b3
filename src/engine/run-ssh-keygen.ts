import { join } from "node:path";
import type { Approval, HeldApproval } from "../model/approval.ts";
import { isApproverEmail, normalizeApprover, type SignerList } from "../model/approval-rules.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { DiagnosedError } from "../model/errors.ts";
import type { Outside } from "./outside.ts";
import { NAMESPACE, readFingerprint, signedText, spellVerifyTime } from "./ssh-signature.ts";

/** What of the machine ssh-keygen needs. */
export type KeygenPlace = Pick<
  Outside,
  "files" | "programs" | "clock" | "random" | "home" | "temporary" | "keyVariables"
>;

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
  place: KeygenPlace,
  approvals: readonly Approval[],
  lists: readonly SignerList[],
): Promise<CheckedSignatures> {
  const held: HeldApproval[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const approval of approvals) {
    const { signature } = approval;
    const key = signature === undefined ? undefined : readFingerprint(signature);
    if (signature === undefined) held.push(approval);
    else if (key === undefined || !(await isSound(place, approval, signature)))
      diagnostics.push(describeUnsound(approval));
    else held.push({ ...approval, key, provedBy: await findProofs(place, { approval, signature, lists }) });
  }
  return { approvals: held, diagnostics };
}

function isSound(place: KeygenPlace, approval: Approval, signature: string): Promise<boolean> {
  return withTemporary(place, { signature }, async (paths) => {
    const argv = ["-Y", "check-novalidate", "-n", NAMESPACE, "-s", paths.signature];
    return (await runKeygen(place, argv, { input: signedText(approval) })) === 0;
  });
}

async function findProofs(
  place: KeygenPlace,
  { approval, signature, lists }: { approval: Approval; signature: string; lists: readonly SignerList[] },
): Promise<readonly SignerList["digest"][]> {
  const email = normalizeApprover(approval.by);
  if (!isApproverEmail(email)) return [];
  const time = `-Overify-time=${spellVerifyTime(place.clock.now())}`;
  const proofs: SignerList["digest"][] = [];
  for (const { digest, text } of lists) {
    const isProved = await withTemporary(place, { signature, signers: text }, async (paths) => {
      const who = ["-I", email, "-n", NAMESPACE, "-f", paths.signers, "-s", paths.signature];
      return (await runKeygen(place, ["-Y", "verify", time, ...who], { input: signedText(approval) })) === 0;
    });
    if (isProved) proofs.push(digest);
  }
  return proofs;
}

/** Its exit code; anything but 0 means no. */
export async function runKeygen(
  place: KeygenPlace,
  words: readonly string[],
  { input = "", interactive = false }: { readonly input?: string; readonly interactive?: boolean } = {},
): Promise<number | undefined> {
  try {
    const where = { folder: place.home, without: place.keyVariables, interactive };
    return await place.programs.run(["ssh-keygen", ...words], input, where);
  } catch (cause) {
    throw new DiagnosedError([
      {
        code: "AX373",
        severity: "error",
        summary: "ssh-keygen cannot be started",
        detail: `Signatures are made and verified by ssh-keygen: ${(cause as Error).message}.`,
        fix: "Install the OpenSSH client, version 8.9 or newer, so that ssh-keygen is in the PATH.",
      },
    ]);
  }
}

/** Puts texts into files that nobody else can read for as long as something is done with them. */
export async function withTemporary<K extends string, T>(
  { files, random, temporary }: KeygenPlace,
  texts: Readonly<Record<K, string>>,
  use: (paths: Readonly<Record<K, string>>) => Promise<T>,
): Promise<T> {
  const base = join(temporary, `axcess-${random.id()}`);
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
