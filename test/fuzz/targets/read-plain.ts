import fc from "fast-check";
import { Lexer, stringify } from "yaml";
import { collectProblems } from "../../../src/manifest/collect-problems.ts";
import { parseText } from "../../../src/manifest/parse-text.ts";
import { readPlain } from "../../../src/manifest/read-plain.ts";
import { makeSource } from "../../../src/manifest/source.ts";
import type { TreeNode } from "../../../src/manifest/tree.ts";
import { MapView } from "../../../src/model/map-view.ts";
import { anyManifest } from "../../manifest/random-manifest.ts";
import { listBlocks, readDocument } from "../../support/document.ts";
import { mutateText, someEdits } from "../mutate.ts";
import { WANTED } from "../recorded-account.ts";
import { makeTrial, type Target } from "../target.ts";
import { anyPieces, anySlip, anyYaml } from "../yaml-texts.ts";

const FILES = [
  "examples/access.yaml",
  "examples/access-after.yaml",
  "templates/access.yaml",
  "templates/github.yml",
  "action.yml",
];
const BLOCKS = ["README.md", "docs/manifest.md", "docs/lifecycle.md", "docs/cli.md"]
  .flatMap((path) => listBlocks(readDocument(path)))
  .filter(({ language }) => language === "yaml")
  .map(({ body }) => `${body.join("\n")}\n`);

/** Every text of YAML that the repository holds. */
export const YAML_TEXTS: readonly string[] = [WANTED, ...FILES.map(readDocument), ...BLOCKS];

const anyWritten = fc.oneof(
  { weight: 4, arbitrary: anyYaml },
  { weight: 1, arbitrary: fc.constantFrom(...YAML_TEXTS) },
  { weight: 1, arbitrary: anyManifest.map((manifest) => stringify(manifest)) },
);

const anyText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: anyWritten },
  { weight: 4, arbitrary: fc.tuple(anyWritten, fc.array(anySlip, { minLength: 1, maxLength: 3 })).map(slip) },
  { weight: 1, arbitrary: fc.tuple(anyWritten, someEdits).map(([text, edits]) => mutateText(text, edits)) },
  { weight: 4, arbitrary: anyPieces },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 40 }) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }).map((bytes) => new TextDecoder().decode(bytes)) },
);

function slip([text, slips]: readonly [string, readonly ((text: string) => string)[]]): string {
  return slips.reduce((slipped, change) => change(slipped), text);
}

/** What the fast reader reads, the parser reads in exactly the same way, and finds nothing to say about it. */
export const readPlainYaml: Target = {
  runs: 2000,
  open: async () => makeTrial(anyText, (text) => void compareReadings(text)),
};

/** Tells whether the fast reader read the text; throws where the parser reads something else. */
export function compareReadings(text: string): boolean {
  const source = makeSource("access.yaml", text);
  const plain = readPlain(source);
  if (plain === undefined) return false;
  const problems = collectProblems(new Map([["access.yaml", source]]));
  const parsed = parseText(source, problems);
  const told = problems.list().map(({ code, at }) => `${code} ${at?.line}:${at?.column}`);
  if (told.length > 0) throw new Error(`the parser reports ${told.join(", ")}`);
  const [fast, slow] = [describeTree(plain.tree), describeTree(parsed)];
  if (fast !== slow) throw new Error(`read as\n${fast}\nand parsed as\n${slow}`);
  const pieces = countPieces(text);
  if (plain.pieces < pieces) throw new Error(`${plain.pieces} pieces were counted, and there are ${pieces}`);
  return true;
}

/** All of a tree: values with their types, the order of keys, the members of positions. */
function describeTree(node: TreeNode | undefined): string {
  const isMap = (value: unknown): value is ReadonlyMap<string, unknown> =>
    value instanceof Map || value instanceof MapView;
  return JSON.stringify(node, (_, value: unknown) => (isMap(value) ? [...value] : value), 1);
}

function countPieces(text: string): number {
  return [...new Lexer().lex(text)].filter((piece) => !["\u0002", "\u0018", "\u001f"].includes(piece)).length;
}
