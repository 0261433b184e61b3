import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeWorkplace } from "../../support/run-axcess.ts";

const FLAGS = ["--sandbox", "--now", "2026-11-01T12:00:00Z"];

test.each(["access", "."])(
  "the approvals of a manifest that is the folder %s lie in it, and are no part of it",
  async (folder) => {
    const place = makeWorkplace();
    mkdirSync(join(place.folder, folder), { recursive: true });
    const axcess = (...words: readonly string[]) => place.run([...words, ...FLAGS, "--file", folder]);
    const write = (text: string): void => place.write(`${folder}/team.yaml`, `version: 1\n${text}`);
    const people = "people: { jane@x.io: { name: Jane, role: member, invite: none } }\n";
    write(`${people}organizations: { A: { members: { jane@x.io: member } } }\n`);
    expect(await axcess("apply", "--auto-approve")).toMatchObject({ exit: 0 });
    write(`${people}absent: ["org-member:A/jane@x.io"]\n`);
    expect((await axcess("plan", "--out", "plan.json")).stdout).toContain("1 to delete; 1 held");
    const approved = await axcess("approve", "plan.json", "--all", "--by", "bob@x.io", "--reason", "left");
    expect(approved.stdout).toMatch(/^Written to (?:access\/)?approvals\/\S+\.yaml\.$/mu);
    expect((await axcess("plan")).stdout).toContain("bob@x.io");
    expect((await axcess("fmt", "--check")).stdout).not.toContain("approvals");
    expect(await axcess("apply", "plan.json")).toMatchObject({ exit: 0 });
    expect(await axcess("offboard", "jane@x.io")).toMatchObject({ exit: 0 });
    expect((await axcess("plan")).exit).toBe(0);
  },
);
