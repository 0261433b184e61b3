import { describe, expect, test } from "vitest";
import { harmless } from "../../../src/cli/render/harmless.ts";
import { prettyJson } from "../../../src/cli/render/pretty-json.ts";
import { quoteShellWord } from "../../../src/cli/render/quote-shell-word.ts";

describe("harmless", () => {
  test.each([
    ["plain name, Ünïcode, 名前, a\\b", "plain name, Ünïcode, 名前, a\\b"],
    ["red\u001b[31m", "red\\u{1b}[31m"],
    ["two\nlines\r\tand", "two\\nlines\\r\\tand"],
    ["c1 \u009b31m", "c1 \\u{9b}31m"],
    ["admin\u202enimda", "admin\\u{202e}nimda"],
    ["zero\u200bwidth\ufeff", "zero\\u{200b}width\\u{feff}"],
    ["line\u2028separator", "line\\u{2028}separator"],
    ["half \ud800 pair", "half \\u{d800} pair"],
    ["tag \u{e0041}", "tag \\u{e0041}"],
    ["filler \u3164", "filler \\u{3164}"],
  ])("%j", (text, shown) => {
    expect(harmless(text)).toBe(shown);
  });
});

describe("quoteShellWord", () => {
  test.each([
    ["plan.json", "plan.json"],
    ["my plan.json", "'my plan.json'"],
    ["it's; rm -rf", "'it'\\''s; rm -rf'"],
    ["", "''"],
  ])("%j", (word, quoted) => {
    expect(quoteShellWord(word)).toBe(quoted);
  });
});

describe("prettyJson", () => {
  test("sorts keys, leaves out what is undefined, and escapes what a terminal must not see", () => {
    const value = { b: [{ d: 1, c: undefined }], a: "\u202e\u{e0041}\u009b名\n" };
    const text = prettyJson(value);
    expect(text).toBe('{\n  "a": "\\u202e\\udb40\\udc41\\u009b名\\n",\n  "b": [\n    {\n      "d": 1\n    }\n  ]\n}\n');
    expect(JSON.parse(text)).toEqual({ a: value.a, b: [{ d: 1 }] });
  });
});
