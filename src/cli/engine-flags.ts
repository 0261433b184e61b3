/**
 * The flags of V8 under which a command works, by the version of V8 (`process.versions.v8`). There is no way to ask V8 which flags it
 * knows, and of one that it does not know it complains on standard error: so a version that nobody tried gets none.
 */
export function listEngineFlags(v8: string): readonly string[] {
  const major = Number.parseInt(v8, 10);
  const compileRarely = major === 11 ? BY_BUDGET : BY_CALLS;
  return major >= FIRST_TRIED && major <= LAST_TRIED ? [...compileRarely, ...ANY] : [];
}

/** V8 of Node 20 to 26. */
const FIRST_TRIED = 11;
const LAST_TRIED = 14;

/**
 * A command runs most of its code for less than a second: by default a third of its processor time goes into making code fast that has
 * done its work by then. What runs longer is made fast all the same, fifteen times as late as usual.
 */
const BY_BUDGET = ["--interrupt-budget=1000000"];

/** The same since V8 12, which counts calls. */
const BY_CALLS = [
  "--invocation-count-for-turbofan=45000",
  "--invocation-count-for-osr=7500",
  "--invocation-count-for-maglev=6000",
  "--invocation-count-for-maglev-osr=1500",
];

const ANY = [
  // V8 learns from the first objects made at one place of the code whether the later ones will live long, and then makes all of
  // them where garbage is seldom collected. Here the first ones are of the manifest, and the later ones of one look at it.
  "--no-allocation-site-pretenuring",
  // All of the heap is looked through whenever it has doubled. V8 waits until it is four times what was live after the last time,
  // which of an account of a million grants is a gigabyte; to look more often costs less than can be measured.
  "--heap-growing-percent=100",
];
