import { expect, test } from "vitest";
import { describeSink } from "../../src/model/secret.ts";

test("each place has words of its own, which hold no secret", () => {
  expect([
    describeSink({ to: "file", path: "a b" }),
    describeSink({ to: "command", command: ["vault", "kv", "a b"] }),
    describeSink({ to: "env", file: ".env", name: "KEY" }),
    describeSink({ to: "github", repo: "acme/traces", name: "KEY" }),
  ]).toEqual(["file a b", 'command ["vault","kv","a b"]', "env KEY in .env", "github KEY of acme/traces"]);
});
