import fc from "fast-check";
import { parse, stringify } from "yaml";
import { renderGithubAnnotations } from "../../../src/cli/render/diagnostics-github.ts";
import { renderDiagnosticsMarkdown } from "../../../src/cli/render/diagnostics-markdown.ts";
import { renderDiagnostics } from "../../../src/cli/render/diagnostics-text.ts";
import { PLAIN } from "../../../src/cli/render/paint.ts";
import { formatManifest } from "../../../src/manifest/format-manifest.ts";
import { recallMemory } from "../../../src/state/memory.ts";
import { loadGood, loadText } from "../../manifest/load-text.ts";
import { anyManifest } from "../../manifest/random-manifest.ts";
import { readDocument } from "../../support/document.ts";
import { makeVirtualClock } from "../../support/virtual-clock.ts";
import { writeHostile } from "../hostile-values.ts";
import { requireHarmless, unlessRefused } from "../judge.ts";
import { mutateBytes, mutateText, mutateValue, someEdits } from "../mutate.ts";
import { planWith, showPlan } from "../plan-recorded.ts";
import { AS_RECORDED, recordAccount, WANTED } from "../recorded-account.ts";
import { makeTrial, type Target } from "../target.ts";

const TEXTS = [WANTED, readDocument("examples/access.yaml"), readDocument("examples/access-after.yaml")];

const anyText: fc.Arbitrary<string> = fc.constantFrom(...TEXTS);
const anyValue = fc.oneof(
  { weight: 3, arbitrary: anyText.map((text) => parse(text) as unknown) },
  { weight: 1, arbitrary: anyManifest },
);

/** Texts and bytes that were a manifest before something happened to them. */
const anyBytes: fc.Arbitrary<string | Uint8Array> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(anyValue, someEdits).map(([value, edits]) => writeHostile(mutateValue(value, edits), 1)),
  },
  { weight: 2, arbitrary: fc.tuple(anyValue, someEdits).map(([value, edits]) => stringify(mutateValue(value, edits))) },
  { weight: 4, arbitrary: fc.tuple(anyText, someEdits).map(([text, edits]) => mutateText(text, edits)) },
  {
    weight: 1,
    arbitrary: fc.tuple(anyText, someEdits).map(([text, edits]) => mutateBytes(new TextEncoder().encode(text), edits)),
  },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 200 }) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
);

/** A manifest, from its bytes to the plan that it comes to. */
export const readManifest: Target = {
  runs: 80,
  open: async () => {
    const memory = recallMemory([]);
    const good = await loadGood(WANTED);
    const account = await recordAccount(({ reader }) => planWith(reader, good, memory));
    return makeTrial(anyBytes, async (bytes) => {
      const { manifest, diagnostics, files } = await loadText(bytes);
      requireHarmless(renderDiagnostics(diagnostics, PLAIN));
      requireHarmless(renderDiagnosticsMarkdown(diagnostics, files));
      requireHarmless(renderGithubAnnotations(diagnostics));
      if (manifest === undefined && !diagnostics.some(({ severity }) => severity === "error")) {
        throw new Error("no manifest, and no word why");
      }
      if (typeof bytes === "string") formatManifest(bytes, "access.yaml");
      if (manifest === undefined) return;
      const { reader, writes } = account.connect(AS_RECORDED, makeVirtualClock());
      const plan = await unlessRefused(() => planWith(reader, manifest, memory));
      if (plan !== undefined) showPlan(plan);
      if (writes().length > 0) throw new Error("planning wrote");
    });
  },
};
