import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Plan } from "../../../src/model/plan.ts";
import type { ApprovalAnswer, PageModel } from "../../../src/page/page-model.ts";
import { savePlanOfHeld } from "../../support/held-plan.ts";
import { makeWorkplace, type Workplace } from "../../support/run-axcess.ts";
import { send, serveReview } from "../../support/served-review.ts";

function modelIn(html: string): PageModel {
  const [, text = ""] = /<script type="application\/json" id="model">(.*?)<\/script>/su.exec(html) ?? [];
  return JSON.parse(text) as PageModel;
}

async function readPlan(place: Workplace): Promise<Plan> {
  return JSON.parse(await place.read("plan.json")) as Plan;
}

describe("--format html", () => {
  test("plan writes a page of everybody, show one of what differs", async () => {
    const place = makeWorkplace();
    await savePlanOfHeld(place, ["--format", "html=review.html"]);
    const planned = modelIn(await place.read("review.html"));
    expect(planned.matrix.scope).toBe("account");
    expect(planned.steps.map(({ id }) => id)).toEqual((await readPlan(place)).steps.map(({ id }) => id));
    expect(planned.commands).toEqual({
      show: "axcess show plan.json --sandbox",
      apply: "axcess apply plan.json --sandbox",
      applyWith: "axcess apply plan.json --sandbox --approvals",
    });
    const shown = await place.run(["show", "plan.json", "--format", "html"]);
    expect(shown.stdout.startsWith("<!DOCTYPE html>")).toBe(true);
    expect(modelIn(shown.stdout).matrix.scope).toBe("differences");
  });

  test("a plan that is not saved says how to save it, and is the same bytes again", async () => {
    const place = makeWorkplace();
    await savePlanOfHeld(place);
    const [one, other] = [
      await place.run(["plan", "--sandbox", "--format", "html"]),
      await place.run(["plan", "--sandbox", "--format", "html"]),
    ];
    expect(modelIn(one.stdout).commands.save).toBe("axcess plan --out plan.json --sandbox");
    expect(other.stdout).toBe(one.stdout);
  });
});

describe("axcess review", () => {
  test("serves nothing but a plan", async () => {
    const place = makeWorkplace();
    expect(await place.run(["review", "--serve", "plan.json"])).toMatchObject({ exit: 64 });
    expect(await place.run(["review", "--serve", "plan.json", "--out", "o"])).toMatchObject({ exit: 64 });
    expect(await place.run(["review", "--serve", "plan.json", "--author", "me"])).toMatchObject({ exit: 64 });
    expect((await place.run(["review", "--author", "a@acme.io"])).stderr).toContain("--author goes with --serve.");
  });

  test("offers no login name as who approves", async () => {
    const place = makeWorkplace();
    await savePlanOfHeld(place);
    const review = await serveReview(place, ["--serve", "plan.json", "--sandbox"], { GIT_AUTHOR_EMAIL: "rita" });
    const page = await send(review, { path: new URL(review.url).pathname });
    expect(modelIn(page.body).served).toMatchObject({ approver: "" });
    review.interrupt();
    await review.ended;
  });

  test("serves the page to whoever knows the token, under a policy, and keeps nothing", async () => {
    const place = makeWorkplace();
    await savePlanOfHeld(place);
    const review = await serveReview(place, ["--serve", "plan.json", "--sandbox"]);
    const path = new URL(review.url).pathname;
    const page = await send(review, { path });
    expect(page.status).toBe(200);
    expect(modelIn(page.body).served).toMatchObject({ approver: "rita@acme.io" });
    expect(page.headers).toMatchObject({ "cache-control": "no-store", "referrer-policy": "no-referrer" });
    expect(page.headers["content-security-policy"]).toContain("connect-src 'self'");
    expect(page.headers["content-security-policy"]).toContain("frame-ancestors 'none'");
    expect((await send(review, { path: "/" })).status).toBe(404);
    expect((await send(review, { path: path.replace(/[0-9a-f]/u, "x") })).status).toBe(404);
    expect((await send(review, { path: `${path}other` })).status).toBe(404);
    expect((await send(review, { path: `${path}approvals` })).status).toBe(405);
    expect((await send(review, { path, headers: { host: `localhost:${review.port}` } })).status).toBe(421);
    expect((await send(review, { path, headers: { host: "evil.example" } })).status).toBe(421);
    review.interrupt();
    expect(await review.ended).toMatchObject({ exit: 0 });
  });

  test("writes for its own page only, what approve would write, and ends when told", async () => {
    const place = makeWorkplace();
    await savePlanOfHeld(place);
    const { steps } = await readPlan(place);
    const held = steps.filter(({ gate }) => gate.state === "held").map(({ id }) => id);
    const person = steps.find(({ address }) => address === "user:bob@acme.io")?.id ?? "";
    const review = await serveReview(place, ["--serve", "plan.json", "--sandbox", "--json"]);
    const path = new URL(review.url).pathname;
    const own = { origin: `http://127.0.0.1:${review.port}`, "content-type": "application/json" };
    const wanted = {
      changes: held,
      by: "jane@acme.io",
      reason: "they left",
      expires: "7d",
      confirmed: { [person]: "BOB@acme.io" },
    };
    const post = (body: unknown, headers: Readonly<Record<string, string>> = own, to = "approvals") =>
      send(review, {
        method: "POST",
        path: `${path}${to}`,
        headers,
        body: typeof body === "string" ? body : JSON.stringify(body),
      });

    expect((await post(wanted, { "content-type": "application/json" })).status).toBe(403);
    expect((await post(wanted, { ...own, origin: "http://evil.example" })).status).toBe(403);
    expect((await post(wanted, { ...own, "content-type": "text/plain" })).status).toBe(403);
    expect((await post(wanted, { ...own, "sec-fetch-site": "cross-site" })).status).toBe(403);
    expect((await post({}, { ...own, origin: "null" }, "done")).status).toBe(403);
    for (const broken of ["", "no JSON", "null", {}, { ...wanted, changes: [1] }, { ...wanted, by: 1 }])
      expect((await post(broken)).body).toContain("This is no approval.");
    expect((await post({ ...wanted, confirmed: undefined })).body).toContain("bob@acme.io was not typed");
    expect((await post({ ...wanted, confirmed: { [person]: 1 } })).body).toContain("bob@acme.io was not typed");
    expect((await post({ ...wanted, expires: "2001-01-01" })).body).toContain("in the past");
    expect((await post({ ...wanted, reason: " " })).status).toBe(400);
    for (const by of ["jane", "", "*@acme.io", "jane@acme.io,rita@acme.io"])
      expect(await post({ ...wanted, by })).toMatchObject({ status: 400, body: expect.stringContaining("is none.") });
    expect(existsSync(join(place.folder, "approvals"))).toBe(false);

    const written = await post(wanted, { ...own, "sec-fetch-site": "same-origin" });
    const { file, changes, doubts } = JSON.parse(written.body) as ApprovalAnswer;
    expect(changes).toEqual(
      held.map((change) => ({ change, isEnough: true, lines: ["enough, 1 of 1 there: jane@acme.io"] })),
    );
    expect(doubts).toEqual([]);
    const named = new RegExp(`^approvals/${(await readPlan(place)).digest.slice(7, 19)}-jane-[0-9a-f]{8}[.]yaml$`, "u");
    expect(file).toMatch(named);
    expect(await place.read(file)).toContain('by: "jane@acme.io"');
    expect((await post({ ...wanted, by: "rita@acme.io" })).status).toBe(200);
    expect(readdirSync(join(place.folder, "approvals"))).toHaveLength(2);
    expect((await post({}, own, "done")).status).toBe(200);
    const ended = await review.ended;
    expect(ended.exit).toBe(0);
    expect(JSON.parse(ended.stdout)).toEqual({ command: "review", url: review.url });
    const applied = await place.run(["apply", "plan.json", "--sandbox"]);
    expect(applied).toMatchObject({ exit: 0 });
    expect(applied.stdout).toContain("The account now matches the manifest.");
  });

  test("a request that is too long is refused", async () => {
    const place = makeWorkplace();
    await savePlanOfHeld(place);
    const review = await serveReview(place, ["--serve", "plan.json", "--sandbox"]);
    const path = `${new URL(review.url).pathname}approvals`;
    const long = send(review, { method: "POST", path, body: "x".repeat(5_000_000) });
    expect(
      await long.then(
        ({ status }) => status,
        () => 413,
      ),
    ).toBe(413);
    review.interrupt();
    await review.ended;
  });
});
