// Writes what axcess is made of at run time as CycloneDX 1.5 to stdout, or to the file that is named: from package-lock.json and
// the list of what is built in, without a time or a random number, so that the same lock gives the same bytes. (`npm sbom --omit dev` leaves out packages that a
// development dependency needs as well.)
import { readFileSync, writeFileSync } from "node:fs";
import { BUILT_IN } from "./built-in.mjs";

const root = new URL("..", import.meta.url);
const { packages } = JSON.parse(readFileSync(new URL("package-lock.json", root), "utf8"));
const own = packages[""];

/** Where a package that is needed at `path` lies: the innermost folder that has it, as Node looks for it. */
const locate = (path, name) => {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("node_modules/") - 1))) {
    const found = `${folder === "" ? "" : `${folder}/`}node_modules/${name}`;
    if (packages[found] !== undefined) return found;
    if (folder === "") throw new Error(`${path || own.name} needs ${name}, which package-lock.json does not have`);
  }
};

/** What is needed at `path`, by its path; of axcess what is built into it, too. */
const needsOf = (path) =>
  [...Object.keys(packages[path].dependencies ?? {}), ...(path === "" ? Object.values(BUILT_IN).flat() : [])].map(
    (name) => locate(path, name),
  );

/** Everything that runs, by its path; the package itself aside. */
const needed = new Set(needsOf(""));
for (const path of needed) for (const other of needsOf(path)) needed.add(other);

const nameOf = (path) => (path === "" ? own.name : path.slice(path.lastIndexOf("node_modules/") + 13));
const purlOf = (path) => `pkg:npm/${nameOf(path).replace("@", "%40")}@${packages[path].version}`;
const describe = (path) => ({
  type: path === "" ? "application" : "library",
  "bom-ref": purlOf(path),
  name: nameOf(path),
  version: packages[path].version,
  licenses: [{ license: { id: packages[path].license } }],
  purl: purlOf(path),
});
const hashesOf = ({ integrity }) =>
  integrity.split(" ").map((each) => {
    const [algorithm, digest] = each.split(/-(.*)/su);
    return { alg: algorithm.replace("sha", "SHA-"), content: Buffer.from(digest, "base64").toString("hex") };
  });

const paths = [...needed].sort();
const text = `${JSON.stringify(
  {
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: { component: describe("") },
    components: paths.map((path) => ({ ...describe(path), hashes: hashesOf(packages[path]) })),
    dependencies: ["", ...paths].map((path) => ({ ref: purlOf(path), dependsOn: needsOf(path).map(purlOf).sort() })),
  },
  undefined,
  2,
)}\n`;
const [out] = process.argv.slice(2);
if (out === undefined) process.stdout.write(text);
else writeFileSync(out, text);
