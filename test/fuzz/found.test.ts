import { describe, expect, test } from "vitest";
import { permissionsOf } from "../../src/access/role-contents.ts";
import { readProfile } from "../../src/cli/account/profile-file.ts";
import { PLAIN } from "../../src/cli/render/paint.ts";
import { renderPlanMarkdown } from "../../src/cli/render/plan-markdown.ts";
import { renderPlan } from "../../src/cli/render/plan-text.ts";
import type { ChangeId } from "../../src/model/change.ts";
import { spellJson } from "../../src/model/json.ts";
import { FIRST_PREV } from "../../src/model/ledger.ts";
import type { Plan } from "../../src/model/plan.ts";
import { digestPlan } from "../../src/plan/digest.ts";
import { readPlan } from "../../src/plan/read-plan.ts";
import { sealLine } from "../../src/state/chain.ts";
import { formatLines, parseLedger } from "../../src/state/ledger-text.ts";
import { briefly, loadText, memoryFiles } from "../manifest/load-text.ts";
import { samplePlan, sampleStep } from "../support/sample-plan.ts";
import { requireHarmless } from "./judge.ts";

// What fuzzing found once, each as small as it became.

describe("a saved plan", () => {
  const whole = samplePlan({});
  const plan = { ...whole, digest: digestPlan(whole) };
  const refused = (text: string): string | undefined => readPlan(text, "plan.json").diagnostics[0]?.code;

  test("without a fault is read", () => {
    expect(refused(JSON.stringify(plan))).toBeUndefined();
    const full = samplePlan({ steps: [sampleStep()] });
    expect(refused(JSON.stringify({ ...full, digest: digestPlan(full) }))).toBeUndefined();
  });

  test.each([
    ["lapses that are none, which no digest covers", { lapses: [null] }],
    ["lapses without a source", { lapses: [{ address: "user:a@b.c", expires: "2027-01-01T00:00:00Z" }] }],
    ["a place that is no address", { withheld: ["space:%zz"] }],
    ["a step that is none", { steps: [{}] }],
    ["an id that is shown as it is, and hides something", { steps: [sampleStep({ id: "chg_\u0000" as ChangeId })] }],
    ["a day like that", { lapses: [{ address: "user:a@b.c", expires: "2027-01-01\u001b[2J", source: "a" }] }],
  ])("with %s is refused, even under a digest of its own", (_name, change) => {
    const spoilt = { ...plan, ...change } as unknown as Plan;
    expect(refused(JSON.stringify({ ...spoilt, digest: digestPlan(spoilt) }))).toBe("AX330");
  });

  test("of a format that cannot be written as a text, or that nests endlessly, is refused", () => {
    expect(refused(JSON.stringify({ ...plan, format: { toString: 1, valueOf: 1 } }))).toBe("AX331");
    const deep = "[".repeat(50_000) + "]".repeat(50_000);
    expect(refused(JSON.stringify(plan).replace('"notes":[', `"notes":[${deep},`))).toBe("AX330");
  });

  test("in which nothing became an endless number is refused", () => {
    const given = { ...plan, unmanaged: null } as unknown as Plan;
    const text = JSON.stringify({ ...given, digest: digestPlan(given) });
    expect(digestPlan(JSON.parse(text.replace('"unmanaged":null', '"unmanaged":1e999')))).not.toBe(digestPlan(given));
  });
});

test("a role that is called like something every object has holds what nobody knows", () => {
  expect(permissionsOf("constructor", new Map())).toBe("unknown");
  expect(permissionsOf("role:toString", new Map())).toBe("unknown");
});

test.each([
  ["an entry without its result", { type: "outcome", run: "r", change: "chg_1", op: "create", address: "user:a@b.c" }],
  ["an entry of no run", { type: "end", exit: 0 }],
  [
    "an address that cannot be taken apart",
    { type: "outcome", run: "r", change: "c", op: "delete", address: "x:%", result: "done" },
  ],
])("a ledger chained anew with %s is refused", (_name, entry) => {
  const line = sealLine({
    ...{ format: 1, seq: 1, at: "2026-06-01T00:00:00Z", prev: FIRST_PREV },
    entry: entry as never,
  });
  expect(() => parseLedger(new TextEncoder().encode(formatLines([line])), "l")).toThrow("AX501");
});

test.each([
  ["{ toString: 1, valueOf: 2 }", "This cannot be a mapping."],
  ["[admin]", "This cannot be a list."],
  ["7", '"7" is not possible here.'],
])("%s, which is none of few words, is told as what it is, whatever it calls toString", async (value, told) => {
  const key = `{ role: member, expires: 2027-01-01, secret: { to: file, path: ci.key }, account_role: ${value} }`;
  const spaces = `{ lab: { service_keys: { ci: ${key} } } }`;
  const { diagnostics } = await loadText(`version: 1\norganizations: { Acme: { spaces: ${spaces} } }\n`);
  expect(diagnostics.map(({ detail }) => detail)).toEqual([expect.stringContaining(told)]);
});

test("a kind that a saved plan counts is harmless on a terminal, however it is called", () => {
  const view = { planFile: undefined, asksBelow: false, isUnasked: true, flags: [], files: [], planFlags: [] };
  const plan = samplePlan({ unmanaged: { "\u0000\u001b[2J": 1 } });
  const given = { ...view, undo: undefined, rotate: undefined };
  requireHarmless(renderPlan(plan, { paint: PLAIN, ...given }));
  requireHarmless(renderPlanMarkdown(plan, given));
});

test("a ledger line whose digest stands elsewhere in it is not the line that was written", () => {
  const entry = { type: "end", run: "r", exit: 0 } as const;
  const line = sealLine({ format: 1, seq: 1, at: "2026-06-01T00:00:00Z", prev: FIRST_PREV, entry });
  const text = formatLines([line]);
  const member = `"digest":"${line.digest}"`;
  const rest = text.replace(`${member},`, "");
  const read = (changed: string) => parseLedger(new TextEncoder().encode(changed), "l").lines;
  expect(read(text)).toEqual([line]);
  for (const moved of [rest.replace("{", `{${member},`), rest.replace(/\}\n$/u, `,${member}}\n`)]) {
    expect(JSON.parse(moved)).toEqual(line);
    expect(() => read(moved)).toThrow("AX501");
  }
});

test.each([
  '[auth]\nauth_method = "ak-0123456789abcdef"\n',
  '[auth]\napi_key = "ak-0123456789abcdef"\n[routing]\nregion = "ak-0123456789abcdef /"\n',
])("an error in a profile does not tell the key, wherever it stands", async (text) => {
  const search = { files: memoryFiles({ "/home/.arize/config.toml": text }), env: { HOME: "/home" } };
  const read = readProfile(search as unknown as Parameters<typeof readProfile>[0], "default");
  await expect(read).rejects.toThrow(/^(?!.*ak-0123456789abcdef)/u);
});

test("a member of an answer that is no text is spelt as JSON, whatever it calls toString", () => {
  expect(spellJson({ toString: 1, valueOf: null })).toBe('{"toString":1,"valueOf":null}');
  expect([spellJson("x"), spellJson(undefined), spellJson(7)]).toEqual(["x", "null", "7"]);
});

test("a key that begins with three dots ends a document, and is no key", async () => {
  const { manifest, diagnostics } = await loadText("version: 1\n...    roles: {}\n");
  expect(manifest).toBeUndefined();
  expect(briefly(diagnostics)[0]).toMatch(/^AX106 2:/u);
});
