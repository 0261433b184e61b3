import { expect, test } from "vitest";
import { holdFiles } from "../../src/engine/held-files.ts";
import { loadRules } from "../../src/engine/load-rules.ts";
import { NO_RULES } from "../../src/model/approval-rules.ts";
import { DiagnosedError } from "../../src/model/errors.ts";

const HOME = "/home/acme";
const LIST = "vera@acme.io ssh-ed25519 AAAA\n";
const KIBIBYTE = 1024;
const NAMED = { ...NO_RULES, signed: true, allowedSigners: "./signers" };

const outside = (text: string) => ({ files: holdFiles([{ path: `${HOME}/signers`, text }]), home: HOME });

async function refusal(text: string, allowedSigners: string): Promise<unknown> {
  const error = await loadRules(outside(text), { ...NAMED, allowedSigners }).catch((cause: unknown) => cause);
  return error instanceof DiagnosedError ? error.diagnostics : error;
}

test("rules that name no list of signers are as they are", async () => {
  expect(await loadRules(outside(LIST), undefined)).toBeUndefined();
  expect(await loadRules(outside(LIST), NO_RULES)).toBe(NO_RULES);
});

test("a list of signers beside the manifest is read with the rules, up to 256 KiB", async () => {
  expect(await loadRules(outside(LIST), NAMED)).toEqual({
    ...NAMED,
    // printf 'vera@acme.io ssh-ed25519 AAAA\n' | sha256sum
    signers: { text: LIST, digest: "sha256:1844317b64575857559f34544cd05f055bf2279fed3ae7225fb85e9dcad8284a" },
  });
  const whole = "#".repeat(256 * KIBIBYTE);
  expect(await loadRules(outside(whole), NAMED)).toMatchObject({ signers: { text: whole } });
});

test("a list that is not there, or too long, is refused by its name, made safe to print", async () => {
  const said = (detail: string) => [
    {
      code: "AX374",
      severity: "error",
      summary: "The list of allowed signers cannot be read",
      detail,
      fix: "Write it where policy.approvals.allowed_signers says, a line for each key: EMAIL KEYTYPE KEY",
    },
  ];
  expect(await refusal(LIST, "no\u001b")).toEqual(said("There is no file no\\u{1b} beside the manifest."));
  expect(await refusal("#".repeat(256 * KIBIBYTE + 1), "signers")).toEqual(said("signers is larger than 256 KiB."));
});
