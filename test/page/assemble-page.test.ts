import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { harmless } from "../../src/cli/render/harmless.ts";
import { assemblePage, embedJson } from "../../src/page/assemble-page.ts";
import { makePageModel } from "../../src/page/make-page.ts";
import type { PageModel } from "../../src/page/page-model.ts";
import { largeWorlds, samplePageInput } from "../support/page-sample.ts";
import { samplePlan, sampleStep } from "../support/sample-plan.ts";

const PARTS = {
  script: "run()",
  style: "body{}",
  hash: (text: string): string => createHash("sha256").update(text).digest("base64"),
  shown: harmless,
};

const HOSTILE = "</script><img src=x onerror=alert(1)>\u202egnp.exe\u001b[31m\u2028&";

function modelIn(html: string): PageModel {
  const [, text = ""] = /<script type="application\/json" id="model">(.*?)<\/script>/su.exec(html) ?? [];
  return JSON.parse(text) as PageModel;
}

describe("the page", () => {
  const plan = samplePlan({
    account: { url: "https://api.arize.com", name: HOSTILE },
    steps: [sampleStep({ justification: HOSTILE, to: { [HOSTILE]: HOSTILE } })],
  });
  const html = assemblePage(makePageModel(samplePageInput({ plan, summary: HOSTILE })), PARTS);

  test("what others chose ends no element and turns nothing", () => {
    expect(html.match(/<\/script>/gu)).toHaveLength(2);
    expect(html).not.toContain("<img");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these are looked for
    expect(html).not.toMatch(/[\u202e\u001b\u2028]/u);
    expect(modelIn(html).steps[0]?.justification).toBe(harmless(HOSTILE));
    expect(Object.keys(modelIn(html).steps[0]?.to ?? {})).toEqual([harmless(HOSTILE)]);
    expect(html).toContain("<title>Access review: &lt;/script&gt;");
  });

  test("only the script and the style whose hashes are told run, and nothing is reached", () => {
    const [, policy = ""] = /http-equiv="Content-Security-Policy" content="([^"]+)"/u.exec(html) ?? [];
    expect(policy.split("; ")).toEqual([
      "default-src 'none'",
      `script-src 'sha256-${PARTS.hash(PARTS.script)}'`,
      `style-src 'sha256-${PARTS.hash(PARTS.style)}'`,
      "connect-src 'none'",
      "base-uri 'none'",
      "form-action 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ]);
  });

  test("a served page reaches the server it came from", () => {
    const model = makePageModel(samplePageInput({ served: { approver: "j", file: "f" } }));
    expect(assemblePage(model, PARTS)).toContain("connect-src 'self'");
  });

  test("it names its language and a title, also without the account's name", () => {
    const model = makePageModel(samplePageInput({ plan: samplePlan({ account: { url: "sandbox:x" } }) }));
    const page = assemblePage(model, PARTS);
    expect(page).toContain('<html lang="en">');
    expect(page).toContain("<title>Access review: sandbox:x, plan aaaaaaaaaaaa</title>");
  });

  test("the same input gives the same bytes", () => {
    const make = (): string => assemblePage(makePageModel(samplePageInput({ worlds: largeWorlds(20, 50) })), PARTS);
    expect(make()).toBe(make());
  });
});

test("JSON in a page is the same value", () => {
  const value = { a: ["<", "\u2029", { "&": null }], b: 1, c: true };
  expect(JSON.parse(embedJson(value, (text) => text))).toEqual(value);
});
