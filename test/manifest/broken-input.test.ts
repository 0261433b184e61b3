import { describe, expect, test } from "vitest";
import { formatManifest } from "../../src/manifest/format-manifest.ts";
import { loadText } from "./load-text.ts";

const KEYS = "abcdefghij";

const BROKEN: readonly (readonly [name: string, text: string, code: string])[] = [
  ["not YAML", "}{", "AX106"],
  ["a picture", "\u0089PNG\r\n\u001a\n", "AX105"],
  ["millions of bytes of anchors", Array.from({ length: 300_000 }, (_, n) => `- &a${n} x\n`).join(""), "AX112"],
  ["ten million bytes of anchors", Array.from({ length: 800_000 }, (_, n) => `- &a${n} x\n`).join(""), "AX103"],
  ["aliases that double and double", bomb(), "AX112"],
  ["lists ten thousand deep", "[".repeat(10_000), "AX113"],
  ["mappings ten thousand deep", "{a: ".repeat(10_000), "AX113"],
  ["closed lists ten thousand deep", "[".repeat(10_000) + "]".repeat(10_000), "AX113"],
  [
    "block mappings two thousand deep",
    Array.from({ length: 2000 }, (_, n) => `${" ".repeat(n)}a:`).join("\n"),
    "AX113",
  ],
  ["aliases that nest", nest(), "AX113"],
  ["commas without end", `[${",".repeat(600_000)}`, "AX103"],
  ["one key over and over", "a: b\n".repeat(250_000), "AX103"],
  ["lone carriage returns", "version: 1\r# x\raccount: y\r", "AX105"],
  ["a number as the manifest", "12", "AX116"],
  ["an empty file", "", "AX116"],
  ["an inherited name as a key", "version: 1\ntoString: 1\n", "AX120"],
  ["a prototype as a key", "version: 1\n__proto__: { a: 1 }\n", "AX120"],
  ["on, which YAML 1.2 takes for a text", "version: 1\non: push\n", "AX120"],
  ["a binary tag", "version: 1\naccount: !!binary aGVsbG8=\n", "AX110"],
];

describe("broken text gives diagnostics and never a stack trace", () => {
  test.each(BROKEN.map(([name, text, code]) => ({ name, text, code })))("$name", async ({ text, code }) => {
    const { manifest, diagnostics } = await loadText(text);
    expect(manifest).toBeUndefined();
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toContain(code);
    expect(diagnostics.length).toBeLessThanOrEqual(1000);
    if (text.length > 1_000_000) return;
    const formatted = formatManifest(text, "a.yaml");
    expect(formatted.diagnostics.length > 0 || code === "AX120").toBe(true);
  });

  test.each([
    ["[".repeat(10_000), 1],
    [`${"- ".repeat(10_000)}a\n`, 2],
    [`? ${"{a: ".repeat(10_000)}`, 4],
  ])("nesting is told where it is too deep, and not where the stack ends: %#", async (text, width) => {
    const { diagnostics } = await loadText(text);
    expect(diagnostics.map(({ code }) => code)).toEqual(["AX113"]);
    expect(diagnostics[0]?.at?.column).toBeLessThan(101 * width + 3);
    expect(diagnostics[0]?.at?.column).toBeGreaterThan(95 * width);
  });

  test("groups that nest thousands deep, in a circle or not", async () => {
    const chain = Array.from({ length: 2000 }, (_, n) => `  g${n}: [group:g${n + 1}]`).join("\n");
    const ended = await loadText(`version: 1\ngroups:\n${chain}\n  g2000: [a@x.io]\n`);
    expect(ended.manifest?.groups.get("g0")?.people).toEqual(["a@x.io"]);
    const closed = await loadText(`version: 1\ngroups:\n${chain}\n  g2000: [group:g0]\n`);
    expect(closed.diagnostics.map(({ code }) => code)).toEqual(["AX206"]);
    expect(closed.diagnostics[0]?.detail.length).toBeLessThan(500);
  });

  test("lists longer than a call can have arguments", async () => {
    const people = Array.from({ length: 120_000 }, (_, n) => `a${n}@x.io`).join(",");
    const { manifest } = await loadText(`version: 1\ngroups: { g: [${people}] }\n`);
    expect(manifest?.groups.get("g")?.people).toHaveLength(120_000);
  });

  test("a byte order mark and Windows line ends are no fault", async () => {
    const { manifest, diagnostics } = await loadText("\ufeffversion: 1\r\naccount: x\r\n");
    expect(diagnostics).toEqual([]);
    expect(manifest?.account?.at).toMatchObject({ line: 2, column: 10 });
  });

  test("no word of the schema checker shows", async () => {
    const { diagnostics } = await loadText(
      "version: 2\nx: 1\npeople: { a@b.c: { name: 1, role: x } }\ngroups: [1]\npolicy: { min_admins: 0.5 }\n",
    );
    const words = diagnostics.map(({ detail, fix }) => `${detail} ${fix}`).join("\n");
    expect(words).not.toMatch(/must NOT|must be equal|additionalProp|#\/|propertyNames|undefined|\[object/u);
    expect(diagnostics).toHaveLength(6);
  });
});

/** Ten levels of ten aliases each. */
function bomb(): string {
  const lines = [...KEYS].map((key, index) => `${key}: &${key} [${[...KEYS].map(() => `*${KEYS[index - 1] ?? "z"}`)}]`);
  return ["z: &z [x]", ...lines].join("\n");
}

/** Each anchor holds the one before: shallow to read, deep to walk. */
function nest(): string {
  return Array.from({ length: 500 }, (_, n) => `k${n}: &k${n} [${n === 0 ? "x" : `*k${n - 1}`}]`).join("\n");
}
