import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openReviewed } from "../../support/open-reviewed.ts";
import { makeWorkplace } from "../../support/run-axcess.ts";

describe("review", () => {
  test("each owner is told who has what, since when, through what, approved by whom and until when", async () => {
    const { place, run } = await openReviewed();
    expect((await run("review", "--out", "packets")).stdout).toBe("3 packets written to packets.\n");
    expect(readdirSync(join(place.folder, "packets")).sort()).toEqual(
      ["ana@acme.example", "ben@acme.example", "index", "without-an-owner"]
        .flatMap((name) => ["csv", "html", "md"].map((format) => `${name}.${format}`))
        .concat("index.sha256")
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
    expect(read("one")).toHaveLength(13);
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
