import { describe, expect, test } from "vitest";
import { openPrompt } from "../../src/cli/prompt.ts";
import type { Session } from "../../src/cli/session.ts";
import { openWrittenSession } from "../support/open-written-session.ts";

describe("a prompt", () => {
  test("reads lines whatever the chunks, and ends with the input", async () => {
    const written: string[] = [];
    const session = await openWrittenSession(written, { typed: ["fi", "rst\nsec", "ond\nlast"] });
    const prompt = openPrompt(session, new AbortController().signal);
    expect([await prompt.ask("?"), await prompt.ask("?"), await prompt.ask("?"), await prompt.ask("?")]).toEqual([
      "first",
      "second",
      "last",
      undefined,
    ]);
    await prompt.close();
    expect(written).toEqual(["?", "?", "?", "?", "\n"]);
  });

  test("asks nothing once interrupted, and gives up the question it waits with", async () => {
    const written: string[] = [];
    const controller = new AbortController();
    const session = await openWrittenSession(written);
    const never: Session = {
      ...session,
      io: { ...session.io, stdin: { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) } },
    };
    const prompt = openPrompt(never, controller.signal);
    const waiting = prompt.ask("first? ");
    controller.abort();
    expect(await waiting).toBeUndefined();
    expect(await prompt.ask("second? ")).toBeUndefined();
    await prompt.close();
    expect(written).toEqual(["first? "]);
  });
});
