import { describe, expect, test } from "vitest";
import { makeProgress } from "../../src/cli/progress.ts";
import { openWrittenSession } from "../support/open-written-session.ts";

describe("progress", () => {
  test("writes over one line on a terminal, within its width, and clears it", async () => {
    const written: string[] = [];
    const progress = makeProgress(await openWrittenSession(written, { terminal: true }));
    progress.update(`a\n${"x".repeat(50)}`);
    progress.line("done");
    progress.end();
    expect(written).toEqual([`\r\u001b[2Ka\\n${"x".repeat(26)}`, "\r\u001b[2K", "done\n"]);
  });

  test("counts what is drawn two columns wide, and breaks no character", async () => {
    const written: string[] = [];
    makeProgress(await openWrittenSession(written, { terminal: true })).update(`日本🚀${"本".repeat(20)}`);
    expect(written).toEqual([`\r\u001b[2K日本🚀${"本".repeat(11)}`]);
  });

  test("elsewhere only lines are written, and under --quiet nothing", async () => {
    const written: string[] = [];
    const plain = makeProgress(await openWrittenSession(written));
    plain.update("a");
    plain.line("b");
    plain.end();
    const quiet = makeProgress(await openWrittenSession(written, { terminal: true, quiet: true }));
    quiet.update("c");
    quiet.line("d");
    expect(written).toEqual(["b\n"]);
  });
});
