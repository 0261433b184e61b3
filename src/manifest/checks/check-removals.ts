import { type Address, compileAddressPattern, formatAddress } from "../../model/address.ts";
import type { Position } from "../../model/diagnostic.ts";
import type { Manifest, Placed } from "../../model/manifest.ts";
import { quoteName } from "../quote-name.ts";
import type { CheckContext } from "./check-context.ts";
import { listDeclared } from "./list-declared.ts";
import { listPeopleUsed } from "./list-mentions.ts";

/** What is to go, by `absent` or `offboard`, is not declared, not used and not protected. */
export function checkRemovals(context: CheckContext): void {
  const { manifest } = context;
  if (manifest.absent.length === 0 && manifest.offboard.length === 0) return;
  const used = findUses(context);
  for (const written of manifest.absent) reportUse("AX218", { ...written, use: used.get(written.value) }, context);
  for (const written of manifest.offboard) {
    reportUse("AX219", { ...written, use: used.get(formatAddress("user", [written.value])) }, context);
  }
  checkProtected(context);
}

/** The first place that needs each address: where it is declared, or where something that hangs on it is. */
function findUses({ draft, manifest, scopes }: CheckContext): ReadonlyMap<Address, Position> {
  const uses = new Map<Address, Position>();
  const note = (address: Address, at: Position): void => {
    if (!uses.has(address)) uses.set(address, at);
  };
  for (const { address, at } of listDeclared(manifest)) note(address, at);
  for (const { value, at } of listPeopleUsed(draft, scopes)) note(formatAddress("user", [value]), at);
  for (const scope of scopes) {
    for (const { person, role, at } of scope.grants.values()) {
      // Leaving an organization takes a person out of its spaces as well.
      note(formatAddress("org-member", [scope.path[0] ?? "", person]), at);
      if (role.startsWith("role:")) note(role as Address, at);
    }
  }
  return uses;
}

/** What does the rest of it, as after an edit that broke off half-way. */
const FINISHES = { AX218: "", AX219: ": axcess offboard EMAIL does" } as const;

function reportUse(
  code: "AX218" | "AX219",
  { value, at, use }: Placed<string> & { readonly use: Position | undefined },
  { problems }: CheckContext,
): void {
  if (use === undefined) return;
  problems.report(code, {
    at,
    detail: `${quoteName(value)} is to be removed, and the manifest needs it elsewhere.`,
    fix: `Remove it here, or take it out of the rest of the manifest${FINISHES[code]}.`,
    related: [{ at: use, message: "It is needed here." }],
  });
}

function checkProtected({ manifest, problems }: CheckContext): void {
  const patterns = manifest.protect.map((entry) => ({ entry, fits: compileAddressPattern(entry.value) }));
  for (const { value, at } of listRemovals(manifest)) {
    const pattern = patterns.find(({ fits }) => fits(value));
    if (pattern === undefined) continue;
    problems.report("AX226", {
      at,
      detail: `${quoteName(value)} is to be removed, and ${quoteName(pattern.entry.value)} protects it from that.`,
      fix: "Remove it here, or narrow the pattern.",
      related: [{ at: pattern.entry.at, message: "It is protected here." }],
    });
  }
}

function listRemovals(manifest: Manifest): readonly Placed<Address>[] {
  const people = manifest.offboard.map(({ value, at }) => ({ value: formatAddress("user", [value]), at }));
  return [...manifest.absent, ...people];
}
