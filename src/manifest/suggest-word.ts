import leven from "leven";

/** The candidate that was most likely meant; undefined when none is near. The same spelling in another case always is. */
export function suggestWord(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase();
  let best: string | undefined;
  let distance = Math.min(6, Math.max(1, Math.round(wanted.length * 0.4))) + 1;
  for (const candidate of candidates) {
    const lower = candidate.toLowerCase();
    if (Math.abs(lower.length - wanted.length) >= distance) continue;
    const here = leven(wanted, lower, { maxDistance: distance });
    if (here >= distance) continue;
    best = candidate;
    distance = here;
    if (here === 0) break;
  }
  return best;
}
