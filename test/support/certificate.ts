import { generateKeyPairSync, sign } from "node:crypto";

/** A key and a certificate that signs itself, in PEM form: for a server on this machine, and trusted by whoever is told to. */
export interface OwnCertificate {
  readonly key: string;
  readonly cert: string;
}

/** Makes a certificate for names and IPv4 addresses. Written by hand as DER, since Node reads certificates and makes none. */
export function makeCertificate(names: readonly string[]): OwnCertificate {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const algorithm = sequence(Buffer.from("06082a8648ce3d040302", "hex"));
  const subject = sequence(
    der(0x31, sequence(Buffer.from("0603550403", "hex"), der(0x0c, Buffer.from("axcess test")))),
  );
  const validity = sequence(der(0x17, Buffer.from("200101000000Z")), der(0x18, Buffer.from("21000101000000Z")));
  const isAuthority = sequence(Buffer.from("0603551d13", "hex"), der(0x04, sequence(der(0x01, Buffer.from([0xff])))));
  const alternatives = sequence(Buffer.from("0603551d11", "hex"), der(0x04, sequence(...names.map(writeName))));
  const content = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    algorithm,
    subject,
    validity,
    subject,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(isAuthority, alternatives)),
  );
  const signature = der(0x03, Buffer.from([0]), sign("sha256", content, privateKey));
  const lines = sequence(content, algorithm, signature).toString("base64").replace(/.{64}/gu, "$&\n");
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  };
}

function writeName(name: string): Buffer {
  return /^[\d.]+$/u.test(name) ? der(0x87, Buffer.from(name.split(".").map(Number))) : der(0x82, Buffer.from(name));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, ...parts);
}

/** One value: its tag, its length in as many bytes as it takes, its content. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
