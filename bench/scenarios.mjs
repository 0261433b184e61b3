// @ts-check
// What axcess is asked to do, against the platform behind the proxy.
import { cpSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { boundChanges, boundOwnCalls, boundReading } from "./bounds.mjs";
import { fillAccount } from "./fill-account.mjs";
import { generateAccount, listFacts, SIZES, writeAccountFiles } from "./generate-account.mjs";
import { growLedger } from "./grow-ledger.mjs";
import { FOLDER, MAIN, runNode } from "./processes.mjs";
import { compareFacts, connect, countChanges, readFacts } from "./read-facts.mjs";
import { servePlatform } from "./serve.mjs";

/** @typedef {import("./proxy.mjs").Traffic} Traffic */
/** @typedef {import("./proxy.mjs").Weather} Weather */
/** @typedef {import("./proxy.mjs").Limit} Limit */
/** @typedef {import("./serve.mjs").Platform} Platform */
/** @typedef {import("./serve.mjs").Measured} Measured */
/** @typedef {import("./generate-account.mjs").Choice} Choice */

/** One line of the table. Times are milliseconds. @typedef {object} Line
 * @property {string} group
 * @property {string} name
 * @property {number} wallMs
 * @property {number | undefined} boundMs
 * @property {number | undefined} ownBoundMs
 * @property {number | undefined} changes
 * @property {number | undefined} lost Facts that are not as they should be: missing, or beyond what was asked for.
 * @property {number | undefined} cpuMs
 * @property {number | undefined} peakMb
 * @property {number | undefined} serverCpu Processors that the sandbox took.
 * @property {number | undefined} [timesNode] Wall time by that of a bare node, both at their best.
 * @property {number | undefined} firstRequestMs From the start of the process until its first request came.
 * @property {number | null} exit
 * @property {Traffic | undefined} traffic
 */

/** What axcess does unless told. */
const IN_FLIGHT = 16;

/** @type {Readonly<Record<string, Limit>>} */
export const LIMITS = {
  "bucket 100, 100/s": { kind: "bucket", capacity: 100, perSecond: 100 },
  "bucket 100, 10/s": { kind: "bucket", capacity: 100, perSecond: 10 },
  "bucket 20, 20/s": { kind: "bucket", capacity: 20, perSecond: 20 },
  "200 in 10 s": { kind: "window", most: 200, seconds: 10 },
};

/** An account, its ledger and its server, for a row of commands. */
class Stage {
  /** @param {string} name @param {{ readonly size: string, readonly weather: Weather, readonly tell: (line: Line) => void }} options */
  constructor(name, { size, weather, tell }) {
    const sizes = SIZES[size];
    if (sizes === undefined)
      throw new Error(`There is no size called "${size}"; there are ${Object.keys(SIZES).join(", ")}.`);
    this.size = size;
    this.sizes = sizes;
    this.weather = weather;
    this.tell = tell;
    this.folder = join(FOLDER, `${size}-${name}`);
    this.box = join(this.folder, "sandbox");
    this.ledger = join(this.folder, "ledger.jsonl");
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Begins with the account and the ledger of another stage, whose server has stopped. @param {Stage} other @param {(stage: Stage, platform: Platform) => Promise<void>} work */
  async playOn(other, work) {
    cpSync(other.box, this.box, { recursive: true, filter: (path) => !path.endsWith("requests.jsonl") });
    if (existsSync(other.ledger)) cpSync(other.ledger, this.ledger);
    await this.play((platform) => work(this, platform));
  }

  /** @param {(platform: Platform) => Promise<void>} work */
  async play(work) {
    const platform = await servePlatform(this.box);
    try {
      await work(platform);
    } finally {
      await platform.stop();
    }
  }

  /** The manifest of this size. @param {Omit<Choice, "seed">} choice */
  manifest(choice) {
    const folder = join(this.folder, `manifest-${choice.changedShare ?? 0}-${choice.offboarded ?? 0}`);
    if (!existsSync(folder)) writeAccountFiles(folder, generateAccount(this.sizes, { seed: 1, ...choice }));
    return folder;
  }

  /** @param {Omit<Choice, "seed">} choice */
  facts(choice) {
    return listFacts(this.sizes, { seed: 1, ...choice });
  }

  /**
   * @param {Platform} platform
   * @param {readonly string[]} args
   * @param {{ readonly exits?: readonly (number | null)[], readonly limit?: Limit | undefined, readonly killAtWrites?: number }} [options]
   * @returns {Promise<Measured>}
   */
  run(platform, args, { exits, limit, killAtWrites } = {}) {
    const command = [MAIN, ...args, "--quiet", "--ledger", this.ledger];
    return platform.measure({ ...this.weather, limit, tellAtWrites: killAtWrites }, (hearWrites) =>
      runNode(command, {
        env: platform.reach,
        ...(exits === undefined ? {} : { exits }),
        ...(killAtWrites === undefined ? {} : { onStart: hearWrites }),
      }),
    );
  }

  /** @param {string} name @param {Measured} measured */
  tellReading(name, measured) {
    const { traffic } = measured;
    const ownBoundMs = boundOwnCalls(traffic, { inFlight: IN_FLIGHT });
    this.tell({ ...lineOf(measured), group: this.size, name, boundMs: boundReading(traffic), ownBoundMs });
  }

  /**
   * @param {string} name
   * @param {Measured} measured
   * @param {{ readonly reading: Traffic, readonly platform: Platform, readonly from: ReadonlySet<string>, readonly to: ReadonlySet<string>, readonly limit?: Limit | undefined }} conditions
   */
  async tellChanges(name, measured, { reading, platform, from, to, limit }) {
    const { traffic } = measured;
    const { missing, beyond } = compareFacts(to, await readFacts(platform));
    this.tell({
      ...lineOf(measured),
      group: this.size,
      name,
      boundMs: boundChanges(traffic, { reading, inFlight: IN_FLIGHT, limit }),
      ownBoundMs: boundOwnCalls(traffic, { inFlight: IN_FLIGHT, limit }),
      changes: countChanges(from, to),
      lost: missing.length + beyond.length,
    });
  }
}

/** @param {Measured} measured */
export function lineOf({ usage: { startedAt, wallMs, cpuMs, peakMb, exit }, traffic, serverCpu }) {
  const firstRequestMs = traffic.firstAt - startedAt;
  return { wallMs, cpuMs, peakMb, exit, firstRequestMs, serverCpu, traffic, changes: undefined, lost: undefined };
}

const ASK_NOBODY = "--auto-approve";
const ALL_REMOVALS = ["--max-removals", "100000", "--max-removal-percent", "100"];
const EVERYTHING = [
  ...["organization:*", "space:*/*", "project:*/*/*", "user:*@acme.example"],
  ...["org-member:*/*", "space-member:*/*/*", "binding:*/*/*/*"],
];
/** @type {ReadonlySet<string>} */
const NOTHING = new Set();

/**
 * Fills an account, by axcess or, where it is not to be applied whole, by plain calls; then plans, changes, offboards in it, and
 * breaks off. The folder of the filled account is handed back.
 * @param {string} size
 * @param {{ readonly weather: Weather, readonly tell: (line: Line) => void, readonly isApplied: boolean, readonly isChanged: boolean }} options
 * @returns {Promise<string>}
 */
export async function playSize(size, { weather, tell, isApplied, isChanged }) {
  const options = { size, weather, tell };
  const filled = new Stage("filled", options);
  const whole = filled.manifest({});
  await filled.play(async (platform) => {
    const first = await filled.run(platform, ["plan", "-f", whole]);
    filled.tellReading("plan, new account", first);
    if (!isApplied) {
      const { call, list } = connect(platform);
      await fillAccount(call, await list("roles"), filled.sizes, { seed: 1 });
      // What is there is known to the ledger, as after an apply; of a bare account nobody could name it all.
      if (filled.sizes.bare !== true) await filled.run(platform, ["adopt", "-f", whole, ...EVERYTHING]);
      return;
    }
    const applied = await filled.run(platform, ["apply", ASK_NOBODY, "-f", whole]);
    const facts = { from: NOTHING, to: filled.facts({}) };
    await filled.tellChanges("apply, new account", applied, { platform, reading: first.traffic, ...facts });
  });
  await new Stage("read", options).playOn(filled, async (stage, platform) => {
    const same = await stage.run(platform, ["plan", "-f", whole]);
    stage.tellReading("plan, nothing to do", same);
    const person = await stage.run(platform, ["plan", "-f", whole, "--target", "user:person-0005@acme.example"]);
    stage.tellReading("plan of one person", person);
  });
  // Whoever comes into a space of a bare account would have to come into its organization first.
  if (filled.sizes.bare === true || !isChanged) return filled.box;
  await new Stage("drift", options).playOn(filled, async (stage, platform) => {
    await playReviewed(stage, { platform, choice: { changedShare: 0.01 }, name: "1 % changed", from: stage.facts({}) });
  });
  await new Stage("offboard", options).playOn(filled, async (stage, platform) => {
    await playReviewed(stage, {
      platform,
      choice: { offboarded: 10 },
      name: "ten people offboarded",
      from: stage.facts({}),
    });
  });
  await playAge(options, filled);
  if (isApplied) await playCrash(options);
  return filled.box;
}

/**
 * What is written is planned, approved where it is held, and applied.
 * @typedef {object} Reviewed
 * @property {Platform} platform
 * @property {Omit<Choice, "seed">} choice
 * @property {string} name
 * @property {ReadonlySet<string>} from
 * @property {Limit | undefined} [limit] Of the apply.
 * @property {boolean} [isUntold] Whether the plan has no line of its own.
 */

/** @param {Stage} stage @param {Reviewed} reviewed */
async function playReviewed(stage, { platform, choice, name, from, limit, isUntold }) {
  const manifest = stage.manifest(choice);
  const saved = join(stage.folder, "plan.json");
  const approvals = join(stage.folder, "approvals.yaml");
  const planned = await stage.run(platform, ["plan", "-f", manifest, "--out", saved, ...ALL_REMOVALS]);
  const reading = planned.traffic;
  if (isUntold !== true) stage.tellReading(`plan, ${name}`, planned);
  if (choice.offboarded !== undefined) {
    const held = await stage.run(platform, ["apply", saved, ASK_NOBODY, "-f", manifest], { exits: [3] });
    await stage.tellChanges(`apply, ${name}: held`, held, { platform, reading, from, to: from });
  }
  if (/^Held until approved$/m.test(planned.usage.output)) {
    const approve = [MAIN, "approve", saved, "--all", "--reason", "bench", "--by", "bench@acme.example"];
    await runNode([...approve, "--output", approvals, "-f", manifest, "--ledger", stage.ledger]);
  }
  const released = existsSync(approvals) ? ["--approvals", approvals] : [];
  const applied = await stage.run(platform, ["apply", saved, ASK_NOBODY, "-f", manifest, ...released], { limit });
  await stage.tellChanges(`apply, ${name}`, applied, { platform, reading, from, to: stage.facts(choice), limit });
}

/** Of an account that was changed for years. */
const OLD_LINES = 200_000;

/**
 * A plan with a ledger that has no checkpoint, as one has that an older version wrote; and after a run that changed something and ended with one.
 * @param {{ readonly size: string, readonly weather: Weather, readonly tell: (line: Line) => void }} options @param {Stage} filled
 */
async function playAge(options, filled) {
  await new Stage("age", options).playOn(filled, async (stage, platform) => {
    const [whole, changed] = [stage.manifest({}), stage.manifest({ changedShare: 0.01 })];
    growLedger(stage.ledger, OLD_LINES);
    const old = await stage.run(platform, ["plan", "-f", whole]);
    stage.tellReading("plan, ledger of 200,000 lines", old);
    await stage.run(platform, ["apply", ASK_NOBODY, "-f", changed, ...ALL_REMOVALS], { exits: [0, 3] });
    // What the apply held is planned again, and is more than the usual limits let through.
    const after = await stage.run(platform, ["plan", "-f", changed, ...ALL_REMOVALS]);
    stage.tellReading("plan, the same after a run with a checkpoint", after);
  });
}

/** Killed after half of its writes, and run again. @param {{ readonly size: string, readonly weather: Weather, readonly tell: (line: Line) => void }} options */
async function playCrash(options) {
  const stage = new Stage("crash", options);
  const half = Math.floor(stage.facts({}).size / 2);
  await stage.play(async (platform) => {
    const broken = ["apply", ASK_NOBODY, "-f", stage.manifest({})];
    await stage.run(platform, broken, { exits: [null], killAtWrites: half });
    const from = await readFacts(platform);
    // A restriction that comes after memberships of the broken run takes something from somebody, and so is held.
    await playReviewed(stage, { platform, choice: {}, name: "again after kill -9 at half", from });
  });
}

/**
 * A new account under a limiter, the ledger empty; then nearly every grant changed, by a run that has the ledger of the first.
 * @param {string} size @param {{ readonly weather: Weather, readonly tell: (line: Line) => void, readonly limits: readonly string[] }} options
 */
export async function playLimits(size, { weather, tell, limits }) {
  for (const name of limits) {
    const limit = LIMITS[name] ?? never();
    const stage = new Stage("limited", { size, weather, tell });
    await stage.play(async (platform) => {
      const manifest = stage.manifest({});
      const { traffic: reading } = await stage.run(platform, ["plan", "-f", manifest]);
      const cold = await stage.run(platform, ["apply", ASK_NOBODY, "-f", manifest], { limit });
      await stage.tellChanges(`apply, new account, ${name}, cold`, cold, {
        platform,
        reading,
        limit,
        from: NOTHING,
        to: stage.facts({}),
      });
      const changed = { choice: { changedShare: 0.9 }, name: `90 % changed, ${name}, warm`, from: stage.facts({}) };
      await playReviewed(stage, { platform, ...changed, limit, isUntold: true });
    });
  }
}

/** @returns {never} */
function never() {
  throw new Error("This cannot be.");
}
