// @ts-check
// The simulated platform for a measurement: the sandbox in a process of its own, and before it the proxy in another.
import { fork, spawn } from "node:child_process";
import { openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BARE, cpuOf, FOLDER, LONGEST_MS, MAIN } from "./processes.mjs";

const PROXY = fileURLToPath(new URL("proxy.mjs", import.meta.url));

/** @typedef {import("./proxy.mjs").Weather} Weather */
/** @typedef {import("./proxy.mjs").Traffic} Traffic */
/** @typedef {{ readonly usage: import("./processes.mjs").Usage, readonly traffic: Traffic, readonly serverCpu: number | undefined }} Measured */

/**
 * @typedef {object} Platform
 * @property {string} key
 * @property {string} direct The sandbox itself: no latency, no limits of the proxy.
 * @property {Readonly<Record<string, string>>} reach What a client's environment needs to find the proxy.
 * @property {(weather: Weather, work: (tellWrites: (listener: () => void) => void) => Promise<import("./processes.mjs").Usage>) => Promise<Measured>} measure
 * @property {(switches: object) => Promise<void>} switch
 * @property {() => Promise<void>} stop
 */

/** Serves the account of a folder. @param {string} box @returns {Promise<Platform>} */
export async function servePlatform(box) {
  const sandbox = await serveSandbox(box);
  const proxy = fork(PROXY, [new URL(sandbox.url).port], { env: BARE });
  /** @param {object} message @returns {Promise<any>} */
  const ask = (message) =>
    new Promise((resolve) => {
      const listener = (/** @type {any} */ answer) => {
        if ("told" in answer) return;
        proxy.off("message", listener);
        resolve(answer);
      };
      proxy.on("message", listener);
      proxy.send(message);
    });
  const { port } = await new Promise((resolve) => proxy.once("message", resolve));
  const url = `http://127.0.0.1:${port}`;
  const change = async (/** @type {object} */ switches) => {
    const headers = { authorization: `Bearer ${sandbox.key}`, "content-type": "application/json" };
    const body = JSON.stringify(switches);
    const answer = await fetch(`${sandbox.url}/_sandbox/switches`, { method: "PATCH", headers, body });
    if (!answer.ok) throw new Error(`The sandbox answered ${answer.status}.`);
  };
  // Else each run would wait for what the one before has asked in the same minute. That a client keeps to it is seen in its traffic.
  await change({ graphqlQueriesPerMinute: null });
  return {
    key: sandbox.key,
    direct: sandbox.url,
    reach: { ARIZE_API_KEY: sandbox.key, ARIZE_BASE_URL: url, ARIZE_APP_URL: url },
    measure: async (weather, work) => {
      await ask({ weather });
      const before = cpuOf(sandbox.pid);
      const usage = await work((listener) => {
        const hear = (/** @type {any} */ message) => {
          if (message.told !== "writes") return;
          proxy.off("message", hear);
          listener();
        };
        proxy.on("message", hear);
      });
      const after = cpuOf(sandbox.pid);
      const { traffic } = await ask({});
      const serverCpu = before === undefined || after === undefined ? undefined : (after - before) / usage.wallMs;
      return { usage, traffic, serverCpu };
    },
    switch: change,
    stop: async () => {
      const ended = new Promise((resolve) => proxy.on("exit", resolve));
      proxy.disconnect();
      await Promise.all([ended, sandbox.stop()]);
    },
  };
}

/** @param {string} box */
async function serveSandbox(box) {
  const child = spawn(process.execPath, [MAIN, "sandbox", "--port=0", `--dir=${box}`, "--json"], {
    cwd: FOLDER,
    env: BARE,
    stdio: ["ignore", "pipe", openSync(join(FOLDER, "sandbox-errors"), "a")],
  });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  const timer = setTimeout(() => child.kill("SIGKILL"), 4 * LONGEST_MS);
  /** @type {Promise<{ url: string, keyFile: string }>} */
  const announced = new Promise((resolve, reject) => {
    let text = "";
    child.stdout?.on("data", (chunk) => {
      text += chunk;
      if (text.trimEnd().endsWith("}")) resolve(JSON.parse(text));
    });
    child.on("exit", () => reject(new Error("The sandbox ended.")));
  });
  const { url, keyFile } = await announced;
  const stop = async () => {
    child.kill("SIGINT");
    await ended;
    clearTimeout(timer);
  };
  return { url, key: readFileSync(keyFile, "utf8").trim(), pid: child.pid, stop };
}
