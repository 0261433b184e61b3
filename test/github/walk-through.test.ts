import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Desk, type Job, openDesk } from "../support/github-job.ts";
import { makeWorkplace } from "../support/run-axcess.ts";

const DOCUMENT = new URL("../../docs/walk-through.md", import.meta.url);
const BEGUN = `version: 1
manage: { members: authoritative }
people:
  jane@acme.example: { name: Jane Doe, role: member }
  kim@acme.example: { name: Kim Park, role: member }
  carl@acme.example: { name: Carl Ray, role: member }
organizations:
  Acme Labs:
    members: { jane@acme.example: admin, kim@acme.example: member, carl@acme.example: member }
    spaces:
      prod: { private: true, members: { kim@acme.example: member } }
`;
const MISTYPED = BEGUN.replace(", carl@acme.example: member }", " }").replace(
  "{ kim@acme.example: member } }",
  "{ kim@acme.exmaple: admin } }",
);
const MENDED = MISTYPED.replace("exmaple", "example");

test("docs/walk-through.md tells what each step of a pull request came to", async () => {
  const told: Record<string, string> = {};
  const desk = await openDesk({ "access.yaml": "version: 1\npeople: {}\n" });
  desk.commit("begin", "main", { "access.yaml": BEGUN });
  await desk.plan(desk.open("begin"));
  expect((await desk.apply(desk.merge(desk.open("begin")))).exit).toBe(0);

  desk.commit("leave", "main", { "access.yaml": MISTYPED });
  const wrong = await desk.plan(desk.open("leave"));
  expect(wrong.exit).toBe(1);
  told["wrong-log"] = annotations(wrong);
  told["wrong-comment"] = comment(desk, "axcess-plan");

  desk.commit("leave", "leave", { "access.yaml": MENDED });
  expect((await desk.plan(desk.open("leave"))).exit).toBe(0);
  told["plan-comment"] = comment(desk, "axcess-plan");

  const { said, file } = await approve(desk);
  told["approve"] = said;
  told["approval"] = file;
  desk.commit("leave", "leave", { "approvals/carl.yaml": file }, "Vera-Dev");
  const approved = await desk.plan(desk.open("leave"));
  expect([approved.exit, approved.outputs["held"]]).toEqual([0, "1"]);
  told["approved-comment"] = comment(desk, "axcess-plan").replace(/<details>[\s\S]*/u, "…\n");

  const applied = await desk.apply(desk.merge(desk.open("leave")));
  expect(applied.exit).toBe(0);
  told["apply-comment"] = comment(desk, "axcess-apply");
  const lines = desk.hub.branches.get("axcess-ledger")?.get("access.jsonl")?.split("\n") ?? [];
  const change = /chg_[0-9a-f]{16}/u.exec(file)?.[0] ?? "";
  told["ledger"] = lines.filter((line) => line.includes(change)).join("\n");

  const { body } = await desk.account.rest("GET", "/v2/organizations");
  const [{ id }] = body.organizations.filter(({ name }: { readonly name: string }) => name === "Acme Labs");
  const { body: people } = await desk.account.rest("GET", "/v2/users");
  const carl = people.users.find(({ email }: { readonly email: string }) => email === "carl@acme.example");
  expect((await desk.account.joinOrganization(id, carl.id, "MEMBER")).status).toBeLessThan(300);
  await desk.drift();
  told["drift-issue"] = desk.hub.issues[0]?.["body"] ?? "";
  await desk.account.rest("DELETE", `/v2/organizations/${id}/users/${carl.id}`);
  await desk.drift();
  told["drift-end"] = `the issue is ${desk.hub.issues[0]?.["state"]}`;

  const document = readFileSync(DOCUMENT, "utf8");
  const shown = Object.entries(told).reduce((text, [name, part]) => put(text, name, mask(part)), document);
  if (process.env["BLESS"] === "1") writeFileSync(DOCUMENT, shown);
  expect(readFileSync(DOCUMENT, "utf8")).toBe(shown);
});

/** What stands beside the lines of the files on the pull request. */
function annotations({ log }: Job): string {
  return `${log.split("\n").findLast((line) => line.startsWith("::error file="))}`;
}

/** The last comment of the action of a sort on the pull request. */
function comment({ hub }: Desk, marker: string): string {
  return hub.comments.findLast(({ issue, body }) => issue === 2 && body.startsWith(`<!-- ${marker}`))?.["body"] ?? "";
}

/** What the reviewer does with the artifact they downloaded. */
async function approve(desk: Desk): Promise<{ readonly said: string; readonly file: string }> {
  const place = makeWorkplace();
  place.write("access.yaml", MENDED);
  place.write("plan.json", desk.planText());
  const words = ["approve", "plan.json", "--all", "--reason", "Carl left", "--output", "approvals/carl.yaml"];
  const ran = await place.run(words, { env: { EMAIL: "vera@acme.example" } });
  expect(ran.exit, ran.stderr).toBe(0);
  return {
    said: `$ axcess approve plan.json --all --reason "Carl left"\n${ran.stdout}`,
    file: await place.read("approvals/carl.yaml"),
  };
}

/** Replaces a block of the document: what stands between its fences. */
function put(document: string, name: string, text: string): string {
  const block = new RegExp(`(<!-- told: ${name} -->\\n~~~\\w+\\n)[\\s\\S]*?(\\n~~~\\n)`, "u");
  expect(document, `the document has a block ${name}`).toMatch(block);
  return document.replace(block, (_, open, close) => `${open}${text.replace(/\n+$/u, "")}${close}`);
}

/** What is another one in each run. */
function mask(text: string): string {
  return text
    .replace(/run_[0-9A-Za-z-]+/gu, "run_…")
    .replace(/chg_[0-9a-f]{16}/gu, "chg_…")
    .replace(/sha256:[0-9a-f]{64}/gu, "sha256:…")
    .replace(/\b[0-9a-f]{40}\b/gu, "(commit)")
    .replace(/\b[0-9a-f]{12}\b/gu, "(commit)")
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/gu, "(time)")
    .replace(/("(?:digest|prev|plan|manifest)":")[^"]+/gu, "$1…")
    .replace(/"remote":\{[^{}]*\}/gu, '"remote":{…}');
}
