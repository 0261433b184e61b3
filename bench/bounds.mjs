// @ts-check
// What no client can be faster than, from what the proxy counted. README.md, "The bound", tells the formulas.

/** @typedef {import("./proxy.mjs").Traffic} Traffic */
/** @typedef {import("./proxy.mjs").Limit} Limit */

/** Queries that the platform lets in each minute. */
const QUERIES_A_MINUTE = 100;
/** Lists of which each begins where the one before has ended: organizations, spaces of each, sizes of member lists, their pages. */
const STAGES = 4;

/** Which writes wait for which: those of a level for those of the level before. Deletions go the other way. */
const LEVELS = [
  ["roles", "organizations", "users"],
  ["spaces", "organizations users"],
  ["spaces users", "projects"],
  ["role-bindings"],
  ["resource-restrictions"],
];

/** Milliseconds that reading takes at least. @param {Traffic} reading @param {Limit} [limit] */
export function boundReading({ longestList, servedMs, lists, queries }, limit) {
  const steps = Math.max(longestList, queries > 0 ? STAGES : 1);
  return Math.max(steps * servedMs, boundLimit(lists, limit), boundQueries(queries));
}

/**
 * Milliseconds that reading and changing take at least: one call for each change, level by level, so many at the same time.
 * @param {Traffic} run @param {{ readonly reading: Traffic, readonly inFlight: number, readonly limit?: Limit | undefined }} conditions
 */
export function boundChanges({ servedMs, done }, { reading, inFlight, limit }) {
  const levels = countLevels(done);
  const waves = levels.reduce((sum, count) => sum + Math.ceil(count / inFlight), 0);
  const writes = levels.reduce((sum, count) => sum + count, 0);
  return Math.max(boundReading({ ...reading, servedMs }) + waves * servedMs, boundLimit(reading.lists + writes, limit));
}

/**
 * The same for all calls that this client made and that were let in: what its own way of working takes at least.
 * @param {Traffic} run @param {{ readonly inFlight: number, readonly limit?: Limit | undefined }} conditions
 */
export function boundOwnCalls({ servedMs, reads, writes, queries }, { inFlight, limit }) {
  const waves = Math.ceil((reads + writes + queries) / inFlight);
  return Math.max(waves * servedMs, boundLimit(reads + writes, limit), boundQueries(queries));
}

/** Creations and deletions of a level are two. @param {Readonly<Record<string, number>>} done @returns {readonly number[]} */
function countLevels(done) {
  /** @type {Map<string, number>} */
  const levels = new Map();
  for (const [sort, count] of Object.entries(done)) {
    const [method = "", ...words] = sort.split(" ");
    const level = LEVELS.findIndex((sorts) => sorts.includes(words.join(" ")));
    const key = `${method === "DELETE" ? "down" : "up"} ${level}`;
    levels.set(key, (levels.get(key) ?? 0) + count);
  }
  return [...levels.values()];
}

/** Milliseconds until so many calls are let in. @param {number} calls @param {Limit | undefined} limit */
function boundLimit(calls, limit) {
  if (limit === undefined || calls === 0) return 0;
  if (limit.kind === "bucket") return Math.max(0, ((calls - limit.capacity) / limit.perSecond) * 1000);
  return Math.floor((calls - 1) / limit.most) * limit.seconds * 1000;
}

/** @param {number} queries */
function boundQueries(queries) {
  return Math.max(0, Math.floor((queries - 1) / QUERIES_A_MINUTE)) * 60_000;
}
