import * as ax from "@arizeai/ax-client";
import { expect, test } from "vitest";
import { openStory, type Story } from "../support/open-story.ts";

const key = `          ci: { role: member, expires: "2099-01-01", secret: { to: file, path: secrets/ci } }\n`;
const manifest = (keys: string): string => `version: 1
manage: { service_keys: authoritative }
organizations:
  Acme:
    spaces:
      prod:
        service_keys:${keys}`;
const NONE = manifest(" {}\n");
const ONE = manifest(`\n${key}`);

const opens = async (story: Story, secret: string): Promise<boolean> =>
  ax.listProjects({ client: story.clientOf(secret) }).then(
    () => true,
    () => false,
  );

test("a key that was made is revoked again, once approved; it stays so, and another one takes its place", async () => {
  const story = await openStory();
  await story.carryOut(NONE);
  await story.carryOut(ONE);
  const secret = (await story.read("secrets/ci")).trim();
  expect(await opens(story, secret)).toBe(true);
  const made = await story.plan("undo");
  expect([made.open, made.held]).toEqual([[], ["delete service-key:Acme/prod/ci"]]);
  await story.approve("rolled out too early");
  await story.apply();
  expect([await opens(story, secret), (await story.books()).keys]).toEqual([false, {}]);
  story.declare(NONE);
  await story.end();
  // Where the secret of another one goes is the manifest's to say.
  story.declare(ONE);
  expect(await story.plan("undo")).toMatchObject({ open: ["create service-key:Acme/prod/ci"], held: [] });
  await story.apply();
  expect([await opens(story, secret), await opens(story, (await story.read("secrets/ci")).trim())]).toEqual([
    false,
    true,
  ]);
  await story.end();
});

test("a rotation cannot be taken back, and it says so: the old secret ends with its grace", async () => {
  const story = await openStory();
  await story.carryOut(ONE);
  expect((await story.axcess("keys", "rotate", "ci", "--auto-approve")).exit).toBe(0);
  const { open, held, text } = await story.plan("undo");
  expect([open, held]).toEqual([[], []]);
  expect(text).toContain("AX345");
  expect(text).toContain("service-key:Acme/prod/ci");
  expect(text).not.toContain("account_role");
  await story.end();
});
