import { expect, test } from "vitest";
import { makeWorkplace } from "../../support/run-axcess.ts";

const BEFORE = ["--sandbox", "--now", "2026-11-01T12:00:00Z"];
const AFTER = ["--sandbox", "--now", "2026-12-02T00:00:00Z"];
const manifest = (expire: string): string => `version: 1
people:
  jane@acme.example: { name: Jane Doe, role: member }
  bob@acme.example: { name: Bob Roe, role: member }
  eve@acme.example: { name: Eve Poe, role: member }
organizations:
  Acme:
    members:
      jane@acme.example: admin
      bob@acme.example: { role: member, expires: "2026-12-01" }
      eve@acme.example: member
    spaces:
      prod:
        private: true
        members:
          bob@acme.example: member
          eve@acme.example: { role: member, expires: "2026-12-01" }
policy: { expire: ${expire}, min_admins: 0 }
`;

test("a grant whose time is over goes by itself only where the policy says so, and only where nothing goes with it", async () => {
  const place = makeWorkplace();
  place.write("access.yaml", manifest("held"));
  await place.run(["apply", "--auto-approve", ...BEFORE]);
  const held = await place.run(["apply", "--auto-approve", ...AFTER]);
  expect(held).toMatchObject({ exit: 3, stdout: expect.stringContaining("Apply: 2 held.") });

  place.write("access.yaml", manifest("automatic"));
  const gone = await place.run(["apply", "--auto-approve", ...AFTER]);
  expect(gone.stdout).toContain("- delete space-member:Acme/prod/eve@acme.example  open by policy.expire");
  // Bob's membership of the organization would take his membership of the space along.
  expect(gone.stdout).toContain("goes with it: space-member:Acme/prod/bob@acme.example");
  expect(gone).toMatchObject({ exit: 3, stdout: expect.stringContaining("Apply: 1 done, 1 held.") });

  const ledger = await place.run(["ledger", "show", "--address", "space-member:**/eve@acme.example", "--sandbox"]);
  expect(ledger.stdout).toContain("with policy.expire=automatic");
  expect(ledger.stdout).toContain("its time was over, and the policy lets such grants go");
});
