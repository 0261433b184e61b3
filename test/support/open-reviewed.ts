import { expect } from "vitest";
import { makeWorkplace, type Ran, type Workplace } from "./run-axcess.ts";

/** Three places with owners of all sorts: by e-mail, by a group, and nobody. */
export const REVIEWED = `version: 1
people:
  ana@acme.example: { name: Ana, role: member, invite: none }
  ben@acme.example: { name: Ben, role: member, invite: email_link }
groups: { platform: [ana@acme.example, ben@acme.example] }
owners:
  "organization:Acme": [ben@acme.example]
  "space:Acme/lab": [group:platform]
  "space:Acme/attic": []
organizations:
  Acme:
    members: { ana@acme.example: member, ben@acme.example: member }
    spaces:
      attic: {}
      lab:
        private: true
        members:
          ana@acme.example: { role: admin, reason: runs it, expires: "2027-06-30" }
        service_keys:
          ingest: { role: member, expires: "2027-03-31", secret: { to: file, path: secret.txt } }
      open: {}
`;

/** A simulated account that agrees with a manifest with owners. */
export interface Reviewed {
  readonly place: Workplace;
  readonly run: (...words: readonly string[]) => Promise<Ran>;
}

export async function openReviewed(): Promise<Reviewed> {
  const place = makeWorkplace();
  place.write("access.yaml", REVIEWED);
  const run: Reviewed["run"] = (...words) => place.run([...words, "--sandbox", "--now", "2027-01-15T09:00:00Z"]);
  const applied = await run("apply", "--auto-approve");
  expect(applied.exit, applied.stdout + applied.stderr).toBe(0);
  return { place, run };
}
