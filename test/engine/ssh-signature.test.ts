import { expect, test } from "vitest";
import { readFingerprint } from "../../src/engine/ssh-signature.ts";

function armor(blob: Buffer): string {
  return `-----BEGIN SSH SIGNATURE-----\n${blob.toString("base64")}\n-----END SSH SIGNATURE-----\n`;
}

function blobOf(key: string, length: number = key.length, magic = "SSHSIG"): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(1, 0);
  head.writeUInt32BE(length, 4);
  return Buffer.concat([Buffer.from(magic), head, Buffer.from(key)]);
}

test("the fingerprint is that of the key inside the signature", () => {
  // printf key | openssl dgst -sha256 -binary | base64
  expect(readFingerprint(armor(blobOf("key")))).toBe("SHA256:LHDhK3oGRvkiefQnx7OOczTY5Tic/xZ6HcMOc/gmtoM");
});

test.each([
  ["no armor", "SSHSIG"],
  ["too short", armor(Buffer.from("SSHSIG"))],
  ["another magic word", armor(blobOf("key", 3, "SSHSIX"))],
  ["an empty key", armor(blobOf("key", 0))],
  ["a key that is cut off", armor(blobOf("key", 300))],
])("%s is no signature", (_, text) => {
  expect(readFingerprint(text)).toBeUndefined();
});
