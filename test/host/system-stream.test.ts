import { closeSync, openSync } from "node:fs";
import { tmpdir } from "node:os";
import { expect, onTestFinished, test } from "vitest";
import { openSystemStream, writeWhole } from "../../src/host/system-stream.ts";

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}

test("a pipe that takes a part, or is full for now, gets every byte in order", () => {
  let [text, calls] = ["", 0];
  writeWhole(Buffer.from("abcdef"), (bytes, from) => {
    calls += 1;
    if (calls % 2 === 1) throw failure("EAGAIN");
    text += bytes.toString("utf8", from, from + 2);
    return 2;
  });
  expect({ text, calls }).toEqual({ text: "abcdef", calls: 6 });
});

test("a pipe that nobody reads any more is an error", () => {
  const write = (): never => {
    throw failure("EPIPE");
  };
  expect(() => writeWhole(Buffer.from("a"), write)).toThrow("EPIPE");
});

test("a descriptor that is no file, pipe or socket is refused", async () => {
  const descriptor = openSync(tmpdir(), "r");
  onTestFinished(() => closeSync(descriptor));
  await expect(openSystemStream(`/dev/fd/${descriptor}`)).rejects.toMatchObject({ code: "EBADF", syscall: "open" });
});
