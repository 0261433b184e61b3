// The library, tried on a simulated account: plan, approve what is held, apply, ask who may do what,
// and write what auditors need.
import { apply, approve, plan, review, startSandbox, whoCan } from "axcess";

const MANIFEST = `
version: 1
people:
  ana@acme.example: { name: Ana Ruiz, role: member, invite: email_link }
  ben@acme.example: { name: Ben Okafor, role: member, invite: email_link }
organizations:
  Platform Team:
    members:
      ana@acme.example: admin
      ben@acme.example: member
    spaces:
      production:
        private: true
        members:
          ben@acme.example: member
owners:
  "space:Platform Team/*": [ana@acme.example]
`;

/** Makes the manifest true, with the ledger in a folder, and tells who may read spans afterwards, and to whom a review would go. */
export async function tryOut(folder) {
  const sandbox = await startSandbox();
  try {
    const account = { manifest: { text: MANIFEST }, connection: { sandbox }, ledger: "ledger.jsonl", folder };
    const planned = await plan(account);
    const held = planned.steps.filter(({ gate }) => gate.state === "held");
    const expires = new Date(Date.now() + 60 * 60 * 1000);
    const approvals =
      held.length === 0 ? [] : [approve({ plan: planned, by: "vera@acme.example", reason: "set-up", expires })];
    const { report, exit } = await apply({ ...account, plan: planned, approvals });
    const entries = await whoCan({
      ...account,
      permission: "PROJECT_SPAN_READ",
      place: "space:Platform Team/production",
    });
    const { files } = await review({ ...account, formats: ["md"] });
    return {
      exit,
      states: report.results.map(({ step, state }) => `${state} ${step.address}`),
      readers: entries.map(({ person }) => person),
      files: files.map(({ name }) => name),
    };
  } finally {
    await sandbox.close();
  }
}
