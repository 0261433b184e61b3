import * as ax from "@arizeai/ax-client";
import { expect, test } from "vitest";
import { expectAgreement, openStory, watchSecrets } from "../support/open-story.ts";
import { connectVendor, readBooks } from "../support/read-books.ts";
import { makeWorkplace, type Ran } from "../support/run-axcess.ts";
import { startTestAccount } from "../support/sandbox-account.ts";

const HOUR = 3_600_000;
const MANIFEST = `version: 1
organizations:
  Acme:
    spaces:
      prod:
        projects: { chat: {} }
        service_keys:
          ci:
            role: member
            expires: "2099-01-31"
            secret: { to: file, path: secrets/ci }
            rotate: { before_expiry: 14d, grace: 1h }
`;

const opens = (client: ReturnType<typeof connectVendor>): Promise<boolean> =>
  ax.listProjects({ client }).then(
    () => true,
    (error) => {
      if (error instanceof ax.AuthenticationError) return false;
      throw error;
    },
  );

test("a key rotates at any time by keys rotate: the new secret works, the old one until its grace is over", async () => {
  const story = await openStory();
  await story.carryOut(MANIFEST);
  const old = story.clientOf(await story.read("secrets/ci"));
  const ran = await story.axcess("keys", "rotate", "ci", "--auto-approve");
  expect(ran.exit, ran.stderr).toBe(0);
  const fresh = story.clientOf(await story.read("secrets/ci"));
  expect([await opens(old), await opens(fresh)]).toEqual([true, true]);
  expect((await story.books()).keys).toEqual({ "Acme/prod": ["ci", "ci"] });
  await story.end();
  story.account.advance(2 * HOUR);
  expect([await opens(old), await opens(fresh)]).toEqual([false, true]);
  await story.end();
});

test("a key rotates by the clock: not before its day, then once", async () => {
  const place = makeWorkplace();
  const account = makeWorkplace().folder;
  const witness = watchSecrets(place.folder);
  const runAt =
    (moment: string) =>
    async (...words: readonly string[]): Promise<Ran> =>
      witness.note(await place.run([...words, `--sandbox=${account}`, "--ledger", "ledger.jsonl", "--now", moment]));
  /** Serves the very account that the commands work on, for the vendor's client, so many milliseconds from now. */
  const visit = async <T>(later: number, look: (url: string, adminKey: string) => Promise<T>): Promise<T> => {
    const served = await startTestAccount({ directory: account, now: () => new Date(Date.now() + later) });
    return look(served.sandbox.url, served.sandbox.adminKey).finally(served.close);
  };
  const before = runAt("2099-01-16T23:59:59Z");
  const onTheDay = runAt("2099-01-17T08:00:00Z");
  place.write("access.yaml", MANIFEST);
  expect((await before("apply", "--auto-approve")).exit).toBe(0);
  const old = await place.read("secrets/ci");
  expect((await before("plan")).stdout).toContain("No changes.");

  const planned = await onTheDay("plan", "--out", "plan.json");
  expect(planned.stdout).toContain("due for a new secret, by the clock");
  const applied = await onTheDay("apply", "plan.json");
  expect(applied.exit, applied.stderr).toBe(0);
  const fresh = await place.read("secrets/ci");
  expect(fresh).not.toBe(old);
  const opensAt = (later: number): Promise<readonly boolean[]> =>
    visit(later, (url) => Promise.all([old, fresh].map((secret) => opens(connectVendor(url, secret)))));
  expect(await opensAt(0)).toEqual([true, true]);
  expect(await opensAt(2 * HOUR)).toEqual([false, true]);
  // The account goes on listing a key that has ended.
  const books = await visit(2 * HOUR, (url, key) => readBooks(connectVendor(url, key)));
  expect(books.keys).toEqual({ "Acme/prod": ["ci", "ci"] });
  await expectAgreement(place, onTheDay);
  witness.expectSilence();
});
