import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeWorkplace, type Ran, type Workplace } from "../../support/run-axcess.ts";

const MANIFEST = `version: 1
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

describe("review", () => {
  test("each owner is told who has what, since when, through what, approved by whom and until when", async () => {
    const { place, run } = await openReviewed();
    expect((await run("review", "--out", "packets")).stdout).toBe("3 packets written to packets.\n");
    expect(readdirSync(join(place.folder, "packets")).sort()).toEqual(
      ["ana@acme.example", "ben@acme.example", "index", "without-an-owner"]
        .flatMap((name) => ["csv", "html", "md"].map((format) => `${name}.${format}`))
        .sort(),
    );
    const ana = await place.read("packets/ana@acme.example.md");
    expect(ana).toContain("## `space:Acme/lab`");
    expect(ana).not.toContain("space:Acme/open");
    const row = ana.split("\n").find((line) => line.includes("space-member:Acme/lab/ana@acme.example"));
    expect(row).toMatch(
      /^\| `ana@acme.example` \| `person` \| `admin` \| `space admin` \| .* \| `2027-01-15T\S+ \(made\)` \| .* \| `2027-06-30T00:00:00Z` \| `access.yaml:\d+:\d+: runs it` \|$/u,
    );
    const key = ana.split("\n").find((line) => line.includes("`service key`"));
    expect(key).toContain("made by admin@sandbox.example, works in space:Acme/lab");
    expect(key).toContain("`2027-03-31T00:00:00Z`");
    expect(key).toContain("last used: unknown");
    expect(ana).toMatch(/\| `bot` \|/u);
    expect(await place.read("packets/ben@acme.example.md")).toContain("## `space:Acme/open`");
    expect(await place.read("packets/without-an-owner.md")).toContain("## `space:Acme/attic`");
    expect(await place.read("packets/ben@acme.example.md")).toContain("`invited, has not come`");
  });

  test("what the ledger does not tell is unknown", async () => {
    const { run } = await openReviewed();
    const all = await run("review", "--ledger", "none.jsonl");
    expect(all.stdout).toContain("- as of: `2027-01-15T09:00:00.000Z`");
    expect(all.stdout).toMatch(/`space-member:Acme\/lab\/ana@acme.example` \| `unknown` \| `unknown` \|/u);
    expect(all.stdout).not.toContain("(made)");
  });

  test("two runs over the same state are the same bytes", async () => {
    const { place, run } = await openReviewed();
    await run("review", "--out", "one");
    await run("review", "--out", "two");
    const read = (folder: string): readonly string[] =>
      readdirSync(join(place.folder, folder))
        .sort()
        .map((name) => readFileSync(join(place.folder, folder, name), "utf8"));
    expect(read("one")).toEqual(read("two"));
    expect(read("one")).toHaveLength(12);
  });

  test("files are signed, and a file that was edited is found", async () => {
    const { place, run } = await openReviewed();
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", join(place.folder, "key")]);
    place.write("signers", `auditor@acme.example ${await place.read("key.pub")}`);
    const written = await run("review", "--out", "packets", "--format", "csv", "--sign", "key");
    expect([written.exit, written.stdout], written.stderr).toEqual([0, "3 packets written to packets and signed.\n"]);
    const first = await place.read("packets/index.csv.sig");
    await run("review", "--out", "packets", "--format", "csv", "--sign", "key");
    expect(await place.read("packets/index.csv.sig")).toBe(first);
    const verify = ["review", "--verify", "packets", "--allowed-signers", "signers", "--signer"];
    expect((await run(...verify, "auditor@acme.example")).exit).toBe(0);
    expect((await run(...verify, "someone@acme.example")).stderr).toContain("AX394");
    const index = join(place.folder, "packets/index.csv");
    writeFileSync(index, readFileSync(index, "utf8").replace("ana", "eve"));
    const edited = await run(...verify, "auditor@acme.example");
    expect([edited.exit, edited.stderr]).toEqual([1, expect.stringContaining("packets/index.csv")]);
    expect((await run("review", "--out", "packets", "--sign", "no-key")).stderr).toContain("AX393");
  });

  test.each([
    [["--serve", "plan.json", "--out", "x"], "--serve takes no other flag"],
    [["--verify", "x", "--out", "x"], "--verify excludes"],
    [["--signer", "x"], "go with --verify"],
    [["--sign", "key"], "go with --out"],
    [["--verify", "x"], "Whose signatures count"],
    [["--verify", "none", "--allowed-signers", "s", "--signer", "x"], 'There is no folder "none"'],
    [["--out", "x", "--format", "pdf"], "--format wants md, html or csv"],
  ])("review %s is refused", async (words, message) => {
    const ran = await makeWorkplace().run(["review", ...words]);
    expect([ran.exit, ran.stderr]).toEqual([64, expect.stringContaining(message)]);
  });
});

interface Reviewed {
  readonly place: Workplace;
  readonly run: (...words: readonly string[]) => Promise<Ran>;
}

async function openReviewed(): Promise<Reviewed> {
  const place = makeWorkplace();
  place.write("access.yaml", MANIFEST);
  const run: Reviewed["run"] = (...words) => place.run([...words, "--sandbox", "--now", "2027-01-15T09:00:00Z"]);
  const applied = await run("apply", "--auto-approve");
  expect(applied.exit, applied.stdout + applied.stderr).toBe(0);
  return { place, run };
}
