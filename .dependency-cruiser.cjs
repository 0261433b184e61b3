// The arrows between the folders of src/, and the one home of each package. `npm run check:arrows` holds the code to them;
// docs/architecture.md says why they are as they are.

/** What each folder may import. A folder that is not named here may import nothing of the others. */
const ARROWS = {
  model: [],
  host: ["model"],
  manifest: ["model"],
  kinds: ["model"],
  access: ["model"],
  state: ["model"],
  stores: ["model", "state"],
  export: ["model", "manifest"],
  plan: ["model", "access"],
  page: ["model", "access"],
  packets: ["model", "access"],
  apply: ["model", "state"],
  platform: ["model"],
  sandbox: [],
  secrets: ["model", "apply"],
  engine: ["model", "manifest", "kinds", "access", "state", "export", "plan", "packets", "apply", "secrets", "sandbox"],
  library: [
    "model",
    "host",
    "manifest",
    "kinds",
    "access",
    "state",
    "export",
    "plan",
    "packets",
    "apply",
    "platform",
    "sandbox",
    "stores",
    "engine",
  ],
  action: [],
  cli: [
    "model",
    "host",
    "manifest",
    "kinds",
    "access",
    "state",
    "export",
    "plan",
    "page",
    "packets",
    "apply",
    "platform",
    "sandbox",
    "secrets",
    "stores",
    "engine",
  ],
};

/** The files of a folder that others may import. A folder that is not named here is open. */
const DOORS = {
  manifest: [
    "load-manifest",
    "collect-problems",
    "format-manifest",
    "known-permissions",
    "read-yaml",
    "writable",
    "write-manifest",
    "edit-manifest",
    "offboard-person",
    "write-live",
  ],
  kinds: ["registry"],
  access: [
    "effective-access",
    "questions",
    "access-delta",
    "access-guards",
    "hidden-grants",
    "list-bots",
    "plan-scene",
    "assertions",
    "planned-assertions",
    "predefined-roles",
    "separation",
  ],
  state: [
    "belongings",
    "desired",
    "forget-classes",
    "observe",
    "place-reads",
    "ledger",
    "ledger-location",
    "ledger-parts",
    "open-store",
    "copy-ledger",
    "leased-store",
    "lock-texts",
    "memory",
    "load-ledger",
    "read-ledger",
    "recall-parts",
    "verify-ledger",
    "history",
    "audit-trail",
    "spent-approvals",
    "ask-early",
  ],
  stores: ["connect-store"],
  export: ["describe-account", "split-manifest"],
  plan: [
    "make-plan",
    "read-plan",
    "coverage",
    "kinds-by-name",
    "missing-reads",
    "part-suffices",
    "touched-classes",
    "target-part",
    "predict-world",
    "invert-run",
    "settle-wishes",
    "find-drift",
    "align-renames",
    "shards",
    "shard-plan",
    "merge-plans",
    "summarize-parts",
  ],
  page: ["make-page", "assemble-page", "page-model"],
  apply: ["apply-plan", "approvals", "judge-approvals", "may-run", "settle", "retract-undelivered", "report"],
  platform: ["arize-platform", "undici-net", "endpoints", "api-key"],
  sandbox: ["start-sandbox"],
};

/** The only folders that may import a package. */
const HOMES = {
  yaml: "manifest",
  ajv: "manifest|sandbox",
  leven: "manifest|engine",
  undici: "platform",
  "deep-diff": "plan",
  commander: "cli",
  chalk: "cli",
  "smol-toml": "cli",
  hono: "sandbox",
  "@hono/node-server": "sandbox",
  graphql: "sandbox",
  pg: "stores",
  "@aws-sdk/client-s3": "stores",
};

/** Node's modules that touch the world: only the machine's adapters and the witness, which is a program of its own, may use them. */
const OUTSIDE =
  "^(node:)?(fs|fs/promises|net|http|https|http2|child_process|timers|timers/promises|dns|tls|worker_threads)$";

const arrows = Object.entries(ARROWS).map(([from, to]) => ({
  name: `${from}-imports-only-its-own`,
  comment:
    to.length === 0 ? `src/${from} stands alone.` : `src/${from} may import ${to.join(", ")} and nothing else of ours.`,
  severity: "error",
  from: { path: `^src/${from}/` },
  to: { path: "^src/", pathNot: `^src/(${[from, ...to].join("|")})/` },
}));

const doors = Object.entries(DOORS).map(([folder, files]) => ({
  name: `${folder}-is-entered-by-its-doors`,
  comment: `Others import only ${files.join(", ")} of src/${folder}.`,
  severity: "error",
  from: { path: "^src/", pathNot: `^src/${folder}/` },
  to: { path: `^src/${folder}/`, pathNot: `^src/${folder}/(${files.join("|")})\\.ts$` },
}));

const homes = Object.entries(HOMES).map(([name, home]) => ({
  name: `${name.replace(/[@/]/g, "-").replace(/^-/, "")}-has-one-home`,
  comment: `Replacing ${name} means opening ${home} and nothing else.`,
  severity: "error",
  from: { path: "^src/", pathNot: `^src/(${home})/` },
  to: { path: `^node_modules/${name}/` },
}));

module.exports = {
  forbidden: [
    ...arrows,
    ...doors,
    ...homes,
    {
      name: "no-cycles",
      comment: "A cycle makes many files one. Types count.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-orphans",
      comment: "A file that nobody imports is dead.",
      severity: "error",
      from: { orphan: true, path: "^(src|page)/", pathNot: "^src/((cli|action)/main|axcess)\\.ts$|^page/page\\.css$" },
      to: {},
    },
    {
      name: "the-world-is-behind-ports",
      comment:
        "Disk, network, timers and processes are reached through src/model/ports.ts, so that every run can be simulated.",
      severity: "error",
      from: {
        path: "^src/",
        pathNot:
          "^src/(host|sandbox)/|^src/action/machine\\.ts$|^src/manifest/access-schema\\.ts$|^src/platform/undici-net\\.ts$",
      },
      to: { path: OUTSIDE },
    },
    {
      name: "pure-folders-import-no-node",
      comment:
        "model, kinds, access, export, plan and page are functions of their arguments; only the digest may hash.",
      severity: "error",
      from: { path: "^src/(model|kinds|access|export|plan|page)/", pathNot: "^src/plan/digest\\.ts$" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "the-browser-program-takes-little",
      comment:
        "What is built into the page is small and pure: the model, and the words and forms that the command line has too.",
      severity: "error",
      from: { path: "^page/" },
      to: {
        path: "^src/",
        pathNot: "^src/(model/[\\w-]+|page/page-model|cli/approvals/approvals-text|cli/render/harmless)\\.ts$",
      },
    },
    {
      name: "nothing-needs-the-simulation",
      comment: "The simulation plays what is shipped, and is no part of it.",
      severity: "error",
      from: { path: "^(src|page)/" },
      to: { path: "^simulation/" },
    },
    {
      name: "the-simulation-stands-on-ports",
      comment:
        "Real disks, networks and timers make no two runs alike; only what is left of a failure is written to a disk.",
      severity: "error",
      from: { path: "^simulation/", pathNot: "^simulation/(report|\\.build)/" },
      to: { path: OUTSIDE },
    },
    {
      name: "nothing-but-the-page-renders",
      comment: "What the page is drawn with is built into it, and no part of the command line needs it.",
      severity: "error",
      from: { pathNot: "^page/" },
      to: { path: "^node_modules/(preact|@tanstack/virtual-core)/|^page/" },
    },
    {
      name: "no-undeclared-packages",
      comment:
        "What runs is a dependency, or has a home of its own: built in (scripts/built-in.mjs), or a peer that only src/stores loads.",
      severity: "error",
      from: { path: "^src/" },
      to: {
        dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown", "unknown", "undetermined"],
        pathNot: `(^|/)node_modules/(@types/)?(${Object.keys(HOMES).join("|")})/`,
      },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default"],
      extensions: [".ts", ".js", ".json"],
    },
  },
};
