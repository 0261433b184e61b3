// Bundles the simulation, which node does not run as it is, and runs it in as many processes as --processes says (one unless told).
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const outfile = fileURLToPath(new URL("../simulation/.build/main.js", import.meta.url));
await build({
  absWorkingDir: fileURLToPath(new URL("..", import.meta.url)),
  entryPoints: ["simulation/main.ts"],
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  packages: "external",
  sourcemap: "inline",
  logLevel: "warning",
});
const words = process.argv.slice(2);
const at = words.indexOf("--processes");
const count = at < 0 ? 1 : Number(words.splice(at, 2)[1]);
const codes = await Promise.all(Array.from({ length: count }, (_none, index) => run(`${index + 1}/${count}`)));
process.exitCode = Math.max(...codes);

function run(share) {
  const child = spawn(
    process.execPath,
    // Collecting garbage side by side costs more than it saves: the other processors have shares of their own.
    ["--enable-source-maps", "--single-threaded", "--max-semi-space-size=64", outfile, "--share", share, ...words],
    {
      stdio: "inherit",
    },
  );
  return new Promise((resolve) => child.on("exit", (code) => resolve(code ?? 1)));
}
