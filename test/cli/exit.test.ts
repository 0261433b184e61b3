import { describe, expect, test } from "vitest";
import { describeFailure } from "../../src/cli/exit.ts";
import { DiagnosedError, Impossible, PlatformError, UsageError } from "../../src/model/errors.ts";

describe("describeFailure", () => {
  test("collected problems are told as they are", () => {
    const diagnostic = { code: "AX101", severity: "error", summary: "S", detail: "D." } as const;
    expect(describeFailure(new DiagnosedError([diagnostic]))).toEqual({
      exit: 1,
      message: "",
      fix: undefined,
      diagnostics: [diagnostic],
      isBug: false,
    });
  });

  test("wrong usage is 64", () => {
    expect(describeFailure(new UsageError("M.", "F."))).toMatchObject({
      exit: 64,
      message: "M.",
      fix: "F.",
      isBug: false,
    });
  });

  test("the platform's failures name the call, the status and a way on", () => {
    expect(describeFailure(new PlatformError("forbidden", "GET /v2/users", "No.", { status: 403 }))).toMatchObject({
      exit: 1,
      message: "GET /v2/users: No. (status 403)",
      fix: "Use a key of an account admin; see what this one may do: axcess doctor",
    });
    expect(describeFailure(new PlatformError("conflict", "PUT /x", "No."))).toMatchObject({ message: "PUT /x: No." });
    expect(describeFailure(new PlatformError("interrupted", "GET /x", "Stopped."))).toMatchObject({ exit: 130 });
  });

  test("errors of the system are no faults of axcess, all others are", () => {
    const missing = Object.assign(new Error("ENOENT: no such file, open 'x'"), { code: "ENOENT", syscall: "open" });
    expect(describeFailure(missing)).toMatchObject({ exit: 1, isBug: false, message: missing.message });
    expect(describeFailure(new Impossible("x"))).toMatchObject({ exit: 1, isBug: true, message: "x" });
    expect(describeFailure("thrown")).toMatchObject({ exit: 1, isBug: true, message: "thrown" });
  });
});
