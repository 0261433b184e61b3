import fc from "fast-check";
import { stringify } from "yaml";
import { checkApprovals, selectApprovals } from "../../../src/apply/approvals.ts";
import { renderDiagnostics } from "../../../src/cli/render/diagnostics-text.ts";
import { PLAIN } from "../../../src/cli/render/paint.ts";
import { readFingerprint, signedText } from "../../../src/engine/ssh-signature.ts";
import { readYaml } from "../../../src/manifest/read-yaml.ts";
import type { LedgerHead } from "../../../src/model/ledger.ts";
import { readPlan } from "../../../src/plan/read-plan.ts";
import { memoryFiles } from "../../manifest/load-text.ts";
import { savePlanOfHeld } from "../../support/held-plan.ts";
import { makeWorkplace } from "../../support/run-axcess.ts";
import { writeHostile } from "../hostile-values.ts";
import { requireHarmless } from "../judge.ts";
import { mutateText, mutateValue, someEdits } from "../mutate.ts";
import { makeTrial, type Target } from "../target.ts";

const NOW = new Date("2026-06-15T00:00:00Z");

const anyCase = fc.record({ how: fc.constantFrom("value", "value", "yaml", "text"), edits: someEdits });

/** An approvals file that something happened to: each approval in it is refused whole, or names only changes that stand in it. */
export const readApprovals: Target = {
  runs: 200,
  open: async () => {
    const place = makeWorkplace();
    await savePlanOfHeld(place);
    const { plan } = readPlan(await place.read("plan.json"), "plan.json");
    await place.run([
      "approve",
      "plan.json",
      "--all",
      "--by",
      "vera@acme.io",
      "--reason",
      "left",
      "--output",
      "a.yaml",
    ]);
    const text = await place.read("a.yaml");
    const { value } = await readYaml(memoryFiles({ "a.yaml": text }), "a.yaml");
    if (plan === undefined || value === undefined) throw new Error("nothing was approved");
    if (plan.basis.ledger === undefined) throw new Error("the plan knows no ledger");
    const signed = mutateValue(value, []) as { approvals: Record<string, unknown>[] };
    for (const approval of signed.approvals) approval["signature"] = ARMOR;
    return makeTrial(anyCase, async ({ how, edits }) => {
      const spoilt = mutateValue(how === "yaml" ? value : signed, edits);
      const given =
        how === "text" ? mutateText(text, edits) : how === "yaml" ? stringify(spoilt) : writeHostile(spoilt);
      const read = await readYaml(memoryFiles({ "a.yaml": given }), "a.yaml");
      requireHarmless(renderDiagnostics(read.diagnostics, PLAIN));
      const { approvals, diagnostics } = checkApprovals(read.value, "a.yaml");
      requireHarmless(renderDiagnostics(diagnostics, PLAIN));
      const selected = selectApprovals(plan, approvals, NOW);
      requireHarmless(renderDiagnostics(selected.notes, PLAIN));
      for (const [id, counting] of selected.approvals) {
        if (!counting.every(({ changes }) => changes.includes(id))) throw new Error(`${id} was approved by nobody`);
      }
      for (const approval of approvals) {
        if (approval.ledger !== undefined && !isLine(approval.ledger)) throw new Error("bound to what is no line");
        signedText(approval);
        readFingerprint(approval.signature ?? "");
      }
    });
  },
};

/** A line that a ledger could hold; asked without the code that is looked at. */
function isLine({ seq, digest, ...more }: LedgerHead): boolean {
  const isNumber = typeof seq === "number" && Math.floor(seq) === seq && seq >= 0 && seq < 2 ** 53;
  return isNumber && digest.length === 71 && digest.startsWith("sha256:") && Object.keys(more).length === 0;
}

const ARMOR = `-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgkEgqjD5qsTg1wC3ns7L1vYm3v5qk
5hSZxHJ8Qd0nQ3QAAAAPYXhjZXNzLWFwcHJvdmFsAAAAAAAAAAZzaGE1MTIAAABTAAAAC3Nz
-----END SSH SIGNATURE-----
`;

/** The armor of an SSH signature: a fingerprint, or nothing. */
export const readSignature: Target = {
  runs: 3000,
  open: async () =>
    makeTrial(
      fc.oneof(
        someEdits.map((edits) => mutateText(ARMOR, edits)),
        fc.string(),
      ),
      (text) => {
        const found = readFingerprint(text);
        if (found !== undefined && !/^SHA256:[A-Za-z0-9+/]{43}$/u.test(found)) throw new Error(found);
      },
    ),
};
