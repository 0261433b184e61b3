import { expect, test } from "vitest";
import { PlatformError } from "../../src/model/errors.ts";
import type { ListRequest, PlatformReader, Row } from "../../src/model/platform.ts";
import { findAuditEntry, readAuditTrail } from "../../src/state/audit-trail.ts";

function readerOf(list: (request: ListRequest) => Promise<readonly Row[]>): PlatformReader {
  return { list } as unknown as PlatformReader;
}

const ROWS: readonly Row[] = [
  {
    created_at: "4",
    user_id: "u1",
    operation_name: "add",
    operation_text: "POST /v2/spaces/s1/users",
    variables: '{"user_id": "u2"}',
  },
  { created_at: "3", user_id: "u1", operation_text: "mutation Rename", variables: { id: "s1" } },
  { created_at: "2", user_id: "u1", operation_name: "update", operation_text: "PATCH /v2/users/u2" },
];

test("the newest change of something is found by its ids, and changes of what is in it are not taken for it", async () => {
  const asked: ListRequest[] = [];
  const trail = await readAuditTrail(
    readerOf(async (request) => {
      asked.push(request);
      return ROWS;
    }),
  );
  expect(asked).toEqual([
    { path: "/v2/audit-logs", query: { operation_type: "MUTATION" }, collection: "logs", mostPages: 10 },
  ]);
  expect(findAuditEntry(trail, { space: "s1", user: "u2" })).toMatchObject({ at: "4", operation: "add", userId: "u1" });
  expect(findAuditEntry(trail, { space: "s1", user: "u2", binding: "b9" })?.at).toBe("4");
  expect(findAuditEntry(trail, { id: "s1" })).toMatchObject({ at: "3", operation: "" });
  expect(findAuditEntry(trail, { id: "u2" })?.at).toBe("2");
  expect(findAuditEntry(trail, { space: "s9", user: "u2" })).toBeUndefined();
  expect(findAuditEntry(trail, {})).toBeUndefined();
});

test("a log that cannot be read is no error, but for an interruption and for faults of axcess", async () => {
  const failing = (error: unknown): PlatformReader => readerOf(() => Promise.reject(error));
  const forbidden = new PlatformError("forbidden", "GET /v2/audit-logs", "not allowed");
  expect(await readAuditTrail(failing(forbidden))).toEqual({ entries: [], because: "not allowed" });
  const interrupted = new PlatformError("interrupted", "GET /v2/audit-logs", "stopped");
  await expect(readAuditTrail(failing(interrupted))).rejects.toBe(interrupted);
  await expect(readAuditTrail(failing(new TypeError("x")))).rejects.toThrow(TypeError);
});
