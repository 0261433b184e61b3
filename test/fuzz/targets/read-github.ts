import fc from "fast-check";
import { connectGitHub } from "../../../src/action/github-api.ts";
import { ActionError } from "../../../src/action/inputs.ts";
import { readPullRequest } from "../../../src/action/job-event.ts";
import type { Answer, Machine } from "../../../src/action/machine.ts";
import { findReviewed } from "../../../src/action/reviewed-plan.ts";
import { readZip } from "../../../src/action/zip.ts";
import { makeUsualPlan } from "../../support/usual-plan.ts";
import { packZip } from "../../support/zip-archive.ts";
import { writeHostile } from "../hostile-values.ts";
import { mutateBytes, mutateText, mutateValue, someEdits } from "../mutate.ts";
import { makeTrial, type Target } from "../target.ts";

const [HEAD, BASE, MERGE] = ["a", "b", "c"].map((letter) => letter.repeat(40)) as [string, string, string];
const HOME = 77;
const PLAN = makeUsualPlan();
const ABOUT = { format: 1, name: "default", pull: 5, head: HEAD, base: BASE, digest: PLAN.digest };
const ZIP = packZip({ "plan.json": JSON.stringify(PLAN), "about.json": JSON.stringify(ABOUT) });

const PULL = {
  ...{ number: 5, merged_at: "2027-01-15T09:00:00Z", merge_commit_sha: MERGE, user: { login: "vera" } },
  ...{ head: { sha: HEAD, repo: { id: HOME } }, base: { sha: BASE, repo: { id: HOME } } },
};
const RUN = { id: HOME, head_sha: HEAD, head_repository_id: HOME, repository_id: HOME };
const ARTIFACT = { id: 9, name: `axcess-plan-default-${HEAD}`, expired: false, digest: "", workflow_run: RUN };

const ANSWERS: readonly (readonly [part: RegExp, value: unknown])[] = [
  [/\/pulls\?/u, [PULL]],
  [/\/artifacts\?/u, { artifacts: [ARTIFACT] }],
  [
    /\/runs\//u,
    {
      ...{ path: ".github/workflows/axcess.yml", event: "pull_request", conclusion: "success" },
      head_repository: { id: HOME },
      head_sha: HEAD,
    },
  ],
];

const ENV = {
  ...{
    GITHUB_REPOSITORY: "acme/access",
    INPUT_GITHUB_TOKEN: "ghs_x",
    GITHUB_SHA: MERGE,
    GITHUB_EVENT_PATH: "event.json",
  },
  ...{
    GITHUB_WORKFLOW_REF: "acme/access/.github/workflows/axcess.yml@refs/heads/main",
    GITHUB_REPOSITORY_ID: String(HOME),
  },
  GITHUB_EVENT_NAME: "pull_request",
};

const anyCase = fc.record({
  part: fc.constantFrom("event", "zip", "archive", "answers", "answers"),
  which: fc.nat(2),
  edits: someEdits,
  status: fc.constantFrom(200, 200, 200, 200, 302, 403, 404, 429, 500),
  how: fc.constantFrom("value", "value", "text"),
});
type Case = typeof anyCase extends fc.Arbitrary<infer T> ? T : never;

/** Events, answers and artifacts of GitHub: a plan that was reviewed, or an ActionError. */
export const readGithub: Target = {
  runs: 2000,
  open: async () =>
    makeTrial(anyCase, async (spoilt) => {
      try {
        await readSpoilt(spoilt);
      } catch (error) {
        if (!(error instanceof ActionError)) throw error;
      }
    }),
};

async function readSpoilt(spoilt: Case): Promise<void> {
  const { part, edits, how } = spoilt;
  const bend = (value: unknown): string =>
    how === "text" ? mutateText(JSON.stringify(value), edits) : writeHostile(mutateValue(value, edits));
  if (part === "archive") return void readZip(mutateBytes(ZIP, edits), 10_000_000);
  if (part === "event") {
    const pull = await readPullRequest(machineWith({ read: async () => bend({ pull_request: PULL }) }));
    if (pull !== undefined && !/^[0-9a-f]{40,64}$/u.test(pull.head)) throw new Error(`a head: ${pull.head}`);
    return;
  }
  const machine = machineWith({ ask: async ({ url }) => answer(spoilt, url, bend) });
  const { plan } = await findReviewed(machine, connectGitHub(machine), { name: "default" } as Parameters<
    typeof findReviewed
  >[2]);
  if (plan !== undefined && JSON.parse(plan).digest !== PLAN.digest) throw new Error("another plan than was reviewed");
}

function answer({ part, which, status, edits }: Case, url: string, bend: (value: unknown) => string): Answer {
  const found = ANSWERS.findIndex(([path]) => path.test(url));
  if (found < 0) {
    const body = part === "zip" ? mutateBytes(ZIP, edits) : Uint8Array.from(ZIP);
    return { status: 200, headers: new Map(), body };
  }
  const value = ANSWERS[found]?.[1];
  const isHit = part === "answers" && found === which;
  const text = isHit ? bend(value) : JSON.stringify(value);
  return { status: isHit ? status : 200, headers: new Map(), body: new TextEncoder().encode(text) };
}

function machineWith(parts: Partial<Machine>): Machine {
  const refuse = async (): Promise<never> => {
    throw new Error("nothing of the kind is asked for");
  };
  return {
    ...{ env: ENV, folder: "/", token: () => "t", print: () => undefined, read: refuse, write: refuse, append: refuse },
    ...{ remove: refuse, axcess: refuse, git: refuse, ask: refuse, sleep: async () => undefined, ...parts },
  };
}
