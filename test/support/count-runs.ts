/**
 * How many inputs a property is tried on, and from which seed they are made: as many as it says, or as many as `RUNS` in the
 * environment asks for, where that is more; the seed is always the same, unless `SEED` names another.
 */
export function countRuns(usual: number): { readonly numRuns: number; readonly seed: number } {
  return { numRuns: Math.max(usual, readWhole("RUNS") ?? usual), seed: readWhole("SEED") ?? 20_261_121 };
}

function readWhole(name: string): number | undefined {
  const asked = Number(process.env[name] ?? "none");
  return Number.isSafeInteger(asked) ? asked : undefined;
}
