import { createHash } from "node:crypto";
import type { Approval } from "../model/approval.ts";
import { canonicalJson } from "../model/json.ts";

/** What a signature is for: one made for anything else, such as a commit, is none of an approval. */
export const NAMESPACE = "axcess-approval";

/** The text that is signed: the canonical JSON of all of an approval but its signature. */
export function signedText({ signature: _, ...rest }: Approval): string {
  return canonicalJson(rest);
}

/** The fingerprint of the key inside an armored SSH signature, as ssh-keygen spells it; undefined where it is no such thing. */
export function readFingerprint(armored: string): string | undefined {
  const [, body] =
    /^-----BEGIN SSH SIGNATURE-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END SSH SIGNATURE-----\s*$/u.exec(armored) ?? [];
  if (body === undefined) return undefined;
  const blob = Buffer.from(body, "base64");
  // The magic word, a version of 4 bytes, and then the key with its length before it.
  const start = MAGIC.length + 4;
  if (blob.length < start + 4 || blob.toString("latin1", 0, MAGIC.length) !== MAGIC) return undefined;
  const length = blob.readUInt32BE(start);
  const key = blob.subarray(start + 4, start + 4 + length);
  if (length === 0 || key.length < length) return undefined;
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/u, "")}`;
}

const MAGIC = "SSHSIG";

/** A moment as ssh-keygen takes it, in the time zone of this machine: older versions know no other. */
export function spellVerifyTime(now: Date): string {
  const parts = [now.getMonth() + 1, now.getDate(), now.getHours(), now.getMinutes(), now.getSeconds()];
  return `${now.getFullYear()}${parts.map((part) => String(part).padStart(2, "0")).join("")}`;
}
