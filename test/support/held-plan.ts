import type { Workplace } from "./run-axcess.ts";

const BEFORE = `version: 1
people:
  ana@acme.io: { name: Ana, role: admin, invite: none }
  bob@acme.io: { name: Bob, role: member, invite: none }
  cy@acme.io: { name: Cy, role: member, invite: none }
organizations:
  Acme:
    members: { bob@acme.io: member, cy@acme.io: member }
    spaces:
      shop:
        members: { bob@acme.io: member }
        projects: { web: { restricted: true } }
`;

/** Bob is deleted for good, and the project is opened to all of the space: both are held. */
const AFTER = `version: 1
people:
  ana@acme.io: { name: Ana, role: admin, invite: none }
  cy@acme.io: { name: Cyrus, role: member, invite: none }
absent: [user:bob@acme.io]
organizations:
  Acme:
    members: { cy@acme.io: member }
    spaces:
      shop:
        projects: { web: { restricted: false } }
`;

/** Fills a simulated account and saves a plan on it, `plan.json`, of which some is held; further flags are those of `plan`, `more` is put below its manifest. */
export async function savePlanOfHeld(place: Workplace, flags: readonly string[] = [], more = ""): Promise<void> {
  place.write("access.yaml", BEFORE);
  const filled = await place.run(["apply", "--sandbox", "--auto-approve"]);
  if (filled.exit !== 0) throw new Error(filled.stdout + filled.stderr);
  place.write("access.yaml", `${AFTER}${more}`);
  const planned = await place.run(["plan", "--sandbox", "--out", "plan.json", ...flags]);
  if (planned.exit !== 0) throw new Error(planned.stdout + planned.stderr);
}
