import { describe, expect, test } from "vitest";
import { UsageError } from "../../src/model/errors.ts";
import { ledgerPath, schemeOf, showLocation, withoutPassword } from "../../src/state/ledger-location.ts";
import { loadClient } from "../../src/stores/load-client.ts";
import { readPostgresLocation } from "../../src/stores/postgres-location.ts";
import { isTooPlain, readS3Location } from "../../src/stores/s3-location.ts";
import { formatSegment, nameSegment, parseSegment } from "../../src/stores/s3-segment.ts";
import { makeWorkplace } from "../support/run-axcess.ts";

const HOLDER = { pid: 1, hostname: "here", user: "ana", startedAt: "2026-11-01T12:00:00.000Z", run: "run_a" };

/** What no refusal may say. */
const SAID = /S3CR3T|read:/u;

/** What a location is refused with. */
function refusal(read: () => unknown): string {
  try {
    return `read: ${JSON.stringify(read())}`;
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return `${(error as UsageError).message} ${(error as UsageError).fix}`;
  }
}

describe("a location in PostgreSQL", () => {
  test("says where, who, and which ledger", () => {
    expect(readPostgresLocation("postgres://ana:p%2Fw@db.acme.example:6432/access?ledger=prod")).toEqual({
      ...{ host: "db.acme.example", port: 6432, user: "ana", password: "p/w", database: "access", ledger: "prod" },
      ...{ ssl: "verify-full", rootCertificate: undefined },
      shown: "postgres://db.acme.example:6432/access?ledger=prod",
    });
    expect(readPostgresLocation("postgresql://[::1]/a")).toMatchObject({
      host: "::1",
      shown: "postgres://[::1]:5432/a?ledger=main",
    });
  });

  test("is encrypted and verified unless it is this machine, or told", () => {
    const modeOf = (rest: string): string => readPostgresLocation(`postgres://${rest}`).ssl;
    expect(["localhost/a", "127.0.0.1/a", "[::1]/a", "x/a?host=/run/postgresql"].map(modeOf)).toEqual(
      Array.from({ length: 4 }, () => "disable"),
    );
    expect(["db/a", "10.0.0.1/a", "localhost.evil.example/a", "127.0.0.1.evil.example/a"].map(modeOf)).toEqual(
      Array.from({ length: 4 }, () => "verify-full"),
    );
    expect(modeOf("db/a?sslmode=disable")).toBe("disable");
    for (const mode of ["prefer", "allow", "", "VERIFY-FULL"]) {
      expect(refusal(() => modeOf(`db/a?sslmode=${mode}`))).toContain("sslmode must be one of");
    }
  });

  test("is refused without repeating a password", () => {
    for (const rest of [
      "ana:secret@/a",
      "ana:secret@db",
      "ana:secret@db/a/b",
      "ana:sec/ret@db/a",
      "ana:12/secret@db/a",
      "ana:secret@db/a?password=secret",
      "ana:secret@db/a?ledger=%20secret",
      "ana:secret@db/a?ledger=x&ledger=secret",
      "ana:secret@db/a#secret",
    ]) {
      const told = refusal(() => readPostgresLocation(`postgres://${rest}`));
      expect(told).not.toMatch(/secret|ret@|read:/u);
    }
  });
});

describe("a location in S3", () => {
  test("says which bucket, prefix and server", () => {
    expect(
      readS3Location("s3://access/teams/a/?region=eu-west-1&endpoint=https://s3.acme.example&path-style=true"),
    ).toEqual({
      ...{ bucket: "access", prefix: "teams/a/", endpoint: "https://s3.acme.example", region: "eu-west-1" },
      ...{ pathStyle: true, mayBePlain: false, shown: "s3://access/teams/a" },
    });
  });

  test("is not spoken to in the clear, but on this machine or where that is meant", () => {
    const at = (endpoint: string, more = ""): string =>
      refusal(() => readS3Location(`s3://b/p?endpoint=${endpoint}${more}`));
    expect(at("http://minio:9000")).toContain("http: on another machine");
    expect(at("http://127.0.0.1:9000")).toContain("read:");
    expect(at("http://minio:9000", "&plain-http=true")).toContain("read:");
    for (const odd of ["minio", "ftp://minio", "https://key:secret@minio"])
      expect(at(odd)).toContain("no URL of a server");
    expect([isTooPlain("http:", "minio", false), isTooPlain("https:", "minio", false)]).toEqual([true, false]);
  });

  test("holds no credentials, and names a bucket and a prefix", () => {
    for (const rest of ["key:secret@b/p", "b:80/p", "b", "b/", "/p", "b/p?secret=secret", "b/p?path-style=yes"]) {
      expect(refusal(() => readS3Location(`s3://${rest}`))).not.toMatch(/secret|read:/u);
    }
  });
});

describe("a location that is shown", () => {
  test("has neither user nor password, nor how to connect", () => {
    expect(showLocation("postgres://ana:secret@db:6432/a?ledger=x&sslmode=disable")).toBe(
      "postgres://db:6432/a?ledger=x",
    );
    expect(showLocation("s3://b/p?endpoint=https://x")).toBe("s3://b/p");
    expect(showLocation("file:///tmp/a%20b")).toBe("/tmp/a b");
    expect(showLocation("postgres://ana:12/secret@db/a")).toBe("postgres://…");
    expect(showLocation("postgres://ana:sec/ret@db/a")).toBe("postgres://…");
  });

  test("as a word of a command line lacks only the password", () => {
    expect(withoutPassword("postgres://ana:secret@db/a?ledger=x")).toBe("postgres://ana@db/a?ledger=x");
    expect(withoutPassword("postgres://ana:sec/ret@db/a")).toBe("postgres://…");
    expect(withoutPassword("postgres://db/a?password=secret&ledger=x")).toBe("postgres://db/a?ledger=x");
    expect([withoutPassword("./a:b@c"), withoutPassword("file:///a"), withoutPassword("")]).toEqual([
      "./a:b@c",
      "file:///a",
      "",
    ]);
  });

  test("never has its password in what a command prints", async () => {
    const place = makeWorkplace();
    place.write("access.yaml", "version: 1\n");
    const location = "postgres://ana:secret@127.0.0.1:1/a";
    for (const words of [
      ["plan", "--sandbox", "--ledger", location],
      ["doctor", "--sandbox", "--ledger", location],
      ["unlock", "--ledger", location],
      ["ledger", "show", "--ledger", "postgres://ana:sec/ret@db/a"],
      ["ledger", "show", "--ledger", "postgres://ana:secret@db/a?x=1"],
    ]) {
      const { exit, stdout, stderr } = await place.run([...words, "--verbose"]);
      expect([exit === 1 || exit === 64, words]).toEqual([true, words]);
      expect(stdout + stderr).not.toMatch(/secret|sec\/ret/u);
    }
  });
});

describe("a location with a slip in it", () => {
  const SLIPS = [
    " postgres://sec:S3CR3T@h/db",
    "postgres://sec:S3CR3T@h/db\n",
    "\u0001postgres:sec:S3CR3T@h/db",
    "postgres:sec:S3CR3T@h/db",
    "postgres:/sec:S3CR3T@h/db",
    "PostgreSQL:sec:S3CR3T@h/db",
    "postgres//sec:S3CR3T@h/db",
    "postgres/sec:S3CR3T@h/db",
    "s3:S3CR3T/p",
    "s3//S3CR3T/p",
    "jdbc:postgresql://sec:S3CR3T@h/db",
    '"postgres://sec:S3CR3T@h/db"',
    "sec:S3CR3T@postgres://h/db",
    "mysql://sec:S3CR3T@h/db",
    "postgress:sec:S3CR3T@h/db",
    "postgress:S3CR3T@h",
    "sec:S3CR3T@h/db",
    "h:5432/db?u:S3CR3T@",
    "//sec:S3CR3T@h/db",
    " ledger.jsonl",
  ];

  test.each(SLIPS)("is refused and never repeated: %j", (location) => {
    for (const read of [schemeOf, ledgerPath, showLocation]) expect(refusal(() => read(location))).not.toMatch(SAID);
    expect(withoutPassword(location)).toBe("…");
  });

  test("never becomes a file, whichever way it is given", async () => {
    const place = makeWorkplace();
    place.write("access.yaml", "version: 1\n");
    for (const location of SLIPS) {
      for (const words of [
        ["plan", "--sandbox", "--ledger", location],
        ["doctor", "--sandbox", "--ledger", location],
        ["ledger", "copy", location, "--sandbox"],
      ]) {
        const { exit, stdout, stderr } = await place.run(words);
        expect([exit, words]).toEqual([words[0] === "doctor" ? 1 : 64, words]);
        expect(stdout + stderr).not.toMatch(SAID);
      }
    }
    const told = await place.run(["plan", "--sandbox"], { env: { AXCESS_LEDGER: " postgres://sec:S3CR3T@h/db" } });
    expect([told.exit, told.stdout + told.stderr]).toEqual([64, expect.not.stringMatching(SAID)]);
  });

  test("is none where a path only looks a little like it", () => {
    for (const path of [
      "./postgres.jsonl",
      "postgres-ledger.jsonl",
      "s3.jsonl",
      "postgres",
      "a:b.jsonl",
      "C:\\x",
      "C:\\ana@acme.io\\x",
      "./s3/a",
      "ana@acme.io/ledger.jsonl",
      "./a:b@c",
      "/a:b@c",
    ])
      expect([ledgerPath(path), showLocation(path), withoutPassword(path)]).toEqual([path, path, path]);
  });

  test("such as a bad %-escape is told with how a % is written", async () => {
    for (const rest of ["u:S3CR3T%@h/db", "u%zz:S3CR3T@h/db", "u:S3CR3T@h/db%", "u:S3CR3T%ff@h/db"]) {
      const told = refusal(() => readPostgresLocation(`postgres://${rest}`));
      expect(told).toContain("%25");
      expect(told).not.toMatch(SAID);
    }
    expect(refusal(() => readS3Location("s3://b/S3CR3T%"))).toMatch(/^(?!.*S3CR3T).*%25/u);
    const place = makeWorkplace();
    place.write("access.yaml", "version: 1\n");
    expect((await place.run(["plan", "--sandbox", "--ledger", "postgres://u:S3CR3T%@h/db"])).exit).toBe(64);
  });
});

describe("a store that cannot be reached", () => {
  test("is told, and an apply changes nothing", async () => {
    const place = makeWorkplace();
    place.write("access.yaml", 'version: 1\norganizations: { "Acme": {} }\npolicy: { min_admins: 0 }\n');
    const { exit, stderr } = await place.run([
      "apply",
      "--sandbox",
      "--auto-approve",
      "--ledger",
      "postgres://127.0.0.1:1/a",
    ]);
    expect([exit, stderr]).toEqual([1, expect.stringContaining("The store of the ledger cannot be reached")]);
    expect((await place.run(["export", "--sandbox"])).stdout).not.toContain("Acme");
    expect((await place.run(["validate", "--ledger", "postgres://127.0.0.1:1/a"])).exit).toBe(0);
  });

  test("for want of a package names what to install", async () => {
    const missing = Object.assign(new Error("no pg"), { code: "ERR_MODULE_NOT_FOUND" });
    await expect(loadClient("pg", "pg@8", () => Promise.reject(missing))).rejects.toMatchObject({
      message: "A ledger at this location needs the package pg, which is not installed.",
      fix: "Run, where axcess is installed: npm install pg@8",
    });
    await expect(loadClient("pg", "pg@8", () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  });
});

describe("a segment of a ledger in S3", () => {
  const segment = { number: 3, epoch: 2, write: 9, holder: HOLDER, closed: false, lines: '{"a":1}\n' };

  test("is read as it was written, and names sort as numbers do", () => {
    expect(parseSegment(formatSegment(segment), 3)).toEqual(segment);
    const free = { ...segment, holder: undefined, lines: "" };
    expect(parseSegment(formatSegment(free), 3)).toEqual(free);
    expect(nameSegment(9) < nameSegment(10)).toBe(true);
  });

  test("is nothing else", () => {
    const text = formatSegment(segment);
    for (const odd of [
      "",
      "{}\n",
      "null\n",
      "x\n",
      text.slice(0, -1),
      text.replace('"epoch":2', '"epoch":0'),
      text.replace('"pid":1', '"pid":"1"'),
      text.replace("false", "0"),
      text.replace('"format":1', '"format":2'),
    ]) {
      expect(parseSegment(odd, 3)).toBeUndefined();
    }
    expect(parseSegment(text, 4)).toBeUndefined();
  });
});
