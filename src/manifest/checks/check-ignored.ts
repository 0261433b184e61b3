import { type Address, compileAddressPattern, formatAddress, kindOf, pathOf } from "../../model/address.ts";
import type { Position } from "../../model/diagnostic.ts";
import type { Placed } from "../../model/manifest.ts";
import { quoteName } from "../quote-name.ts";
import type { CheckContext } from "./check-context.ts";
import { listDeclared } from "./list-declared.ts";

/** What is ignored is neither declared nor absent: hands off and hands on cannot both be. */
export function checkIgnored({ manifest, problems }: CheckContext): void {
  const patterns = manifest.ignore.map((entry) => ({ entry, fits: compileAddressPattern(entry.value) }));
  if (patterns.length === 0) return;
  const reported = new Set<Address>();
  const named: readonly (readonly [Address, Position])[] = [
    ...listDeclared(manifest).flatMap((declared): readonly (readonly [Address, Position])[] =>
      declared.isManaged ? [[declared.address, declared.at]] : [],
    ),
    ...manifest.absent.map(({ value, at }) => [value, at] as const),
    ...manifest.offboard.map(({ value, at }) => [formatAddress("user", [value]), at] as const),
  ];
  for (const [address, at] of named) {
    const around = holdersOf(address);
    if (around.some((holder) => reported.has(holder))) continue;
    const pattern = patterns.find(({ fits }) => [address, ...around].some(fits));
    if (pattern === undefined) continue;
    reported.add(address);
    reportIgnored(address, pattern.entry, { at, problems });
  }
}

function reportIgnored(
  address: Address,
  pattern: Placed<string>,
  { at, problems }: { readonly at: Position; readonly problems: CheckContext["problems"] },
): void {
  problems.report("AX216", {
    at: pattern.at,
    detail: `The pattern ${quoteName(pattern.value)} ignores ${quoteName(address)}, which the manifest names; ignored things are never touched.`,
    fix: "Narrow the pattern, or remove what is written about it.",
    related: [{ at, message: "It is written here." }],
  });
}

/** The objects that something is attached to: its organization, space and project, so far as it lies in them. */
function holdersOf(address: Address): readonly Address[] {
  const kind = kindOf(address);
  if (kind === "user" || kind === "role") return [];
  const path = pathOf(address);
  const [organization = "", space = "", project = ""] = path;
  const depth = HOLDERS.get(kind) ?? 0;
  return [
    formatAddress("organization", [organization]),
    formatAddress("space", [organization, space]),
    formatAddress("project", [organization, space, project]),
  ].slice(0, depth);
}

const HOLDERS: ReadonlyMap<string, number> = new Map([
  ["org-member", 1],
  ["space", 1],
  ["space-member", 2],
  ["project", 2],
  ["restriction", 3],
  ["binding", 3],
  ["service-key", 2],
]);
