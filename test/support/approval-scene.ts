import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { makeWorkplace, type Ran, type Workplace } from "./run-axcess.ts";

/** What every command line has. */
export const FLAGS: readonly string[] = ["--sandbox", "--now", "2026-11-01T12:00:00Z"];
/** The manifest: its head, and the team in it. */
export const PEOPLE = `version: 1
people:
  jane@acme.io: { name: Jane Doe, role: member, invite: none }
  bob@acme.io: { name: Bob Roe, role: member, invite: none }
  vera@acme.io: { name: Vera, role: member, invite: none }
  otto@acme.io: { name: Otto, role: member, invite: none }
  mallory@acme.io: { name: Mallory, role: member, invite: none }
groups:
  owners: [vera@acme.io, otto@acme.io, bob@acme.io]
`;
export const TEAM = `organizations:
  Team:
    members: { jane@acme.io: member, bob@acme.io: member }
    spaces:
      alpha: { private: true, members: { jane@acme.io: admin, bob@acme.io: member } }
`;
const WITHOUT_BOB = `${TEAM.replace(", bob@acme.io: member } }", " } }")}absent: ["space-member:Team/alpha/bob@acme.io"]\n`;
/** The section of the manifest with the rules for approvals. */
export const rules = (words: string): string => `policy: { approvals: { ${words} } }\n`;

/** A team whose manifest has rules for approvals, and who approves. */
export interface ApprovalScene extends Workplace {
  readonly axcess: (...words: readonly string[]) => Promise<Ran>;
  readonly approve: (by: string, ...words: readonly string[]) => Promise<Ran>;
  /** Writes the manifest in which Bob leaves, under these rules, and saves its plan. */
  readonly planUnder: (words: string) => Promise<Ran>;
  readonly ledger: () => Promise<string>;
}

/** A team in which Bob is still; `before` are the rules under which that was applied. */
async function openScene(before = ""): Promise<ApprovalScene> {
  const place = makeWorkplace();
  const axcess = (...words: readonly string[]): Promise<Ran> => place.run([...words, ...FLAGS]);
  const head = (words: string): string => `${PEOPLE}${words === "" ? "" : rules(words)}`;
  place.write("access.yaml", `${head(before)}${TEAM}`);
  mkdirSync(join(place.folder, ".axcess"), { recursive: true });
  return {
    ...place,
    axcess,
    approve: (by, ...words) => axcess("approve", "plan.json", "--all", "--reason", "Bob left", "--by", by, ...words),
    planUnder: (words) => {
      place.write("access.yaml", `${head(words)}${WITHOUT_BOB}`);
      return axcess("plan", "--out", "plan.json");
    },
    ledger: () => place.read(".axcess/sandbox-ledger.jsonl"),
  };
}

/** The same team, applied. */
export async function openTeam(before = ""): Promise<ApprovalScene> {
  const scene = await openScene(before);
  const applied = await scene.axcess("apply", "--auto-approve");
  expect(applied.exit, applied.stderr + applied.stdout).toBe(0);
  return scene;
}
