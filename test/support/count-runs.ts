/** How many inputs a property is tried on: as many as it says, or as many as `RUNS` in the environment asks for, where that is more. */
export function countRuns(usual: number): { readonly numRuns: number; readonly seed: number } {
  const asked = Number(process.env["RUNS"] ?? 0);
  return { numRuns: Number.isSafeInteger(asked) ? Math.max(usual, asked) : usual, seed: 20_261_121 };
}
