/** How a secret may turn up in a text: plainly, encoded, or only the half of it. Longest first; what is too short to mean anything is left out. */
export function spellSecret(secret: string): readonly string[] {
  const half = Math.ceil(secret.length / 2);
  const plain = [secret, secret.slice(0, half), secret.slice(-half)];
  return [...new Set(plain.flatMap(encodings))].filter((text) => text.length >= 6);
}

function encodings(text: string): readonly string[] {
  const bytes = Buffer.from(text, "utf8");
  return [
    text,
    encodeURIComponent(text),
    JSON.stringify(text).slice(1, -1),
    bytes.toString("hex"),
    // In the midst of something longer a text begins at one of three places of base64; its edges then depend on its neighbours.
    ...[0, 1, 2].flatMap((before) => {
      const packed = Buffer.concat([Buffer.alloc(before), bytes])
        .toString("base64")
        .replace(/=+$/u, "");
      const core = packed.slice(before === 0 ? 0 : before + 1, packed.length - 1);
      return [core, core.replaceAll("+", "-").replaceAll("/", "_")];
    }),
  ];
}
