import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { openReviewed, REVIEWED, type Reviewed } from "../../support/open-reviewed.ts";
import type { Ran } from "../../support/run-axcess.ts";
import { makeSshKey } from "../../support/ssh-keys.ts";

describe("a signed review", { timeout: 60_000 }, () => {
  test("is found whole, and every file that is not as it was signed is named", async () => {
    const { place, verify } = await openSigned();
    const whole = await verify();
    expect([whole.exit, whole.stdout], whole.stderr).toEqual([
      0,
      "5 files in packets are as auditor@acme.example signed them.\n",
    ]);
    const other = await verify("someone@acme.example");
    expect(faultsOf(other)).toHaveLength(5);
    expect(other.stderr).toContain('"packets/index.sha256" has no signature by someone@acme.example that fits it.');
    const at = (name: string): string => join(place.folder, "packets", name);
    rmSync(at("ana@acme.example.csv"));
    rmSync(at("ana@acme.example.csv.sig"));
    rmSync(at("without-an-owner.csv.sig"));
    place.write("packets/index.csv", readFileSync(at("index.csv"), "utf8").replace("ana", "eve"));
    copyFileSync(at("ben@acme.example.csv"), at("eve@acme.example.CSV"));
    place.write("packets/notes.txt", "mine");
    const broken = await verify();
    expect(broken.exit).toBe(1);
    expect(faultsOf(broken)).toEqual(["AX394", "AX395", "AX396", "AX397"]);
    expect(broken.stderr).toContain('"packets/ana@acme.example.csv" is named by index.sha256 and is not there.');
    expect(broken.stderr).toContain('"packets/index.csv" is another file than index.sha256 names.');
    expect(broken.stderr).toContain('"packets/eve@acme.example.CSV" is not named by index.sha256.');
    expect(broken.stderr).toContain('"packets/without-an-owner.csv" has no signature');
  });

  test("whose list was shortened, taken away or replaced is none", async () => {
    const { place, verify } = await openSigned();
    const list = await place.read("packets/index.sha256");
    place.write("packets/index.sha256", list.replace(/^.*ana@acme.*\n/mu, ""));
    const shortened = await verify();
    expect(faultsOf(shortened)).toEqual(["AX394", "AX397"]);
    place.write("packets/index.sha256", `${list}something else\n`);
    expect((await verify()).stderr).toContain('"packets/index.sha256" is not as a review writes it');
    rmSync(join(place.folder, "packets/index.sha256"));
    expect((await verify()).stderr).toContain('"packets/index.sha256" is not there');
  });

  test("is signed anew by the same bytes, and not at all by what is no key", async () => {
    const { place, run } = await openSigned();
    const before = await place.read("packets/index.csv.sig");
    expect((await run("review", "--out", "packets", "--format", "csv", "--sign", "key")).exit).toBe(0);
    expect(await place.read("packets/index.csv.sig")).toBe(before);
    const refused = await run("review", "--out", "packets", "--sign", "no-key");
    expect([refused.exit, faultsOf(refused)]).toEqual([1, ["AX393"]]);
  });

  test("asks for the passphrase of the key once", async () => {
    const { place, run } = await openReviewed();
    const key = join(place.folder, "key");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "open sesame", "-C", "", "-f", key]);
    place.write("ask", `#!/bin/sh\necho asked >> "${join(place.folder, "asked")}"\necho "open sesame"\n`);
    chmodSync(join(place.folder, "ask"), 0o700);
    vi.stubEnv("SSH_ASKPASS", join(place.folder, "ask"));
    vi.stubEnv("SSH_ASKPASS_REQUIRE", "force");
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const signed = await run("review", "--out", "packets", "--sign", "key");
    expect([signed.exit, signed.stderr]).toEqual([0, expect.stringContaining("type its passphrase")]);
    expect(await place.read("asked")).toBe("asked\n");
  });
});

describe("the folder of a review", () => {
  test("names every file with its digest", async () => {
    const { place, run } = await openReviewed();
    await run("review", "--out", "packets");
    const names = readdirSync(join(place.folder, "packets")).filter((name) => name !== "index.sha256");
    const digests = names.map((name) => {
      const content = readFileSync(join(place.folder, "packets", name));
      return [name, createHash("sha256").update(content).digest("hex")] as const;
    });
    const lines = (await place.read("packets/index.sha256")).trimEnd().split("\n");
    expect(lines.sort()).toEqual(digests.map(([name, digest]) => `${digest}  ${name}`).sort());
    const digest = new Map(digests).get("ana@acme.example.csv");
    expect(await place.read("packets/index.csv")).toContain(`,ana@acme.example.csv,1,4,${digest}\r\n`);
  });

  test("loses what the review before wrote, and nothing else", async () => {
    const { place, run } = await openReviewed();
    await run("review", "--out", "packets");
    const at = (name: string): string => join(place.folder, "packets", name);
    place.write("packets/mine.md", "mine");
    place.write("packets/ana@acme.example.html", "changed");
    renameSync(at("ana@acme.example.csv"), join(place.folder, "elsewhere.csv"));
    symlinkSync(join(place.folder, "elsewhere.csv"), at("ana@acme.example.csv"));
    place.write("access.yaml", REVIEWED.replace("platform: [ana@acme.example, ", "platform: ["));
    const again = await run("review", "--out", "packets");
    expect(again.stderr).toContain("wrote them and this one does not: packets/ana@acme.example.md\n");
    expect(again.stderr).toContain(
      "left where they are: packets/ana@acme.example.csv, packets/ana@acme.example.html, packets/mine.md\n",
    );
    expect(existsSync(at("ana@acme.example.md"))).toBe(false);
    expect(existsSync(join(place.folder, "elsewhere.csv"))).toBe(true);
    const { removed, left } = JSON.parse((await run("review", "--out", "packets", "--json")).stdout);
    expect([removed, left.length]).toEqual([[], 3]);
    const fewer = await run("review", "--out", "packets", "--format", "csv");
    expect(fewer.stderr).toContain("packets/index.md");
    expect(existsSync(at("index.md"))).toBe(false);
  });

  test("keeps signatures of what is gone, and tells them", async () => {
    const { place, run } = await openSigned();
    place.write("access.yaml", REVIEWED.replace("platform: [ana@acme.example, ", "platform: ["));
    const again = await run("review", "--out", "packets", "--format", "csv", "--sign", "key");
    expect(again.stderr).toContain("left where they are: packets/ana@acme.example.csv.sig\n");
  });

  test("that holds another list of that name is refused before anything is written", async () => {
    const { place, run } = await openReviewed();
    mkdirSync(join(place.folder, "packets"));
    place.write("packets/index.sha256", `${"0".repeat(64)}  ../access.yaml\n`);
    const refused = await run("review", "--out", "packets");
    expect([refused.exit, refused.stderr]).toEqual([64, expect.stringContaining("is not as a review writes it")]);
    expect(readdirSync(join(place.folder, "packets"))).toEqual(["index.sha256"]);
  });
});

interface Signed extends Reviewed {
  readonly verify: (signer?: string) => Promise<Ran>;
}

/** Packets as CSV, signed by the auditor. */
async function openSigned(): Promise<Signed> {
  const { place, run } = await openReviewed();
  place.write("signers", `auditor@acme.example ${makeSshKey(place.folder, "key")}\n`);
  const written = await run("review", "--out", "packets", "--format", "csv", "--sign", "key");
  expect([written.exit, written.stdout], written.stderr).toEqual([0, "3 packets written to packets and signed.\n"]);
  const verify: Signed["verify"] = (signer = "auditor@acme.example") =>
    run("review", "--verify", "packets", "--allowed-signers", "signers", "--signer", signer);
  return { place, run, verify };
}

function faultsOf({ stderr }: Ran): readonly string[] {
  return [...stderr.matchAll(/\bAX39\d\b/gu)].map(([code]) => code).sort();
}
