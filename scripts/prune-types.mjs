// Leaves of the declarations in dist/ those that dist/axcess.d.ts needs: nothing else of the package can be imported.
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const DIST = fileURLToPath(new URL("../dist", import.meta.url));

const needed = new Set([join(DIST, "axcess.d.ts")]);
for (const file of needed) {
  for (const [, path = ""] of readFileSync(file, "utf8").matchAll(/\b(?:from|import\() ?"(\.[^"]+)"/gu)) {
    needed.add(resolve(dirname(file), path.replace(/\.(?:js|ts)$/u, ".d.ts")));
  }
}
const removed = readdirSync(DIST, { withFileTypes: true, recursive: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(".d.ts"))
  .map(({ parentPath, name }) => join(parentPath, name))
  .filter((file) => !needed.has(file));
for (const file of removed) rmSync(file);
console.log(`types: ${needed.size} files`);
